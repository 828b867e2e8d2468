"""People, and what they are appointed to; access follows the same day (rule 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts import invitations
from digivesteralen.accounts.access import NotAllowedNow, allowed, check_version, holds, require
from digivesteralen.audit.history import event_model
from digivesteralen.documents import jobs
from digivesteralen.ui import wording
from governance.models import (
    Appointment,
    Attendance,
    Body,
    Collaboration,
    Membership,
    Nomination,
    Organisation,
    Person,
    Region,
    Resolution,
    Role,
    RoleTitle,
)
from governance.models.people import AT_BODY, AT_COLLABORATION, AT_ORGANISATION, SUBSTITUTES
from governance.permissions import sync_people

Place = Body | Collaboration | Organisation
MANAGE = "governance.manage_collaboration"


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
    """The secretariat writes a person down. The same e-mail is the same person everywhere."""
    manages(by, collaboration)
    return write_down(
        collaboration=collaboration, name=name, email=email, title=title, organisation=organisation, example=example
    )


@transaction.atomic
def write_down(
    *,
    collaboration: Collaboration,
    name: str,
    email: str = "",
    title: str = "",
    organisation: Organisation | None = None,
    example: bool = False,
) -> Person:
    """For verbs that have asked for a right of their own."""
    _alone_with(email)
    person = Person.objects.filter(email__iexact=email).first() if email else None
    if person is None:
        person = Person.objects.create(
            name=name, email=email.lower(), title=title, organisation=organisation, example=example
        )
    person.known_in.add(collaboration)
    return person


def _alone_with(email: str) -> None:
    """Two who write down the same address take turns until the transaction is over: it is one person's."""
    if email:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"person {email.lower()}"])


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
    knows(by, person)
    check_version(person, version)
    _alone_with(email)
    if email and Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise NotAllowedNow(_("Another person has this e-mail address."))
    if email.lower() != person.email:
        _answers_for_all_roles(by, person)
        wrote_down(by, person)
    person.name, person.email, person.title, person.organisation = name, email.lower(), title, organisation
    person.version += 1
    person.save()
    return person


