"""Who we are: the collaboration, its members and its duties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateField, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document
from digivesteralen.documents.uploads import Upload
from governance import second_steps
from governance.actions import legal_forms, people
from governance.models import (
    Adoption,
    Agreement,
    Appointment,
    Collaboration,
    Duty,
    Membership,
    Organisation,
    Person,
    Role,
)
from governance.permissions import sync_member

ON_BEHALF_RIGHT = "governance.register_on_behalf"
OWN_RIGHT = "governance.decide_for_municipality"
STEPS = ["members", "agreement", "steering", "meeting"]


@transaction.atomic
def create_collaboration(
    *,
    slug: str,
    name: str,
    secretary_name: str = "",
    secretary_email: str = "",
    secretary_employer: Organisation | None = None,
    legal_form: str = Collaboration.LegalForm.AGREEMENT,
    by: Any,
    **facts: Any,
) -> Collaboration:
    """A new collaboration, and the person in its secretariat who does the rest; made by the system administrator."""
    if not by.is_staff:
        raise PermissionDenied("is_staff")
    collaboration = Collaboration.objects.create(slug=slug, name=name, **facts)
    if legal_form != Collaboration.LegalForm.AGREEMENT:
        legal_forms.begin_with(collaboration, legal_form)
    if secretary_email:
        secretary = people.register_person(
            collaboration=collaboration,
            name=secretary_name,
            email=secretary_email,
            organisation=secretary_employer,
            example=collaboration.example,
            by=by,
        )
        people.appoint(person=secretary, role=Role.SECRETARIAT, at=collaboration, example=collaboration.example, by=by)
        people.give_access(person=secretary, by=by)
    return collaboration


@transaction.atomic
def change_collaboration(
    *, collaboration: Collaboration, version: int | None = None, siblings: Any = None, by: Any, **facts: Any
) -> Collaboration:
    """Name, purpose, period and tier; the address stays."""
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    people.manages(by, collaboration)
    check_version(collaboration, version)
    for fact in ("name", "purpose", "period", "parent", "public_pages", "second_step"):
        setattr(collaboration, fact, facts.get(fact, getattr(collaboration, fact)))
    if collaboration.parent_id == collaboration.pk:
        raise NotAllowedNow(_("A collaboration can't be part of itself."))
    collaboration.version += 1
    collaboration.save()
    if siblings is not None:
        collaboration.siblings.set(siblings)
    second_steps.asked_anew(collaboration)
    return collaboration


@transaction.atomic
def skip_step(*, collaboration: Collaboration, step: str, by: Any) -> Collaboration:
    """Leave out a step of «Kom i gang», or take it up again."""
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    people.manages(by, collaboration)
    if step not in STEPS:
        raise NotAllowedNow(_("There is no such step."))
    skipped = set(collaboration.skipped_steps) ^ {step}
    collaboration.skipped_steps = [known for known in STEPS if known in skipped]
    collaboration.version += 1
    collaboration.save(update_fields=["skipped_steps", "version"])
    return collaboration


@transaction.atomic
def add_member(
    *,
    collaboration: Collaboration,
    organisation: Organisation,
    since: date | None = None,
    ground: str = Membership.Ground.FOUNDING,
    decided_by: str = "",
    decided_on: date | None = None,
    case_number: str = "",
    extract: Upload | Document | None = None,
    named_role: str = "",
    note: str = "",
    by: Any,
) -> Membership:
    """Write down that an organisation is a member from a day; its people then see the collaboration.

    Who was not there from the founding names its own decision: nobody else makes it a member (rule 1). It is
    registered on behalf of the municipality, with the extract, and the municipality is told.

    A municipality that has people in the portal, or is in another collaboration, has something to open: that is
    closed here until its own people have said yes.
    """
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    people.manages(by, collaboration)
    day = since or timezone.localdate()
    known = Membership.objects.not_contested().filter(collaboration=collaboration, organisation=organisation)
    if known.filter(Q(until=None) | Q(until__gte=day)).exists():
        raise NotAllowedNow(_("%(member)s is already a member.") % {"member": organisation})
    kept = None
    if ground == Membership.Ground.DECISION:
        _is_named(organisation, decided_by, decided_on, extract, on=collaboration, day=day, by=by)
        kept = _kept(collaboration, organisation, extract, by)
    else:
        _founded(collaboration, organisation, day)
    # A no stands as it was said; what is written down anew begins a row of its own.
    contested = Membership.objects.filter(contested_at__isnull=False, until=None)
    contested.filter(collaboration=collaboration, organisation=organisation).update(
        until=Greatest("since", Value(timezone.localdate(), DateField()))
    )
    membership = Membership.objects.create(
        collaboration=collaboration,
        organisation=organisation,
        since=day,
        ground=ground,
        decided_by=decided_by,
        decided_on=decided_on,
        case_number=case_number,
        extract=kept,
        named_role=named_role,
        note=note,
        awaits=_has_its_own_voice(organisation, collaboration),
    )
    sync_member(membership)
    if membership.awaits or ground == Membership.Ground.DECISION:
        _tell(membership, by)
    return membership


@transaction.atomic
def confirm_member(*, membership: Membership, version: int | None = None, by: Any) -> Membership:
    """«Kommunen er med»: the municipality's own people say yes; first then are its systems and people open here."""
    membership = _locked(membership)
    require(by, OWN_RIGHT, on=membership.organisation)
    check_version(membership, version)
    _awaits_an_answer(membership)
    if membership.contested_at is not None:
        _is_not_written_down_anew(membership)
    yes = _said_yes(membership, by)
    sync_member(yes)
    return yes


