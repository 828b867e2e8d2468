"""Running the meeting: who is there, what is decided in each case, and the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance import consequences
from governance.actions import (
    agenda,
    ballots,
    cases,
    disqualifications,
    follow_up,
    forwarding,
    meetings,
    minutes,
    proposals,
)
from governance.actions.adoptions import open_adoption
from governance.actions.attendance import (
    Seat,
    call_the_roll,
    needs_quorum,
    nobody_sits_twice,
    open_for_minutes,
    sits_together,
    told_anew,
)
from governance.actions.ballots import Said
from governance.models import (
    AgendaItem,
    Body,
    Case,
    Meeting,
    Organisation,
    Person,
    Resolution,
    ResolutionPoint,
    TreatmentNote,
)
from governance.quorum import Presence, Quorum
from governance.voting import Ballot, may_decide_late

RIGHT = "governance.prepare_meetings"
Outcome = Resolution.Outcome
FALLS = (Outcome.NOT_ADOPTED, Outcome.POSTPONED, Outcome.SENT_BACK)
# No resolution has so many points: those that change places are numbered up here meanwhile.
OUT_OF_THE_WAY = 10_000
COMING = (Meeting.State.PLANNED, Meeting.State.CALLED)


class Point(TypedDict, total=False):
    """One numbered point of a resolution."""

    text: str
    responsible: str
    deadline: date | None


@dataclass(frozen=True)
class Objections:
    """Who objects to deciding a case that was not on the agenda that was sent."""

    members: int = 0
    chair: bool = False


@dataclass(frozen=True)
class Goal:
    """Where a case goes that the body does not decide now: to another body, or to one of its own later meetings."""

    body: Body | None = None
    receiver: str = ""
    meeting: Meeting | None = None


NOBODY_OBJECTS, STAYS, AGREED = Objections(), Goal(), Ballot()


@transaction.atomic
def start_meeting(
    *,
    meeting: Meeting,
    by: Any,
    seats: dict[int, Seat] | None = None,
    others: dict[int, str] | None = None,
    at: datetime | None = None,
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
    call_the_roll(meeting, seats or {}, others or {})
    nobody_sits_twice(Presence(meeting), [])
    return meeting


@transaction.atomic
def describe_meeting(
    *, meeting: Meeting, others: str, agenda_remarks: str, chair: Person | None = None, by: Any
) -> Meeting:
    """Who else took part, what was said about the summons and the agenda, and who chaired if another than planned."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    open_for_minutes(meeting)
    meeting.others, meeting.agenda_remarks = others, agenda_remarks
    meeting.chair = chair or meeting.chair
    meeting.save(update_fields=["others", "agenda_remarks", "chair"])
    return told_anew(meeting, by)


@transaction.atomic
def resolve(
    *,
    item: AgendaItem,
    outcome: str,
    by: Any,
    points: list[Point] | None = None,
    treatment: str | None = None,
    ballot: Ballot = AGREED,
    reservations: Sequence[Said] = (),
    late: Objections = NOBODY_OBJECTS,
    goes_to: Goal = STAYS,
    version: int | None = None,
) -> Resolution:
    """Record what the body decided in a case; without points of its own the proposal's points are the resolution.

    Without words of its own, what the minute taker noted under way is the treatment.
    """
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    item = AgendaItem.objects.select_related("case__body", "meeting").get(pk=item.pk)
    resolution = Resolution.objects.select_for_update().filter(item=item).first()
    note = TreatmentNote.objects.select_for_update().filter(item=item).first()
    _may_resolve(meeting, item, resolution, outcome)
    if resolution:
        check_version(resolution, version or 0)  # who saw none must not write over one that came meanwhile
    elif note:
        check_version(note, version)
    presence = Presence(meeting)
    quorum = presence.at(item)
    resolution = resolution or Resolution(item=item, version=note.version if note else 0)
    resolution.outcome = outcome
    if outcome != Outcome.POSTPONED:
        needs_quorum(quorum)
        disqualifications.first_to_decide(item, presence)
        _may_decide_late(meeting, item, quorum, late)
    ballot = ballots.check_ballot(meeting, presence, resolution, ballot)
    ballots.put_ballot(resolution, ballot)
    _put_goal(meeting, item, resolution, goes_to)
    resolution.treatment = (note.text if note else resolution.treatment) if treatment is None else treatment
    resolution.objections, resolution.chair_objects = late.members, late.chair
    resolution.present, resolution.needed = quorum.present, quorum.needed
    resolution.version += 1
    resolution.save()
    ballots.write_names(resolution, presence, ballot)
    ballots.write_reservations(meeting, presence, resolution, list(reservations))
    write_points(resolution, points_told(item.case, outcome, points))
    if meeting.was_held:
        told_anew(meeting, by)
    return resolution