@transaction.atomic
def give_access(*, person: Person, by: Any) -> Person:
    """Give the person a way in: a user without a password, and an e-mail with the link to choose one."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    knows(by, person)
    if not person.email:
        raise NotAllowedNow(_("Write the person's e-mail address first."))
    if person.user is None:
        users: Any = get_user_model()._default_manager
        user = users.filter(email__iexact=person.email).first()
        if user and Person.objects.filter(user=user).exists():
            raise NotAllowedNow(_("Somebody else signs in with this e-mail address."))
        others = Person.objects.filter(email__iexact=person.email, user__isnull=False).exclude(pk=person.pk)
        if others.exists():
            raise NotAllowedNow(_("Another person has this e-mail address."))
        person.user = user or users.create_user(person.email, None, name=person.name)
        person.version += 1
        person.save()
        sync_people(person)
    if not person.user.is_active:
        raise NotAllowedNow(_("The person's user is closed. The system administrator can open it."))
    invitations.invite(user=person.user, by=by)
    jobs.ask("governance.invitation", person.pk, by=None)
    return person


@transaction.atomic
def withdraw_access(*, person: Person, by: Any) -> None:
    """An invitation that went to the wrong place, or came too early, opens nothing any more."""
    person = Person.objects.select_for_update(of=["self"]).select_related("user").get(pk=person.pk)
    knows(by, person)
    if person.user is None:
        raise NotAllowedNow(_("The person is not invited."))
    invitations.withdraw(user=person.user)


@transaction.atomic
def appoint(*, person: Person, role: str, at: Place, by: Any, **facts: Any) -> Appointment:
    """Give a person a role at one place from a day; nobody gives a role to oneself.

    A seat may be a region's contact point, a substitute's, or conditional; it names what it was decided by.
    """
    _may_appoint_at(by, at)
    return give_role(person=person, role=role, at=at, by=by, **facts)


@transaction.atomic
def give_role(
    *,
    person: Person,
    role: str,
    at: Place,
    since: date | None = None,
    until: date | None = None,
    represents: Organisation | None = None,
    title: str = "",
    is_chair: bool = False,
    region: Region | None = None,
    nomination: Nomination | None = None,
    appointed_by: Body | None = None,
    substitute_for: Appointment | None = None,
    call_order: int | None = None,
    only_as: str = "",
    resolution: Resolution | None = None,
    decided_by: str = "",
    example: bool = False,
    by: Any,
) -> Appointment:
    """For verbs that have asked for a right of their own."""
    _not_own(person, by)
    _fits(role, at)
    day = since or timezone.localdate()
    kind = {Body: "body", Collaboration: "collaboration", Organisation: "organisation"}[type(at)]
    _seen(resolution, by)
    if isinstance(at, Body):
        Body.objects.select_for_update(of=["self"]).get(pk=at.pk)
        _belongs_to(at, region=region, nomination=nomination, appointed_by=appointed_by)
        represents = _substitutes_for(substitute_for, at, represents)
        _seat_is_free(at, role, person, represents, region, day, until)
        _chair_is_free(at, is_chair, day, until)
        nomination = nomination or _pointed_out(at, region, day)
    appointment = Appointment.objects.create(
        person=person,
        role=role,
        since=day,
        until=until,
        represents=represents,
        title=title,
        is_chair=is_chair,
        region=region,
        nomination=nomination,
        appointed_by=appointed_by,
        substitute_for=substitute_for,
        call_order=call_order if role in SUBSTITUTES else None,
        only_as=only_as,
        resolution=resolution,
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
    _may_appoint_at(by, appointment.place)
    check_version(appointment, version)
    _not_own(appointment.person, by)
    if appointment.was_taken_back:
        raise NotAllowedNow(_("The role is taken back already."))
    if until < appointment.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    _has_not_met_after(appointment, until)
    appointment.until = until
    appointment.version += 1
    appointment.save()
    sync_people(appointment.person)
    return appointment


@transaction.atomic
def take_back_appointment(*, appointment: Appointment, by: Any) -> Appointment:
    """A role that was given by mistake has held no day, and what it opened is closed at once.

    On the day it was registered, or until it has held for a day; later it is ended instead, and stands as it was.
    """
    appointment = (
        Appointment.objects.select_for_update(of=["self"]).select_related("person__user").get(pk=appointment.pk)
    )
    _may_appoint_at(by, appointment.place)
    _not_own(appointment.person, by)
    if lack := why_not_taken_back(appointment):
        raise NotAllowedNow(lack)
    appointment.since = min(appointment.since, timezone.localdate())
    appointment.until = appointment.since - timedelta(days=1)
    appointment.nomination = None
    appointment.version += 1
    appointment.save()
    sync_people(appointment.person)
    _withdraw_without_role(appointment.person)
    return appointment


def _withdraw_without_role(person: Person) -> None:
    """An invitation to a role that was given by mistake, and to no other, opens nothing any more."""
    if person.user is None or person.appointments.not_ended().exists():
        return
    if invitations.usable().filter(user=person.user).exists():
        invitations.withdraw(user=person.user)


def why_not_taken_back(appointment: Appointment) -> str:
    """Why a role can only be ended; empty when it can be taken back."""
    if appointment.was_taken_back:
        return _("The role is taken back already.")
    first = event_model(Appointment).objects.filter(pgh_obj=appointment).earliest("pgh_id")
    registered = timezone.localdate(first.pgh_created_at)
    if max(appointment.since, registered) < timezone.localdate():
        return _("%(person)s has held the role since %(day)s. Register its last day instead.") % {
            "person": appointment.person,
            "day": wording.day(appointment.since),
        }
    if (last := _meetings_after(appointment, appointment.since - timedelta(days=1)).last()) is not None:
        return _("%(person)s took part in %(meeting)s on %(day)s. Register the last day of the role instead.") % {
            "person": appointment.person,
            "meeting": last.meeting,
            "day": wording.day(last.meeting.day),
        }
    return ""


def end_seats(party: Organisation, collaboration: Collaboration, until: date) -> None:
    """Whoever sits for a party that leaves, sits no longer than it is a member (§7 rule 4).

    A seat that has met later keeps the days it met, and one that was to begin later holds no day.
    """
    seats = Appointment.objects.select_for_update(of=["self"]).filter(
        Q(until=None) | Q(until__gt=until), body__collaboration=collaboration, represents=party
    )
    for seat in seats.select_related("person__user"):
        last = _meetings_after(seat, until).last()
        seat.until = last.meeting.day if last else until
        if seat.since > seat.until:
            seat.until = min(seat.until, timezone.localdate() - timedelta(days=1))
            seat.since = seat.until + timedelta(days=1)
        seat.version += 1
        seat.save()
        sync_people(seat.person)


@transaction.atomic
def correct_seat(
    *,
    appointment: Appointment,
    version: int | None = None,
    title: str,
    call_order: int | None = None,
    appointed_by: Body | None = None,
    resolution: Resolution | None = None,
    decided_by: str = "",
    by: Any,
) -> Appointment:
    """Mend what was written about a seat; who holds it, for whom and when is ended and filled anew instead."""
    found = Appointment.objects.select_for_update(of=["self"]).select_related("person", "body__collaboration")
    appointment = found.get(pk=appointment.pk)
    _may_appoint_at(by, appointment.place)
    check_version(appointment, version)
    _not_own(appointment.person, by)
    _seen(resolution, by)
    if appointment.body is not None:
        _belongs_to(appointment.body, appointed_by=appointed_by)
    appointment.title, appointment.appointed_by = title, appointed_by
    appointment.call_order = call_order if appointment.role in SUBSTITUTES else None
    appointment.resolution, appointment.decided_by = resolution, decided_by
    appointment.version += 1
    appointment.save()
    return appointment


@transaction.atomic
def name_title(*, collaboration: Collaboration, role: str, title: str, since: date, by: Any) -> RoleTitle:
    """What a role is called from a day; earlier seats keep what it was called then (B25)."""
    manages(by, collaboration)
    if collaboration.titles.filter(role=role, since=since).exists():
        raise NotAllowedNow(_("The role got a title that day already. Choose another day."))
    return RoleTitle.objects.create(collaboration=collaboration, role=role, title=title, since=since)


def manages(by: Any, collaboration: Collaboration) -> None:
    """The secretariat's right; the system administrator has it until there is a secretariat (403 otherwise)."""
    if by.is_authenticated and by.is_staff and not _has_secretariat(collaboration):
        return
    require(by, MANAGE, on=collaboration)