@transaction.atomic
def contest_member(*, membership: Membership, version: int | None = None, why: str, by: Any) -> Membership:
    """«Kommunen er ikke med»: its own people say that it never was, and the secretariat is told why (rule 1).

    What the secretariat wrote down stands in the history, and counts nowhere. Seats held for the municipality end. It
    is taken back by the municipality's own yes; the secretariat writes it down anew with the decision it has.
    """
    membership = _locked(membership)
    require(by, OWN_RIGHT, on=membership.organisation)
    check_version(membership, version)
    _awaits_an_answer(membership)
    if membership.contested_at is not None:
        raise NotAllowedNow(_("It is already said that the municipality is not a member."))
    if not why.strip():
        raise NotAllowedNow(_("Write why the municipality is not a member."))
    membership.contested_by, membership.contested_at, membership.contested_why = by, timezone.now(), why.strip()
    membership.version += 1
    membership.save()
    people.end_seats(membership.organisation, membership.collaboration, timezone.localdate() - timedelta(days=1))
    sync_member(membership)
    key = f"membership_contested:{membership.pk}:{membership.version}"
    jobs.ask("governance.membership_contested", membership.pk, by=None, key=key)
    return membership


def _awaits_an_answer(membership: Membership) -> None:
    if not membership.awaits or (membership.until and membership.until < timezone.localdate()):
        raise NotAllowedNow(_("There is nothing to answer: the membership is confirmed, or has ended."))


def _is_not_written_down_anew(membership: Membership) -> None:
    others = Membership.objects.not_ended().filter(
        collaboration=membership.collaboration, organisation=membership.organisation
    )
    if others.exists():
        raise NotAllowedNow(_("The secretariat has written the municipality down anew. Answer that instead."))


def acceded(adoption: Adoption, by: Any) -> None:
    """By adopting the agreement itself the municipality has said yes; what was registered on its behalf is not that."""
    if adoption.agreement_id is None or adoption.on_behalf or adoption.state != Adoption.State.ADOPTED:
        return
    held = Membership.objects.select_for_update(of=["self"]).not_ended()
    for membership in held.filter(
        organisation=adoption.organisation, collaboration=adoption.collaboration, awaits=True
    ):
        _said_yes(membership, by)


def _said_yes(membership: Membership, by: Any) -> Membership:
    membership.awaits, membership.confirmed_by, membership.confirmed_at = False, by, timezone.now()
    membership.contested_by, membership.contested_at, membership.contested_why = None, None, ""
    membership.version += 1
    membership.save()
    return membership


def _has_its_own_voice(organisation: Organisation, collaboration: Collaboration) -> bool:
    """Somebody speaks for it in the portal already, or it has been in another collaboration."""
    elsewhere = Membership.objects.filter(organisation=organisation).exclude(collaboration=collaboration)
    return elsewhere.exists() or Appointment.objects.filter(organisation=organisation).exists()


def _is_named(
    organisation: Organisation,
    decided_by: str,
    decided_on: date | None,
    extract: Upload | Document | None,
    *,
    on: Collaboration,
    day: date,
    by: Any,
) -> None:
    """The municipality's own decision, made before it takes effect, as it stands in its own record."""
    require(by, ON_BEHALF_RIGHT, on=on)
    if not decided_by or decided_on is None:
        raise NotAllowedNow(
            _("Only %(name)s itself decides this. Name the body that decided, and the day.") % {"name": organisation}
        )
    if decided_on > timezone.localdate():
        raise NotAllowedNow(_("The date of the decision is in the future. Register it when it is made."))
    if decided_on > day:
        raise NotAllowedNow(
            _("%(name)s decided %(decided)s. Choose that day or a later one.")
            % {"name": organisation, "decided": f"{decided_on:%d.%m.%Y}"}
        )
    if not extract:
        raise NotAllowedNow(_("Attach the extract when you register on behalf of a municipality."))


def _kept(
    collaboration: Collaboration, organisation: Organisation, extract: Upload | Document | None, by: Any
) -> Document | None:
    if not isinstance(extract, Upload):
        return extract
    return files.keep(
        extract.content,
        kind="governance.membership_extract",
        subject=f"{collaboration.pk}:{organisation.pk}",
        title=_("Extract: %(adoption)s") % {"adoption": f"{organisation} – {collaboration}"},
        file_name=extract.file_name,
        mime=extract.mime,
        by=by,
    )


