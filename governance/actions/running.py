"""Running the meeting: who is there, what is decided in each case, and the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance import consequences
from governance.actions import cases, meetings, minutes
from governance.actions.adoptions import open_adoption
from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    AttendanceChange,
    Body,
    Case,
    Meeting,
    Organisation,
    Person,
    Resolution,
    ResolutionPoint,
)
from governance.quorum import Presence, Quorum, voting_seats

RIGHT = "governance.prepare_meetings"
Outcome = Resolution.Outcome


class Seat(TypedDict, total=False):
    """How one seat was filled."""

    status: str
    substitute: Person | None


class Point(TypedDict, total=False):
    """One numbered point of a resolution."""

    text: str
    responsible: str
    deadline: date | None


@transaction.atomic
def start_meeting(
    *, meeting: Meeting, by: Any, seats: dict[int, Seat] | None = None, at: datetime | None = None
) -> Meeting:
    """Open the meeting with its attendance; a seat that is not named has its member present."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    if meeting.state != Meeting.State.CALLED:
        raise NotAllowedNow(_("Only a meeting that is called can begin."))
    now = at or timezone.now()
    if meeting.day is None or timezone.localdate(now) < meeting.day:
        raise NotAllowedNow(_("The meeting can't begin before its day. Move it first if it is held earlier."))
    if meeting.starts_at and now < meeting.starts_at:
        meeting.starts_at = now
    meeting.state = Meeting.State.IN_PROGRESS
    meeting = meetings.saved(meeting, "state", "starts_at")
    _fill_seats(meeting, seats or {})
    return meeting


@transaction.atomic
def record_attendance(*, meeting: Meeting, seats: dict[int, Seat], by: Any) -> Meeting:
    """Correct who met, until the minutes are approved; never so that a resolution loses its quorum."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    _open_for_minutes(meeting)
    _fill_seats(meeting, seats)
    return told_anew(meeting, by)


@transaction.atomic
def describe_meeting(*, meeting: Meeting, others: str, agenda_remarks: str, by: Any) -> Meeting:
    """Who else took part, and what was said about the summons and the agenda."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    _open_for_minutes(meeting)
    meeting.others, meeting.agenda_remarks = others, agenda_remarks
    meeting.save(update_fields=["others", "agenda_remarks"])
    return told_anew(meeting, by)


@transaction.atomic
def record_change(
    *, item: AgendaItem, attendance: Attendance, kind: str, ground: str = "", by: Any
) -> AttendanceChange:
    """Somebody left or came before a case, or is disqualified in it."""
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    _open_for_minutes(meeting)
    if attendance.meeting_id != meeting.pk:
        raise NotAllowedNow(_("The seat belongs to another meeting."))
    change, _new = AttendanceChange.objects.update_or_create(
        attendance=attendance, item=item, kind=kind, defaults={"ground": ground}
    )
    told_anew(meeting, by)
    return change