def _has_secretariat(collaboration: Collaboration) -> bool:
    held = Appointment.objects.active().filter(collaboration=collaboration, role=Role.SECRETARIAT)
    return held.filter(person__user__is_active=True).exists()


def _may_appoint_at(by: Any, place: Place) -> None:
    """In a municipality: the secretariat of the collaboration that it was first a member of here, of those today.

    Else a secretariat could write any municipality down as its member, appoint somebody there, and so open what the
    municipality has in its other collaborations (T20, ASVS 8.4.1).
    """
    if isinstance(place, Organisation):
        _manages_one_of(by, _first_collaboration_of(place))
    else:
        manages(by, place.collaboration if isinstance(place, Body) else place)


def _first_collaboration_of(place: Organisation) -> Any:
    """Where it is only written down counts when it was never in another: else the yes would be got from one's own hand.

    Of a municipality that has left them all, whichever it was in: somebody must be able to end a role.
    """
    ever = place.memberships.order_by("pk").select_related("collaboration")
    now = ever.not_ended()
    known = [membership.collaboration for membership in _said_yes(now) or _said_yes(ever) or now or ever]
    first = next((one for one in known if _has_secretariat(one)), None)
    return Collaboration.objects.filter(pk__in=[one.pk for one in ([first] if first else known)])


def _said_yes(memberships: Any) -> Any:
    return memberships.filter(awaits=False)


def _answers_for_all_roles(by: Any, person: Person) -> None:
    """Where a person's letters and way in go is said by who could give that person each of the roles (§7 rule 1)."""
    for appointment in Appointment.objects.not_ended().filter(person=person):
        try:
            _may_appoint_at(by, appointment.place)
        except PermissionDenied as refused:
            raise NotAllowedNow(
                _("The person has a role in another collaboration. Ask its secretariat to change the e-mail address.")
            ) from refused


def wrote_down(by: Any, person: Person) -> None:
    """The collaboration that wrote the person down first: to write down somebody who is there already takes no more
    than the address, and must open nothing."""
    first = Person.known_in.through.objects.filter(person=person).order_by("pk").select_related("collaboration").first()
    if first is not None and not holds(by, MANAGE, first.collaboration):
        raise NotAllowedNow(
            _("%(collaboration)s wrote this person down first. Ask its secretariat.")
            % {"collaboration": first.collaboration}
        )


def knows(by: Any, person: Person) -> None:
    """The secretariat of a collaboration that the person is in."""
    held = Appointment.objects.filter(person=person)
    members = Membership.objects.not_ended().filter(awaits=False, organisation__appointments__in=held)
    _manages_one_of(
        by,
        Collaboration.objects.filter(
            Q(known_people=person) | Q(appointments__in=held) | Q(bodies__seats__in=held) | Q(memberships__in=members)
        ),
    )


def _manages_one_of(by: Any, places: Any) -> None:
    if allowed(Collaboration.objects.all(), by, MANAGE).filter(pk__in=places.values("pk")).exists():
        return
    for place in places.distinct() if by.is_authenticated and by.is_staff else []:
        if not _has_secretariat(place):
            return
    raise PermissionDenied(MANAGE)


