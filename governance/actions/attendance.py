"""Who is there: the first roll call, and what happens to a seat from case to case (D5, rule 5)."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.actions import ballots, meetings
from governance.models import AgendaItem, Appointment, Attendance, AttendanceChange, Meeting, Person, Resolution
from governance.quorum import Presence, Quorum, voting_seats
from governance.seats import non_voting, substitutes_for

RIGHT = "governance.prepare_meetings"
Kind = AttendanceChange.Kind


class Seat(TypedDict, total=False):
    """How one seat was filled."""

    status: str
    substitute: Person | None


@transaction.atomic
def record_attendance(
    *, meeting: Meeting, seats: dict[int, Seat], others: dict[int, str] | None = None, by: Any
) -> Meeting:
    """Correct who met, until the minutes are approved; never so that a resolution loses its quorum.

    ``others`` tells of those without a vote, by their appointment: present, digitally, or an empty word for not there.
    """
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    open_for_minutes(meeting)
    call_the_roll(meeting, seats, others or {})
    return told_anew(meeting, by)


@transaction.atomic
def record_change(
    *,
    item: AgendaItem,
    attendance: Attendance,
    kind: str,
    until: AgendaItem | None = None,
    substitute: Person | None = None,
    ground: str = "",
    by: Any,
) -> AttendanceChange:
    """Somebody left or came before a case, was on a screen, had leave or was stood in for, for some cases or the rest.

    That a member steps down follows from `disqualifications`, and is told nowhere else.
    """
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    open_for_minutes(meeting)
    if kind in AttendanceChange.STEPS_DOWN:
        raise NotAllowedNow(_("Whether a member is disqualified is decided by the body. Register it as that."))
    _fits(meeting, attendance, item, kind, until, substitute)
    told = {"until": until, "substitute": substitute, "ground": ground, "passed_over": ""}
    if substitute is not None:
        told["passed_over"] = stands_in(meeting, attendance.seat, substitute)
    change, _new = AttendanceChange.objects.update_or_create(attendance=attendance, item=item, kind=kind, defaults=told)
    told_anew(meeting, by)
    return change


@transaction.atomic
def remove_change(*, change: AttendanceChange, by: Any) -> None:
    """The change was recorded by mistake."""
    meeting = meetings.locked(change.item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    open_for_minutes(meeting)
    if change.steps_down:
        raise NotAllowedNow(_("This follows from what the body decided. Change that instead."))
    change.delete()
    told_anew(meeting, by)


def call_the_roll(meeting: Meeting, seats: dict[int, Seat], others: dict[int, str]) -> None:
    """One row per seat that votes on the meeting's day; what is not told stands, at first its member is present."""
    known = {row.seat_id: row for row in meeting.attendances.select_related("seat__person", "substitute")}
    voting = [row.seat for row in known.values() if row.votes_here] or list(voting_seats(meeting.body, meeting.day))
    on_roll = {seat.pk: seat for seat in voting}
    if strangers := set(seats) - set(on_roll):
        raise NotAllowedNow(_without_a_vote(strangers.pop()))
    for pk, seat in on_roll.items():
        told = seats.get(pk)
        row = known.get(pk) or Attendance(meeting=meeting, seat=seat, status=Attendance.Status.PRESENT)
        if told is not None:
            row.status = told.get("status", Attendance.Status.PRESENT)
            row.substitute = told.get("substitute")
            row.passed_over = stands_in(meeting, seat, row.substitute) if row.substitute else ""
        row.save()
    _others_there(meeting, known, others)


def _others_there(meeting: Meeting, known: dict[int, Attendance], others: dict[int, str]) -> None:
    """Observers, speakers without a vote and the secretariat: a row each, which counts for nothing."""
    if not others:
        return
    invited = {seat.pk: seat for seat in non_voting(meeting.body, meeting.day)}
    for pk, status in others.items():
        row = known.get(pk)
        if row is None and pk not in invited:
            raise NotAllowedNow(_("Only observers, speakers and the secretariat of that day attend without a vote."))
        if not status:
            if row is not None:
                row.delete()
            continue
        row = row or Attendance(meeting=meeting, seat=invited[pk], votes_here=False)
        row.status = status
        row.save()


def stands_in(meeting: Meeting, seat: Appointment, person: Person) -> str:
    """Refuse who is no substitute for the seat on the day; answer with those passed over who stand before in the order.

    Substitutes are called in their order as far as possible, so another order is told and not refused.
    """
    order = substitutes_for(seat, meeting.day)
    places = [place for place, one in enumerate(order) if one.person_id == person.pk]
    if not places:
        raise NotAllowedNow(_("%(person)s is not a substitute for this seat.") % {"person": person.name})
    there = set(meeting.attendances.exclude(substitute=None).values_list("substitute", flat=True))
    return ", ".join(one.person.name for one in order[: places[0]] if one.person_id not in there)[:300]


def sits_together(meeting: Meeting) -> None:
    """A written treatment has no attendance and no resolution that anybody types in (rule 5)."""
    if meeting.written:
        raise NotAllowedNow(
            _("In written treatment nobody meets: who took part and what was decided follows from the answers.")
        )