@transaction.atomic
def remove_change(*, change: AttendanceChange, by: Any) -> None:
    """The change was recorded by mistake."""
    meeting = meetings.locked(change.item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    _open_for_minutes(meeting)
    change.delete()
    told_anew(meeting, by)


@transaction.atomic
def resolve(
    *,
    item: AgendaItem,
    outcome: str,
    by: Any,
    points: list[Point] | None = None,
    treatment: str = "",
    unanimous: bool = True,
    votes_for: int | None = None,
    votes_against: int | None = None,
    chair_decided: bool = False,
    version: int | None = None,
) -> Resolution:
    """Record what the body decided in a case; without points of its own the proposal's points are the resolution."""
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    item = AgendaItem.objects.select_related("case").get(pk=item.pk)
    resolution = Resolution.objects.select_for_update().filter(item=item).first()
    _may_resolve(meeting, item, resolution, outcome)
    if resolution:
        check_version(resolution, version or 0)  # who saw none must not write over one that came meanwhile
    quorum = Presence(meeting).at(item)
    if outcome != Outcome.POSTPONED:
        _needs_quorum(quorum)
    _follows_the_rule(meeting.body, quorum, outcome, unanimous, votes_for, votes_against, chair_decided)
    resolution = resolution or Resolution(item=item, version=0)
    resolution.outcome, resolution.treatment, resolution.unanimous = outcome, treatment, unanimous
    resolution.votes_for, resolution.votes_against = votes_for, votes_against
    resolution.chair_decided = chair_decided
    resolution.version += 1
    resolution.save()
    write_points(resolution, usual_points(item.case, outcome) if points is None else points)
    if meeting.was_held:
        told_anew(meeting, by)
    return resolution


@transaction.atomic
def end_meeting(*, meeting: Meeting, by: Any, at: datetime | None = None) -> Meeting:
    """End the meeting: the cases are treated, what follows from them happens, the draft minutes are made.

    A recommendation opens one decision per municipality and changes none of them (R1).
    """
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.state != Meeting.State.IN_PROGRESS:
        raise NotAllowedNow(_("Only a meeting in progress can be ended."))
    items = list(meeting.items.filter(withdrawn=False).select_related("case__body__collaboration", "resolution"))
    if untreated := [item.case.number for item in items if not hasattr(item, "resolution")]:
        raise NotAllowedNow(_("These cases are not treated yet: %(numbers)s.") % {"numbers": ", ".join(untreated)})
    meeting.state = Meeting.State.HELD
    meeting.ends_at = max(at or timezone.now(), (meeting.starts_at or timezone.now()) + timedelta(minutes=1))
    meeting = meetings.saved(meeting, "state", "ends_at")
    for item in items:
        conclude(item, by)
    meetings.ask_for_minutes(meeting, by=by)
    return meeting


@transaction.atomic
def mark_point(*, point: ResolutionPoint, done_on: date | None, by: Any) -> ResolutionPoint:
    """Tell whether a point of a resolution is carried out (X1, X2)."""
    point = ResolutionPoint.objects.select_for_update().get(pk=point.pk)
    require(by, RIGHT, on=point.resolution.item.meeting.body.collaboration)
    if done_on and done_on > timezone.localdate():
        raise NotAllowedNow(_("A point can't be done on a day to come."))
    point.done_on = done_on
    point.save(update_fields=["done_on"])
    return point


def conclude(item: AgendaItem, by: Any) -> None:
    """The case is treated, and what follows from the resolution happens."""
    resolution, case = item.resolution, item.case
    comes_back = resolution.outcome in (Outcome.POSTPONED, Outcome.SENT_BACK)
    case.stage = Case.Stage.POSTPONED if comes_back else Case.Stage.TREATED
    cases.saved(case, "stage")
    consequences.resolved(resolution, by)
    if resolution.goes_to_municipalities and not consequences.opened_elsewhere(case, by):
        ask_municipalities(resolution, by=by)
    if case.minutes_of and resolution.is_adopted:
        minutes.approve_by_case(case=case, by=by)


def ask_municipalities(
    resolution: Resolution,
    *,
    by: Any,
    asked_on: date | None = None,
    question: Callable[[Organisation], tuple[str, str]] | None = None,
) -> None:
    """One decision for each member municipality to make by itself (X4).

    `question` answers with matter and proposal where a municipality is asked something else than the whole resolution.
    """
    case = resolution.item.case
    collaboration = case.body.collaboration
    proposal = "\n".join(point.text for point in resolution.points.all())
    matter = case.title
    if case.exempt:  # the municipalities' matters are seen in the whole collaboration (rule 8)
        with translation.override("nb"):
            matter, proposal = _("Case %(number)s, exempt from public disclosure") % {"number": case.number}, ""
    for organisation in collaboration.members(resolution.item.meeting.day):
        asked = question(organisation) if question else (matter, proposal)
        open_adoption(
            collaboration=collaboration,
            organisation=organisation,
            matter=asked[0],
            proposal=asked[1],
            case=case,
            asked_on=asked_on,
            example=case.example,
            by=by,
        )


def _fill_seats(meeting: Meeting, seats: dict[int, Seat]) -> None:
    """One row per seat that voted when the meeting began; what is not told stands, at first its member is present."""
    known = {attendance.seat_id: attendance for attendance in meeting.attendances.select_related("seat")}
    voting = [attendance.seat for attendance in known.values()] or list(voting_seats(meeting.body, meeting.day))
    on_roll = {seat.pk: seat for seat in voting}
    if strangers := set(seats) - set(on_roll):
        raise NotAllowedNow(_("The seat %(seat)s does not vote in this meeting.") % {"seat": strangers.pop()})
    for pk, seat in on_roll.items():
        told = seats.get(pk)
        attendance = known.get(pk) or Attendance(meeting=meeting, seat=seat, status=Attendance.Status.PRESENT)
        if told is not None:
            attendance.status = told.get("status", Attendance.Status.PRESENT)
            attendance.substitute = told.get("substitute")
            _may_stand_in(attendance, meeting)
        attendance.save()
    _nobody_sits_twice(meeting)


def _nobody_sits_twice(meeting: Meeting) -> None:
    """A substitute fills one seat, and not beside a seat of one's own: quorum counts people in the room (rule 5)."""
    rows = list(meeting.attendances.select_related("seat__person", "substitute"))
    sitting = Counter(row.who_met for row in rows if row.is_filled)
    for row in rows:
        if row.substitute and sitting[row.substitute] > 1:
            raise NotAllowedNow(
                _("%(person)s can't fill two seats in the same meeting.") % {"person": row.substitute.name}
            )


def _may_stand_in(attendance: Attendance, meeting: Meeting) -> None:
    """A substitute is appointed for that municipality on the day, and fills one seat."""
    if attendance.substitute is None:
        return
    appointed = Appointment.objects.active(meeting.day).filter(
        person=attendance.substitute, body=meeting.body, role="substitute", represents=attendance.seat.represents
    )
    if not appointed.exists():
        raise NotAllowedNow(_("%(person)s is not a substitute for this seat.") % {"person": attendance.substitute.name})


def sits_together(meeting: Meeting) -> None:
    """A written treatment has no attendance and no resolution that anybody types in (rule 5)."""
    if meeting.written:
        raise NotAllowedNow(
            _("In written treatment nobody meets: who took part and what was decided follows from the answers.")
        )


def _open_for_minutes(meeting: Meeting) -> None:
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are approved and locked. Register a correction instead."))
    if meeting.state not in (Meeting.State.IN_PROGRESS, Meeting.State.HELD, Meeting.State.REMARKS):
        raise NotAllowedNow(_("The meeting has not begun."))


def told_anew(meeting: Meeting, by: Any) -> Meeting:
    """After a change: every resolution still has its quorum, and held meetings get new draft minutes.

    Minutes that were out for remarks are taken back; they go out again as they now are (rule 7).
    """
    decided = meeting.items.filter(resolution__isnull=False).exclude(resolution__outcome=Outcome.POSTPONED)
    presence = Presence(meeting)
    for item in presence.not_enough_for(decided):
        _needs_quorum(presence.at(item))
    if meeting.state == Meeting.State.REMARKS:
        meeting.state = Meeting.State.HELD
    meeting = meetings.saved(meeting, "state")
    if meeting.was_held:
        meetings.ask_for_minutes(meeting, by=by)
    return meeting


def _may_resolve(meeting: Meeting, item: AgendaItem, resolution: Resolution | None, outcome: str) -> None:
    _open_for_minutes(meeting)
    if item.withdrawn:
        raise NotAllowedNow(_("The case is withdrawn."))
    if meeting.was_held and (resolution is None or resolution.outcome != outcome):
        raise NotAllowedNow(_("The meeting is over: the words of the minutes can be mended, not the outcome."))


def _needs_quorum(quorum: Quorum) -> None:
    if not quorum.is_reached:
        raise NotAllowedNow(
            _("The body has no quorum: %(present)s of %(seats)s voting seats are filled, and %(needed)s are needed.")
            % {"present": quorum.present, "seats": quorum.seats, "needed": quorum.needed}
        )


def _follows_the_rule(
    body: Body,
    quorum: Quorum,
    outcome: str,
    unanimous: bool,
    votes_for: int | None,
    votes_against: int | None,
    chair_decided: bool,
) -> None:
    """The body's own rule for deciding (rule 5)."""
    tied = votes_for is not None and votes_for == votes_against
    casting = body.decision_rule == Body.DecisionRule.CHAIR or (body.rules == Body.Rules.ELECTED and tied)
    if chair_decided and (unanimous or not casting):
        raise NotAllowedNow(
            _("The chair's vote decides only where the rules of the body say so and the body disagrees.")
        )
    if (votes_for or 0) + (votes_against or 0) > quorum.present:
        raise NotAllowedNow(
            _("There are more votes than the %(present)s voting seats that are filled.") % {"present": quorum.present}
        )
    if outcome not in (Outcome.AS_PROPOSED, Outcome.CHANGED, Outcome.RECOMMENDED) or unanimous:
        return
    if body.decision_rule == Body.DecisionRule.CONSENSUS:
        raise NotAllowedNow(_("This body decides by consensus, so a proposal with votes against it is not adopted."))
    if (
        body.decision_rule == Body.DecisionRule.MAJORITY
        and not chair_decided
        and (votes_for or 0) <= (votes_against or 0)
    ):
        raise NotAllowedNow(_("This body decides by majority, and the proposal has none."))


def usual_points(case: Case, outcome: str) -> list[Point]:
    """The proposal's own points, when it was adopted."""
    if outcome in (Outcome.AS_PROPOSED, Outcome.CHANGED, Outcome.RECOMMENDED):
        return [{"text": text} for text in case.proposed_points]
    return []


def write_points(resolution: Resolution, points: list[Point]) -> None:
    """The points of the resolution, numbered anew."""
    resolution.points.all().delete()
    for number, point in enumerate(points, start=1):
        ResolutionPoint.objects.create(resolution=resolution, number=number, **point)
