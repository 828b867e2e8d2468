"""Meetings of the tests, made by the same verbs as the pages."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.actions import agenda, cases, meetings, running
from governance.models import AgendaItem, Body, Case, Meeting


def a_case(body: Body, by: Any, title: str = "Felles innlogging", **fields: Any) -> Case:
    fields.setdefault("proposal", "Styringsgruppen støtter forslaget.\nSekretariatet følger opp.")
    return cases.make_case(body=body, title=title, ready=True, by=by, **fields)


def a_meeting(body: Body, by: Any, *, in_days: int = 0, **fields: Any) -> Meeting:
    starts_at = timezone.now() + timedelta(days=in_days) - timedelta(minutes=5)
    return meetings.make_meeting(body=body, starts_at=starts_at, by=by, **fields)


def called(body: Body, by: Any, *about: Case, in_days: int = 0) -> Meeting:
    """A meeting whose agenda is out; with one case when none is given."""
    meeting = a_meeting(body, by, in_days=in_days)
    for case in about or (a_case(body, by),):
        agenda.put_on_agenda(meeting=meeting, case=case, by=by)
    return agenda.send_agenda(meeting=meeting, by=by)


def begun(body: Body, by: Any, *about: Case) -> Meeting:
    return running.start_meeting(meeting=called(body, by, *about), by=by)


def held(body: Body, by: Any, *about: Case) -> Meeting:
    """All cases ended as they usually do."""
    meeting = begun(body, by, *about)
    for item in meeting.items.select_related("case"):
        running.resolve(item=item, outcome=item.case.usual_outcome, by=by)
    return running.end_meeting(meeting=meeting, by=by)


def the_item(meeting: Meeting) -> AgendaItem:
    return meeting.items.select_related("case__body").get()