@transaction.atomic
def note_treatment(*, item: AgendaItem, text: str, version: int, by: Any) -> int:
    """What the minute taker writes while the case is treated, sent as it is typed; the same words twice are once.

    Answers with the version that now stands; the resolution, once there is one, goes on from the note's.
    """
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    sits_together(meeting)
    if meeting.state != Meeting.State.IN_PROGRESS:
        raise NotAllowedNow(_("The meeting is over: mend the words of the resolution instead."))
    stands: Any = Resolution.objects.select_for_update().filter(item=item).first()
    if stands is None:
        TreatmentNote.objects.get_or_create(item=item, defaults={"version": 0})
        stands = TreatmentNote.objects.select_for_update().get(item=item)
    name = "treatment" if isinstance(stands, Resolution) else "text"
    if getattr(stands, name) != text:
        check_version(stands, version)
        setattr(stands, name, text)
        stands.version += 1
        stands.save(update_fields=[name, "version"])
    return int(stands.version)


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


def conclude(item: AgendaItem, by: Any) -> None:
    """The case is treated, and what follows from the resolution happens."""
    resolution, case = item.resolution, item.case
    comes_back = resolution.outcome in (Outcome.POSTPONED, Outcome.SENT_BACK)
    case.stage = Case.Stage.POSTPONED if comes_back else Case.Stage.TREATED
    cases.saved(case, "stage")
    if resolution.outcome == Outcome.FORWARDED:
        forwarding.forward_case(case=case, body=resolution.forwarded_body, receiver=resolution.forwarded_to, by=by)
    elif resolution.postponed_to is not None and resolution.postponed_to.state in COMING:
        take_up_again(case, resolution.postponed_to, by)
    consequences.resolved(resolution, by)
    proposals.resolved(resolution, by)
    if resolution.goes_to_municipalities and not consequences.opened_elsewhere(case, by):
        ask_municipalities(resolution, by=by)
    if case.minutes_of and resolution.is_adopted:
        minutes.approve_by_case(case=case, by=by)
    if case.follows_up and not comes_back:
        follow_up.close_what_is_done(case, item.meeting)


def take_up_again(case: Case, meeting: Meeting, by: Any) -> AgendaItem:
    """A case that was postponed comes as a new case on the agenda of a later meeting (D2)."""
    again = cases.bring_back(case=case, by=by)
    cases.mark_ready(case=again, by=by)
    return agenda.put_on_agenda(meeting=meeting, case=again, by=by)


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
    if case.is_exempt:  # the municipalities' matters are seen in the whole collaboration (rule 8)
        with translation.override("nb"):
            told = _("Case %(number)s, exempt from public disclosure") % {"number": case.number}
            matter, proposal = case.screened_title or told, ""
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


def _may_resolve(meeting: Meeting, item: AgendaItem, resolution: Resolution | None, outcome: str) -> None:
    open_for_minutes(meeting)
    if item.withdrawn:
        raise NotAllowedNow(_("The case is withdrawn."))
    if meeting.was_held and (resolution is None or resolution.outcome != outcome):
        raise NotAllowedNow(_("The meeting is over: the words of the minutes can be mended, not the outcome."))


