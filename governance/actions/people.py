"""People, and what they are appointed to; access follows the same day (rule 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.documents import jobs
from governance.models import Appointment, Body, Collaboration, Organisation, Person, Role
from governance.models.people import AT_BODY, AT_COLLABORATION, AT_ORGANISATION
from governance.permissions import sync_people

Place = Body | Collaboration | Organisation


@transaction.atomic
def register_person(
    *,
    collaboration: Collaboration,
    name: str,
    email: str = "",
    title: str = "",
    organisation: Organisation | None = None,
    example: bool = False,
    by: Any,
) -> Person:
    """Write a person down. The same e-mail is the same person, who may be in several collaborations."""
    person = Person.objects.filter(email__iexact=email).first() if email else None
    if person is None:
        person = Person.objects.create(
            name=name, email=email.lower(), title=title, organisation=organisation, example=example
        )
    person.known_in.add(collaboration)
    return person


@transaction.atomic
def welcome(
    *,
    collaboration: Collaboration,
    name: str,
    email: str,
    title: str,
    organisation: Organisation | None,
    role: str = "",
    since: date | None = None,
    invite: bool = False,
    by: Any,
) -> Person:
    """Register a person with a first role, and with a way in where that is wanted."""
    person = register_person(
        collaboration=collaboration, name=name, email=email, title=title, organisation=organisation, by=by
    )
    if role:
        place: Any = organisation if role in AT_ORGANISATION else collaboration
        appoint(person=person, role=role, at=place, since=since, title=title, by=by)
    if invite:
        give_access(person=person, by=by)
    return person


@transaction.atomic
def change_person(
    *,
    person: Person,
    version: int | None = None,
    name: str,
    email: str,
    title: str,
    organisation: Organisation | None,
    by: Any,
) -> Person:
    """Change what is known about a person; how the person signs in is the person's own."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    check_version(person, version)
    if email and Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise NotAllowedNow(_("Another person has this e-mail address."))
    person.name, person.email, person.title, person.organisation = name, email.lower(), title, organisation
    person.version += 1
    person.save()
    return person


@transaction.atomic
def give_access(*, person: Person, by: Any) -> Person:
    """Give the person a way in: a user without a password, and an e-mail with the link to choose one."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.email:
        raise NotAllowedNow(_("Write the person's e-mail address first."))
    if person.user is None:
        users: Any = get_user_model()._default_manager
        user = users.filter(email__iexact=person.email).first()
        if user and Person.objects.filter(user=user).exists():
            raise NotAllowedNow(_("Somebody else signs in with this e-mail address."))
        person.user = user or users.create_user(person.email, None, name=person.name)
        person.version += 1
        person.save()
        sync_people(person)
    if not person.user.is_active:
        raise NotAllowedNow(_("The person's user is closed. The system administrator can open it."))
    jobs.ask("governance.invitation", person.pk, by=None)
    return person


@transaction.atomic
def appoint(
    *,
    person: Person,
    role: str,
    at: Place,
    since: date | None = None,
    until: date | None = None,
    represents: Organisation | None = None,
    title: str = "",
    is_chair: bool = False,
    share: int | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> Appointment:
    """Give a person a role at one place from a day; nobody gives a role to oneself."""
    _not_own(person, by)
    _fits(role, at)
    kind = {Body: "body", Collaboration: "collaboration", Organisation: "organisation"}[type(at)]
    if role == Role.STEERING:
        _seat_is_free(at, represents, since or timezone.localdate(), until)
    appointment = Appointment.objects.create(
        person=person,
        role=role,
        since=since or timezone.localdate(),
        until=until,
        represents=represents,
        title=title,
        is_chair=is_chair,
        share=share,
        decided_by=decided_by,
        example=example,
        **{kind: at},
    )
    sync_people(person)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, version: int | None = None, until: date, by: Any) -> Appointment:
    """The last day of a role; what it gave ends with it. The appointment itself stays."""
    appointment = (
        Appointment.objects.select_for_update(of=["self"]).select_related("person__user").get(pk=appointment.pk)
    )
    check_version(appointment, version)
    _not_own(appointment.person, by)
    if until < appointment.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    appointment.until = until
    appointment.version += 1
    appointment.save()
    sync_people(appointment.person)
    return appointment


def _not_own(person: Person, by: Any) -> None:
    if by is not None and person.user_id is not None and person.user_id == by.pk:
        raise NotAllowedNow(_("Nobody changes one's own roles. Ask a colleague in the secretariat."))


def _fits(role: str, at: Place) -> None:
    roles: dict[type, list[Role]] = {Body: AT_BODY, Collaboration: AT_COLLABORATION, Organisation: AT_ORGANISATION}
    if role not in roles[type(at)]:
        raise NotAllowedNow(_("This role does not belong there."))


def _seat_is_free(body: Any, represents: Organisation | None, since: date, until: date | None) -> None:
    """A party has one voting seat at a time (B2)."""
    Body.objects.select_for_update().get(pk=body.pk)
    seats = Appointment.objects.voting().filter(body=body, represents=represents).select_related("person")
    for seat in seats:
        if (seat.until is None or seat.until >= since) and (until is None or seat.since <= until):
            raise NotAllowedNow(
                _("%(party)s already has a seat in that time, held by %(person)s. End that appointment first.")
                % {"party": represents, "person": seat.person}
            )
