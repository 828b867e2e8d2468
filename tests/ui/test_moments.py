"""F18: an hour that comes twice, or not at all, is asked about; years and days are those of Oslo."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine

from digivesteralen.accounts.models import User
from digivesteralen.ui.moments import is_turned, moment
from governance.actions.agenda import put_on_agenda, send_agenda
from governance.actions.meetings import make_meeting
from governance.forms.meetings import MeetingForm
from governance.forms.rounds import DeadlineForm
from governance.models import Body, Case, Collaboration
from tests.governance.meeting_helpers import a_case

TWICE, NEVER = date(2026, 10, 25), date(2027, 3, 28)


@pytest.mark.parametrize(
    ("day", "clock", "turned"),
    [
        (TWICE, time(1, 59), False),
        (TWICE, time(2), True),
        (TWICE, time(2, 59), True),
        (TWICE, time(3), False),
        (NEVER, time(1, 59), False),
        (NEVER, time(2, 30), True),
        (NEVER, time(3), False),
        (date(2026, 11, 25), time(2, 30), False),
    ],
)
def test_the_hour_in_which_the_clock_is_turned_is_known(day: date, clock: time, turned: bool) -> None:
    assert is_turned(day, clock) is turned


@pytest.mark.parametrize("day", ["25.10.2026", "28.03.2027"])
def test_a_meeting_in_that_hour_is_asked_about(digi: Collaboration, day: str) -> None:
    told: dict[str, Any] = {"day": day, "begins": "02:30", "ends": "04:00"}
    form = MeetingForm(told, collaboration=digi)
    assert set(form.errors) & {"begins", "ends"} == {"begins"}
    assert "begins" not in MeetingForm({**told, "begins": "03:30"}, collaboration=digi).errors


@time_machine.travel("2026-10-20")
def test_a_deadline_in_that_hour_is_asked_about() -> None:
    assert "clock" in DeadlineForm({"day": "25.10.2026", "clock": "02:30"}).errors
    assert "clock" not in DeadlineForm({"day": "25.10.2026", "clock": "12:00"}).errors


def test_a_meeting_on_the_day_of_the_change_keeps_its_hour() -> None:
    """Noon is eleven hours before the midnight that follows it in UTC, on both sides of the change."""
    assert moment(TWICE, time(12)).astimezone(UTC) == datetime(2026, 10, 25, 11, tzinfo=UTC)
    assert moment(date(2026, 10, 24), time(12)).astimezone(UTC) == datetime(2026, 10, 24, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_the_numbers_of_cases_begin_anew_at_midnight_in_oslo(steering: Body, director: User, secretary: User) -> None:
    """Half past eleven in the evening in UTC is half past midnight here, in the new year."""
    numbers = []
    for begins in (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        meeting = make_meeting(body=steering, starts_at=begins, by=secretary)
        put_on_agenda(meeting=meeting, case=a_case(steering, secretary), by=secretary)
        send_agenda(meeting=meeting, by=secretary)
        numbers.append(Case.objects.values_list("sequence", "year").get(items__meeting=meeting))
    assert numbers == [(1, 2026), (1, 2027)]