def _may_decide_late(meeting: Meeting, item: AgendaItem, quorum: Quorum, late: Objections) -> None:
    reason = may_decide_late(meeting.profile, quorum, late=item.late, objections=late.members, chair_objects=late.chair)
    if reason:
        raise NotAllowedNow(reason)


def _put_goal(meeting: Meeting, item: AgendaItem, resolution: Resolution, goal: Goal) -> None:
    """A forwarded case has one receiver, and a postponed one may have its meeting; no other goes anywhere."""
    forwarded, postponed = resolution.outcome == Outcome.FORWARDED, resolution.outcome == Outcome.POSTPONED
    if forwarded and bool(goal.body) == bool(goal.receiver.strip()):
        raise NotAllowedNow(_("Choose a body in the portal, or write the name of one outside it."))
    if forwarded and goal.body == meeting.body:
        raise NotAllowedNow(_("The case is treated by this body already."))
    if postponed and goal.meeting and (goal.meeting.body_id != meeting.body_id or goal.meeting.state not in COMING):
        raise NotAllowedNow(_("Choose a meeting of the same body that has not begun."))
    resolution.forwarded_body = goal.body if forwarded else None
    resolution.forwarded_to = goal.receiver.strip() if forwarded else ""
    resolution.postponed_to = goal.meeting if postponed else None


def points_told(case: Case, outcome: str, points: list[Point] | None) -> list[Point]:
    """What is written as the resolution; a proposal that was not adopted is no resolution in its own words."""
    if points is None:
        return usual_points(case, outcome)
    as_proposed = [str(point.get("text", "")) for point in points] == case.proposed_points
    return [] if outcome in FALLS and as_proposed else points


def usual_points(case: Case, outcome: str) -> list[Point]:
    """The proposal's own points, when it was adopted."""
    if outcome in (Outcome.AS_PROPOSED, Outcome.CHANGED, Outcome.RECOMMENDED):
        return [{"text": text} for text in case.proposed_points]
    return []


def write_points(resolution: Resolution, points: list[Point]) -> None:
    """The points of the resolution, each in its place; mending the words keeps who follows it up and what they said."""
    known = list(ResolutionPoint.objects.select_for_update().filter(resolution=resolution).order_by("number"))
    kept = _known_points(known, points)
    ResolutionPoint.objects.filter(pk__in={one.pk for one in known} - {one.pk for one in kept if one}).delete()
    moved = [one.pk for number, one in enumerate(kept, start=1) if one and one.number != number]
    ResolutionPoint.objects.filter(pk__in=moved).update(number=F("number") + OUT_OF_THE_WAY)
    names = follow_up.Names(resolution.item.case.body)
    for number, (point, told) in enumerate(zip(kept, points, strict=True), start=1):
        _write_point(point or ResolutionPoint(resolution=resolution), number, told, names)


def _known_points(known: list[ResolutionPoint], points: list[Point]) -> list[ResolutionPoint | None]:
    """The row that each point has had: the one with the same words, else the one in the same place."""
    kept: list[ResolutionPoint | None] = [None] * len(points)
    free = list(known)
    for place, told in enumerate(points):
        kept[place] = next((one for one in free if one.text == told["text"]), None)
        free = [one for one in free if one != kept[place]]
    for place, one in enumerate(kept):
        if one is None:
            kept[place] = next((other for other in free if other.number == place + 1), None)
            free = [other for other in free if other != kept[place]]
    return kept


def _write_point(point: ResolutionPoint, number: int, told: Point, names: follow_up.Names) -> None:
    new = {"responsible": "", "deadline": None, **told, "number": number}
    if point.pk and all(getattr(point, name) == value for name, value in new.items()):
        return
    if point.pk is None or point.responsible != new["responsible"]:
        new |= names.meant_by(told.get("responsible", ""))
    for name, value in new.items():
        setattr(point, name, value)
    if point.pk:
        point.version += 1
    point.save()
