"""The steering group's meetings of the present-day layer: one held this year, one called in three weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from digivesteralen.demo.loading.cast import Cast
from governance.actions import agenda, attendance, cases, meetings, minutes, opinions, running
from governance.models import Attendance, Body, Case, Collaboration, Meeting, Opinion, Organisation, Person, Resolution
from portfolio.actions import cases as project_cases
from portfolio.actions import versions
from portfolio.models import Project, ProjectCase

KINDS = {"orientering": Case.Kind.ORIENTATION, "beslutning": Case.Kind.DECISION, "godkjenning": Case.Kind.APPROVAL}
STATUSES = {
    "møtt": Attendance.Status.PRESENT,
    "deltok digitalt": Attendance.Status.DIGITAL,
    "vara": Attendance.Status.EXCUSED,
    "ikke møtt": Attendance.Status.ABSENT,
}
OUTCOMES = {
    "vedtatt som foreslått": Resolution.Outcome.AS_PROPOSED,
    "vedtatt med endring": Resolution.Outcome.CHANGED,
}
STANCES = {"støtter": Opinion.Stance.SUPPORTS, "støtter med merknad": Opinion.Stance.WITH_REMARK}


def load(
    cast: Cast,
    collaboration: Collaboration,
    fact: dict[str, Any],
    secretary: Any,
    views: Sequence[dict[str, Any]] = (),
) -> None:
    made: dict[tuple[str, str], Case] = {}
    meeting = _call(cast, collaboration, fact, made, secretary)
    if fact["state"] == "approved":
        _hold(cast, meeting, fact, made, secretary)
    for view in views:
        case = Case.objects.get(pk=made[view["meeting"], view["case"]].pk)
        user = cast.user(view["person"])
        opinions.give_view(
            case=case,
            organisation=Organisation.objects.get(seats__person__user=user, seats__body=case.body),
            stance=STANCES[view["view"]],
            text=view.get("remark", ""),
            by=user,
        )


def _call(
    cast: Cast, collaboration: Collaboration, fact: dict[str, Any], made: dict[tuple[str, str], Case], secretary: Any
) -> Meeting:
    """Make the meeting, put its cases on the agenda and send it."""
    body: Body = cast.bodies[fact["body"]]
    day = cast.day(fact["days"], same_year=fact.get("same_year", False))
    meeting = meetings.make_meeting(
        body=body,
        starts_at=cast.moment(day, fact["from_time"]),
        ends_at=cast.moment(day, fact["to_time"]),
        place=fact["place"],
        chair=body.seats.get(is_chair=True).person,
        secretary=Person.objects.get(user=secretary),
        example=True,
        by=secretary,
    )
    for one in fact["cases"]:
        case = _case(collaboration, body, one, secretary)
        made[fact["slug"], one["slug"]] = case
        agenda.put_on_agenda(meeting=meeting, case=case, by=secretary)
    called = min(cast.moment(day, fact["from_time"]) - timedelta(days=10), timezone.now())
    return agenda.send_agenda(meeting=meeting, at=called, by=secretary)


def _case(collaboration: Collaboration, body: Body, one: dict[str, Any], secretary: Any) -> Case:
    texts = {
        "title": one["title"],
        "kind": KINDS[one["type"]],
        "information": one["background"],
        "proposal": "\n".join(one["proposal"]),
        "asks_municipalities": one.get("recommends_municipalities", False),
        "case_officer": Person.objects.get(user=secretary),
    }
    if "portfolio_version" in one:
        chosen = Project.objects.filter(collaboration=collaboration, example=True).order_by("number")
        return versions.propose_portfolio_version(
            collaboration=collaboration, projects=list(chosen), by=secretary, **texts
        ).case
    if "project" in one:
        project = Project.objects.get(collaboration=collaboration, slug=one["project"])
        if one["slug"].startswith("finansiering"):
            return project_cases.lay_financing_plan(project=project, by=secretary, **texts).case
        case = cases.make_case(body=body, ready=True, example=True, by=secretary, **texts)
        project_cases.attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
        return case
    return cases.make_case(body=body, ready=True, example=True, by=secretary, **texts)


def _hold(
    cast: Cast, meeting: Meeting, fact: dict[str, Any], made: dict[tuple[str, str], Case], secretary: Any
) -> None:
    seats = {seat.person.user_id: seat for seat in meeting.body.seats.all()}
    roll: dict[int, attendance.Seat] = {}
    for one in fact["attendance"]:
        if one["how"] == "observatør":
            continue
        seat = seats[cast.user(one.get("for", one["person"])).pk]
        roll[seat.pk] = {"status": STATUSES[one["how"]]}
        if one["how"] == "vara":
            roll[seat.pk]["substitute"] = Person.objects.get(user=cast.user(one["person"]))
    running.start_meeting(meeting=meeting, seats=roll, at=meeting.starts_at, by=secretary)
    others = [one["person"] for one in fact["attendance"] if one["how"] == "observatør"]
    running.describe_meeting(
        meeting=meeting,
        others="\n".join(f"{cast.user(slug).name} (observatør)" for slug in others),
        agenda_remarks="",
        by=secretary,
    )
    for one in fact["cases"]:
        _resolve(cast, meeting, made[fact["slug"], one["slug"]], one, secretary)
    meeting = running.end_meeting(meeting=meeting, at=meeting.ends_at, by=secretary)
    assert meeting.ends_at is not None
    after = meeting.ends_at + timedelta(hours=1)
    meeting = minutes.send_minutes(meeting=meeting, at=after, by=secretary)
    approved = after + timedelta(days=meeting.profile.remark_days + 1)
    if approved <= timezone.now():
        minutes.approve_minutes(meeting=meeting, at=approved, by=secretary)


def _resolve(cast: Cast, meeting: Meeting, case: Case, one: dict[str, Any], secretary: Any) -> None:
    follow_up = {point["point"]: point for point in one.get("follow_up", [])}
    points: list[running.Point] = []
    for number, text in enumerate(one["resolution"], 1):
        point: running.Point = {"text": text}
        if number in follow_up:
            point["responsible"] = cast.user(follow_up[number]["responsible"]).name
            point["deadline"] = cast.day(follow_up[number]["days"])
        points.append(point)
    noted = case.kind == Case.Kind.ORIENTATION
    running.resolve(
        item=meeting.items.get(case=case),
        outcome=Resolution.Outcome.NOTED if noted else OUTCOMES[one["outcome"]],
        points=points,
        by=secretary,
    )