def open_for_minutes(meeting: Meeting) -> None:
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are approved and locked. Register a correction instead."))
    if meeting.state not in (Meeting.State.IN_PROGRESS, Meeting.State.HELD, Meeting.State.REMARKS):
        raise NotAllowedNow(_("The meeting has not begun."))


def told_anew(meeting: Meeting, by: Any) -> Meeting:
    """After a change: every resolution still holds, and held meetings get new draft minutes.

    Minutes that were out for remarks are taken back; they go out again as they now are (rule 7).
    """
    presence = Presence(meeting)
    items = list(
        meeting.items.select_related("case__body", "resolution").prefetch_related(
            "resolution__votes__person", "resolution__election"
        )
    )
    nobody_sits_twice(presence, items)
    for item in items:
        if hasattr(item, "resolution"):
            _still_holds(item.resolution, presence)
    if meeting.state == Meeting.State.REMARKS:
        meeting.state = Meeting.State.HELD
    meeting = meetings.saved(meeting, "state")
    if meeting.was_held:
        meetings.ask_for_minutes(meeting, by=by)
    return meeting


def nobody_sits_twice(presence: Presence, items: list[AgendaItem]) -> None:
    """A person fills one seat at a time: quorum counts people in the room (rule 5)."""
    roll = [row.who_met for row in presence.attendances if row.who_met]
    for sitting in [roll, *([person for _row, person in presence.voters_at(item)] for item in items)]:
        twice = [person for person, count in Counter(sitting).items() if count > 1]
        if twice:
            raise NotAllowedNow(_("%(person)s can't fill two seats in the same meeting.") % {"person": twice[0].name})


def needs_quorum(quorum: Quorum) -> None:
    if not quorum.is_reached:
        raise NotAllowedNow(
            _(
                "The body has no quorum: %(present)s of %(seats)s voting seats are filled, and %(needed)s are needed."
                " Postpone the case, or call in a substitute."
            )
            % {"present": quorum.present, "seats": quorum.seats, "needed": quorum.needed}
        )


def _still_holds(resolution: Resolution, presence: Presence) -> None:
    """What the attendance now is must carry what was decided; the figures beside the resolution follow it."""
    item, quorum = resolution.item, presence.at(resolution.item)
    if resolution.outcome != Resolution.Outcome.POSTPONED:
        needs_quorum(quorum)
    cast = (resolution.votes_for or 0) + (resolution.votes_against or 0) + (resolution.votes_blank or 0)
    if cast > quorum.present:
        raise NotAllowedNow(
            _("%(votes)s votes are counted in case %(case)s, and %(present)s seats would be filled. Change the vote.")
            % {"votes": cast, "case": item.case.number, "present": quorum.present}
        )
    there = {(row.pk, person.pk) for row, person in presence.voters_at(item)}
    for vote in resolution.votes.all():
        if vote.value != "absent" and (vote.attendance_id, vote.person_id) not in there:
            raise NotAllowedNow(
                _("%(person)s has voted in case %(case)s. Change the vote first.")
                % {"person": vote.person.name, "case": item.case.number}
            )
    if not item.meeting.written:  # there the outcome was worked out from the answers
        _rule_still_holds(resolution, presence)
    if (resolution.present, resolution.needed) != (quorum.present, quorum.needed):
        Resolution.objects.filter(pk=resolution.pk).update(present=quorum.present, needed=quorum.needed)


def _rule_still_holds(resolution: Resolution, presence: Presence) -> None:
    """The vote holds by the decision rule with those who are now there, as when it was written down."""
    item = resolution.item
    vote = ballots.ballot_of(resolution)
    for reason in ballots.reasons_against(item.meeting.profile, presence, resolution, vote):
        raise NotAllowedNow(
            _("With this, the resolution in case %(case)s would not hold, so it is not saved. %(reason)s")
            % {"case": item.case.number, "reason": reason}
        )


def _fits(
    meeting: Meeting,
    attendance: Attendance,
    item: AgendaItem,
    kind: str,
    until: AgendaItem | None,
    substitute: Person | None,
) -> None:
    if attendance.meeting_id != meeting.pk:
        raise NotAllowedNow(_("The seat belongs to another meeting."))
    if until is not None and kind not in AttendanceChange.FOR_A_TIME:
        raise NotAllowedNow(_("Who leaves or comes does so until it is told otherwise. Leave out the last case."))
    if until is not None and (until.meeting_id != meeting.pk or until.position < item.position):
        raise NotAllowedNow(_("The last case must be this one or a later one of the same meeting."))
    if (kind == Kind.SUBSTITUTE) != (substitute is not None):
        raise NotAllowedNow(_("Choose the substitute who meets."))
    if substitute is not None and not attendance.votes_here:
        raise NotAllowedNow(_("Only a seat that votes has a substitute."))


def _without_a_vote(pk: int) -> str:
    """Why the seat is not on the roll: it votes elsewhere, or was held on other days."""
    seat = Appointment.objects.select_related("person").filter(pk=pk).first()
    return _(
        "%(person)s holds no seat that votes in this body on the day of the meeting. Choose who held it that day."
    ) % {"person": seat.person.name if seat else pk}