def _not_own(person: Person, by: Any) -> None:
    if by is not None and person.user_id is not None and person.user_id == by.pk:
        raise NotAllowedNow(_("Nobody changes one's own roles. Ask a colleague in the secretariat."))


def _fits(role: str, at: Place) -> None:
    roles: dict[type, list[Role]] = {Body: AT_BODY, Collaboration: AT_COLLABORATION, Organisation: AT_ORGANISATION}
    if role not in roles[type(at)]:
        raise NotAllowedNow(_("This role does not belong there."))


def _substitutes_for(seat: Appointment | None, body: Body, represents: Organisation | None) -> Organisation | None:
    """A member's own substitute speaks for the same party."""
    if seat is None:
        return represents
    if seat.body_id != body.pk or seat.role in SUBSTITUTES:
        raise NotAllowedNow(_("Choose a member of this body to stand in for."))
    return seat.represents


def _seen(resolution: Resolution | None, by: Any) -> None:
    from governance.actions.bodies import seen  # noqa: PLC0415 -- the bodies' verbs know these

    seen(resolution, by)


def _belongs_to(
    body: Body,
    *,
    region: Region | None = None,
    nomination: Nomination | None = None,
    appointed_by: Body | None = None,
) -> None:
    """What a seat is tied to is of the body's own collaboration."""
    if region is not None and not Region.objects.of(body.collaboration).filter(pk=region.pk).exists():
        raise NotAllowedNow(_("Choose a region of the collaboration."))
    if nomination is not None and (nomination.body_id, nomination.region_id) != (body.pk, region and region.pk):
        raise NotAllowedNow(_("Choose a nomination to this seat."))
    if appointed_by is not None and appointed_by.collaboration_id != body.collaboration_id:
        raise NotAllowedNow(_("Choose a body of the collaboration."))


def _seat_is_free(
    body: Body,
    role: str,
    person: Person,
    represents: Organisation | None,
    region: Region | None,
    since: date,
    until: date | None,
) -> None:
    """A party has one voting seat at a time, a region one contact point, and a person one seat of a kind (B2, B21)."""
    held = Appointment.objects.ever_held().filter(body=body).filter(Q(until=None) | Q(until__gte=since))
    held = (held.filter(since__lte=until) if until else held).select_related("person")
    if role == Role.STEERING and (taken := held.voting().filter(represents=represents).first()):
        raise NotAllowedNow(
            _("%(party)s already has a seat in that time, held by %(person)s. End that appointment first.")
            % {"party": represents, "person": taken.person}
        )
    if region is not None and (taken := held.filter(region=region).first()):
        raise NotAllowedNow(
            _(
                "%(region)s has a contact point in that time: %(person)s. A region has one at a time."
                " End that seat the day before, then fill this one."
            )
            % {"region": region, "person": taken.person}
        )
    if held.filter(role=role, person=person, represents=represents, region=region).exists():
        raise NotAllowedNow(_("%(person)s holds this seat in that time already.") % {"person": person})


def _chair_is_free(body: Body, is_chair: bool, since: date, until: date | None) -> None:
    """A body has one chair at a time."""
    held = Appointment.objects.ever_held().filter(body=body, is_chair=True)
    held = held.filter(Q(until=None) | Q(until__gte=since))
    taken = (held.filter(since__lte=until) if until else held).select_related("person").first()
    if is_chair and taken is not None:
        raise NotAllowedNow(
            _("%(person)s chairs the body in that time. End that seat the day before, then fill this one.")
            % {"person": taken.person}
        )


def _pointed_out(body: Body, region: Region | None, day: date) -> Nomination | None:
    """Whom the region's council has pointed out, if anybody; the steering group may elect another (B14, B15)."""
    if region is None:
        return None
    waiting = Nomination.objects.unanswered().filter(body=body, region=region, nominated_on__lte=day)
    return waiting.first()


def _has_not_met_after(appointment: Appointment, until: date) -> None:
    """What minutes tell of who met stays true (rule 7)."""
    last = _meetings_after(appointment, until).last()
    if last is not None:
        raise NotAllowedNow(
            _("%(person)s took part in %(meeting)s on %(day)s. Choose that day or a later one.")
            % {"person": appointment.person, "meeting": last.meeting, "day": wording.day(last.meeting.day)}
        )


def _meetings_after(appointment: Appointment, until: date) -> Any:
    took_part = [Attendance.Status.PRESENT, Attendance.Status.DIGITAL, Attendance.Status.ANSWERED]
    met = appointment.attendances.filter(status__in=took_part, meeting__starts_at__date__gt=until)
    return met.select_related("meeting__body").order_by("meeting__starts_at")
