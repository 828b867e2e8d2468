"""Who takes part in a gathering: registered, waiting in order, withdrawn, come; and when the names are erased (J6)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, require
from digivesteralen.ui import wording
from governance import on_behalf
from governance.models import Organisation, Person
from portfolio import gathering_mail
from portfolio.models import Gathering, GatheringInvitation, Registration

ORGANISES = "governance.manage_portfolio"
REGISTERS = "governance.update_contact"
SEES = "governance.view_collaboration"


@transaction.atomic
def register_participant(
    *,
    gathering: Gathering,
    municipality: Organisation,
    name: str,
    title: str = "",
    email: str = "",
    needs: str = "",
    example: bool = False,
    by: Any,
) -> Registration:
    """A municipality's own people register theirs until the last day; the organiser also afterwards."""
    gathering = _locked(gathering)
    organises = holds(by, ORGANISES, gathering.project.collaboration)
    if not organises:
        require(by, REGISTERS, on=municipality)
    _is_member(gathering, municipality)
    _takes_registrations(gathering, organises=organises)
    there = gathering.registrations.live().filter(municipality=municipality)
    if there.filter(Q(name__iexact=name)).exists():
        raise NotAllowedNow(
            _("%(name)s is registered already. Are there two of that name? Write the title behind the name.")
            % {"name": name},
            at="name",
        )
    facts = {"name": name, "title": title, "email": email, "needs": needs}
    return _placed(gathering, municipality, by=by, example=example or gathering.example, **facts)


@transaction.atomic
def register_self(*, gathering: Gathering, needs: str = "", by: Any) -> Registration:
    """Somebody with a user in the portal registers themself, for the municipality they work in."""
    gathering = _locked(gathering)
    require(by, SEES, on=gathering.project.collaboration)
    municipality = municipality_of(by, gathering)
    if municipality is None:
        on_behalf.choose_first(by)
        raise NotAllowedNow(
            _("The portal does not know which municipality you work for. Ask the contact person there to register you.")
        )
    _takes_registrations(gathering, organises=False)
    person = Person.objects.filter(user=by.pk).first()
    name = person.name if person else by.name
    there = gathering.registrations.live().filter(municipality=municipality)
    if there.filter(Q(user=by.pk) | Q(name__iexact=name)).exists():
        raise NotAllowedNow(_("You are registered already."))
    facts = {"name": name, "title": person.title if person else "", "email": by.email, "needs": needs}
    return _placed(gathering, municipality, user=by, by=by, **facts)


@transaction.atomic
def withdraw(*, registration: Registration, by: Any) -> Registration:
    """By the one it is, the municipality's own people, or the organiser, before the gathering begins.

    The name goes at once, and who has waited longest gets the place.
    """
    gathering = _locked(registration.gathering)
    current = Registration.objects.select_for_update(of=["self"]).select_related("municipality").get(pk=registration.pk)
    if not may_withdraw(by, current, gathering):
        raise PermissionDenied(REGISTERS)
    on_behalf.speak_as_own(by, REGISTERS, current.municipality)
    if current.state == Registration.State.WITHDRAWN:
        return current
    if not gathering.is_coming:
        raise NotAllowedNow(_("The gathering has begun, or is no longer announced. Tell the organiser instead."))
    current.state = Registration.State.WITHDRAWN
    erase(current)
    fill_places(gathering, by=by)
    return current


@transaction.atomic
def decline(*, gathering: Gathering, municipality: Organisation, by: Any) -> GatheringInvitation:
    """«Vi sender ingen»: the municipality has answered; it may register somebody later all the same."""
    gathering = _locked(gathering)
    require(by, REGISTERS, on=municipality)
    invitation = (
        GatheringInvitation.objects.select_for_update().filter(gathering=gathering, municipality=municipality).first()
    )
    if invitation is None:
        raise NotAllowedNow(_("%(name)s is not invited to this gathering.") % {"name": municipality})
    if gathering.registrations.live().filter(municipality=municipality).exists():
        raise NotAllowedNow(_("Somebody is registered. Withdraw those first, or let them come."))
    if invitation.declined_at is None:
        invitation.declined_at = timezone.now()
        invitation.save(update_fields=["declined_at"])
    return invitation