def _tell(membership: Membership, by: Any) -> None:
    """The municipality hears what was registered on its behalf."""
    key = f"membership_told:{membership.pk}:{membership.version}"
    jobs.ask("governance.membership_told", membership.pk, by=by, key=key)


def _founded(collaboration: Collaboration, organisation: Organisation, day: date) -> None:
    """A founder is a member from the first day that anybody is, and is registered before it all begins."""
    joined = collaboration.memberships.filter(ground=Membership.Ground.DECISION).exists()
    if joined or collaboration.agreements.exclude(state=Agreement.State.DRAFT).exists():
        raise NotAllowedNow(
            _("Others have joined, or an agreement is sent. Name the decision by which %(name)s joined later.")
            % {"name": organisation}
        )
    first = collaboration.memberships.order_by("since").first()
    if first is not None and first.since < day:
        raise NotAllowedNow(
            _("The collaboration was founded on %(day)s. Name the decision by which %(name)s joined later.")
            % {"day": f"{first.since:%d.%m.%Y}", "name": organisation}
        )


@transaction.atomic
def change_member(
    *, membership: Membership, version: int | None = None, named_role: str, note: str = "", by: Any
) -> Membership:
    """The role that a member has besides being one, and a note (A4)."""
    membership = _locked(membership)
    people.manages(by, membership.collaboration)
    check_version(membership, version)
    membership.named_role, membership.note = named_role, note
    membership.version += 1
    membership.save()
    return membership


@transaction.atomic
def end_member(
    *,
    membership: Membership,
    version: int | None = None,
    until: date,
    ground: str = Membership.EndGround.DECISION,
    decided_by: str = "",
    decided_on: date | None = None,
    case_number: str = "",
    extract: Upload | Document | None = None,
    note: str = "",
    by: Any,
) -> Membership:
    """The last day of a membership, by the member's own decision or because it is no more (rule 1)."""
    membership = _locked(membership)
    people.manages(by, membership.collaboration)
    check_version(membership, version)
    if membership.contested_at is not None:
        raise NotAllowedNow(_("The municipality says itself that it never was a member. There is nothing to end."))
    if until < membership.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    kept = None
    if ground == Membership.EndGround.DECISION:
        place = membership.organisation
        _is_named(place, decided_by, decided_on, extract, on=membership.collaboration, day=until, by=by)
        kept = _kept(membership.collaboration, place, extract, by)
    elif membership.organisation.until is None:
        raise NotAllowedNow(
            _("%(name)s is still a municipality of its own. Name the decision by which it leaves.")
            % {"name": membership.organisation}
        )
    membership.until, membership.end_ground = until, ground
    membership.end_decided_by, membership.end_decided_on = decided_by, decided_on
    membership.end_case_number, membership.end_extract = case_number, kept
    membership.note = note or membership.note
    membership.version += 1
    membership.save()
    people.end_seats(membership.organisation, membership.collaboration, until)
    sync_member(membership)
    if ground == Membership.EndGround.DECISION:
        _tell(membership, by)
    return membership


@transaction.atomic
def lay_duty(
    *,
    collaboration: Collaboration,
    kind: str,
    organisation: Organisation,
    since: date | None = None,
    until: date | None = None,
    example: bool = False,
    by: Any,
) -> Duty:
    """Lay a duty on a legal entity, since the collaboration is none (R4, R5); the holder so far ends the day before."""
    people.manages(by, collaboration)
    if not organisation.legal_entity:
        raise NotAllowedNow(_("%(name)s is no legal entity and can't carry the duty.") % {"name": organisation})
    day = since or timezone.localdate()
    held = Duty.objects.select_for_update().filter(collaboration=collaboration, kind=kind, until=None).first()
    if held is not None:
        if day <= held.since:
            raise NotAllowedNow(
                _("%(name)s has had this duty since %(day)s. Choose a later day.")
                % {"name": held.organisation, "day": f"{held.since:%d.%m.%Y}"}
            )
        _end_duty(held, day - timedelta(days=1))
    return Duty.objects.create(
        collaboration=collaboration, kind=kind, organisation=organisation, since=day, until=until, example=example
    )


@transaction.atomic
def end_duty(*, duty: Duty, version: int | None = None, until: date, by: Any) -> Duty:
    """The last day on which the organisation carries the duty."""
    duty = Duty.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=duty.pk)
    people.manages(by, duty.collaboration)
    check_version(duty, version)
    return _end_duty(duty, until)


def secretary(collaboration: Collaboration) -> Person | None:
    """Whoever the system administrator turns to."""
    seat = collaboration.appointments.active().filter(role=Role.SECRETARIAT).select_related("person").first()
    return seat.person if seat else None


def _locked(membership: Membership) -> Membership:
    held = Membership.objects.select_for_update(of=["self"]).select_related("collaboration", "organisation")
    return held.get(pk=membership.pk)


def _end_duty(duty: Duty, until: date) -> Duty:
    if until < duty.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    duty.until = until
    duty.version += 1
    duty.save()
    return duty