@transaction.atomic
def note_attendance(*, gathering: Gathering, came: Collection[int], by: Any) -> int:
    """Who of the registered came, by the organiser's list; of those who waited too. Answers with how many."""
    gathering = _locked(gathering)
    require(by, ORGANISES, on=gathering.project.collaboration)
    if not gathering.takes_attendance:
        raise NotAllowedNow(_("The gathering has not begun yet. Tick who came when it has."))
    there = gathering.registrations.live()
    known = set(there.values_list("pk", flat=True))
    if set(came) - known:
        raise NotAllowedNow(_("Somebody on the list has been withdrawn meanwhile. Look at the list again."))
    # Row by row, so that each change stands in the history; only those that change.
    for row in there.select_for_update():
        attended = row.pk in came
        if row.attended != attended:
            row.attended = attended
            row.save(update_fields=["attended"])
    return len(set(came))


def fill_places(gathering: Gathering, *, by: Any) -> None:
    """Those who wait get the places that are free, in the order they came; each is told. The gathering is locked."""
    waiting = gathering.registrations.filter(state=Registration.State.WAITING).order_by("registered_at", "pk")
    room = None if gathering.capacity is None else gathering.capacity - taken(gathering)
    for row in waiting.select_for_update() if room is None else waiting.select_for_update()[: max(room, 0)]:
        row.state = Registration.State.REGISTERED
        row.save(update_fields=["state"])
        gathering_mail.tell_one(row, "place", by=by)


def taken(gathering: Gathering) -> int:
    """How many have a place."""
    return Registration.objects.filter(gathering=gathering.pk, state=Registration.State.REGISTERED).count()


def municipality_of(user: Any, gathering: Gathering) -> Organisation | None:
    """The member that the person acts for, or works for."""
    members = gathering.project.collaboration.members()
    employed = members.filter(pk__in=Person.objects.filter(user=user.pk).values("organisation"))
    return on_behalf.own(members, user) or employed.first()


def may_withdraw(user: Any, registration: Registration, gathering: Gathering) -> bool:
    return (
        registration.user_id == user.pk
        or holds(user, REGISTERS, registration.municipality)
        or holds(user, ORGANISES, gathering.project.collaboration)
    )


def erase(row: Registration) -> None:
    """What is personal goes; that somebody from the municipality was registered, and came, stays."""
    row.name = row.title = row.email = row.needs = ""
    row.user, row.erased_at = None, timezone.now()
    row.save()


def erase_due(before: date) -> int:
    """In the night: the names of gatherings whose time is over."""
    erased = 0
    for key in list(Registration.objects.to_erase(before).values_list("pk", flat=True)):
        with transaction.atomic():
            erase(Registration.objects.select_for_update(of=["self"]).get(pk=key))
            erased += 1
    return erased


def _placed(gathering: Gathering, municipality: Organisation, *, by: Any, **facts: Any) -> Registration:
    """A place while there is one and nobody waits; else last on the waiting list."""
    waits = gathering.registrations.filter(state=Registration.State.WAITING).exists()
    full = gathering.capacity is not None and (waits or taken(gathering) >= gathering.capacity)
    state = Registration.State.WAITING if full else Registration.State.REGISTERED
    made = Registration.objects.create(gathering=gathering, municipality=municipality, state=state, **facts)
    GatheringInvitation.objects.filter(gathering=gathering, municipality=municipality).exclude(declined_at=None).update(
        declined_at=None
    )
    if gathering.state == Gathering.State.ANNOUNCED:
        gathering_mail.tell_one(made, "waits" if full else "place", by=by)
    return made


def _locked(gathering: Gathering) -> Gathering:
    """One at a time, so that the last place is given once."""
    rows = Gathering.objects.select_for_update(of=["self"]).select_related("project__collaboration")
    found: Gathering = rows.get(pk=gathering.pk)
    return found


def _is_member(gathering: Gathering, municipality: Organisation) -> None:
    if not gathering.project.collaboration.members().filter(pk=municipality.pk).exists():
        raise NotAllowedNow(_("%(name)s is not a member of the collaboration.") % {"name": municipality})


def _takes_registrations(gathering: Gathering, *, organises: bool) -> None:
    if organises and gathering.state in (Gathering.State.ANNOUNCED, Gathering.State.HELD):
        return
    if gathering.state == Gathering.State.CANCELLED:
        raise NotAllowedNow(_("The gathering is cancelled."))
    if gathering.state != Gathering.State.ANNOUNCED or gathering.has_begun:
        raise NotAllowedNow(_("The gathering does not take registrations: it is not announced, or it has begun."))
    if not gathering.takes_registrations:
        raise NotAllowedNow(
            _("The last day to register was %(day)s. Ask the organiser whether there is still a place.")
            % {"day": wording.day(gathering.last_day)}
        )
