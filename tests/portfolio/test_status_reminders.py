"""Who has not told how a project stands is asked, once for each occasion, by the day in Norway."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Body, Collaboration, Meeting, Person
from portfolio.actions import projects, status, status_reminders
from portfolio.models import Project
from portfolio.tasks import remind_of_status
from portfolio.working_days import easter, is_working_day, working_day
from tests.portfolio.status_helpers import LINES, ahead, six_lights_in

EARLY = "07:30+01:00"


def asked() -> list[Job]:
    return list(Job.objects.filter(kind=status_reminders.KIND).order_by("asked_at"))


def on(day: str) -> Any:
    return time_machine.travel(f"{day} {EARLY}", tick=False)


@pytest.fixture
def meeting(steering: Body, led: Project) -> Meeting:
    starts = timezone.make_aware(datetime(2027, 3, 20, 10, 0))  # noqa: DTZ001 -- made aware here
    return Meeting.objects.create(body=steering, year=2027, number=1, starts_at=starts, place="Sortland")


def test_seven_and_two_days_before_the_meeting_each_leader_is_asked_once(meeting: Meeting) -> None:
    days = [("2027-03-12", 0), ("2027-03-13", 1), ("2027-03-14", 1), ("2027-03-17", 1), ("2027-03-18", 2)]
    for day, total in [*days, ("2027-03-20", 2), ("2027-03-21", 2)]:
        with on(day):
            for _twice in range(2):
                remind_of_status()
            assert (day, len(asked())) == (day, total)


def test_what_a_stopped_portal_missed_is_sent_when_it_runs_again(meeting: Meeting) -> None:
    with on("2027-03-15"):
        remind_of_status()
        assert len(asked()) == 1


def test_one_who_has_reported_is_not_asked(meeting: Meeting, led: Project, project_leader: User) -> None:
    with on("2027-03-10"):
        status.publish(project=led, by=project_leader, **LINES)
    with on("2027-03-13"):
        remind_of_status()
    assert not asked()


def test_a_meeting_that_is_moved_is_reminded_of_anew(meeting: Meeting) -> None:
    with on("2027-03-13"):
        remind_of_status()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + timedelta(days=30))
    with on("2027-04-12"):
        remind_of_status()
    assert len(asked()) == 2


def test_the_first_and_fifth_working_day_of_the_month_in_the_full_profile(led: Project, digi: Collaboration) -> None:
    """January 2027 begins on a Friday that is a holiday."""
    six_lights_in(digi)
    days = [("2027-01-01", 0), ("2027-01-03", 0), ("2027-01-04", 1), ("2027-01-07", 1), ("2027-01-08", 2)]
    for day, total in [*days, ("2027-01-12", 2), ("2027-01-29", 2), ("2027-02-01", 3)]:
        with on(day):
            remind_of_status()
            assert (day, len(asked())) == (day, total)


def test_the_day_is_norways(led: Project, digi: Collaboration) -> None:
    """At half past eleven in the evening in London it is the first of the month here."""
    six_lights_in(digi)
    with time_machine.travel("2027-08-31 23:30+01:00", tick=False):
        remind_of_status()
        assert len(asked()) == 1


def test_the_e_mail_names_what_is_missing_and_the_way_to_it(
    meeting: Meeting, led: Project, digi: Collaboration, secretary: User, project_leader: User, mailoutbox: Any
) -> None:
    reported = projects.register_project(
        collaboration=digi, title="Felles nett", state="planning", leader=project_leader.person, by=secretary
    )
    with on("2027-03-13"):
        remind_of_status()
        status.publish(project=reported, by=secretary, **LINES)
        for job in asked():
            assert jobs.run(job.pk).error == ""
    [mail] = mailoutbox
    assert mail.to == [project_leader.person.email]
    assert "/vesteralen/prosjekter/felles-skjema/status/ny/" in mail.body
    assert "Felles nett" not in mail.body


def test_one_who_reports_before_the_e_mail_leaves_gets_none(
    meeting: Meeting, led: Project, project_leader: User, mailoutbox: Any
) -> None:
    with on("2027-03-13"):
        remind_of_status()
        status.publish(project=led, by=project_leader, **LINES)
        [job] = asked()
        assert jobs.run(job.pk).state == Job.State.DONE
    assert mailoutbox == []


def test_the_secretariat_asks_once_a_day(led: Project, digi: Collaboration, secretary: User, steering: Body) -> None:
    ahead(steering, days=20)
    first = status_reminders.remind(collaboration=digi, by=secretary)
    assert first == status_reminders.remind(collaboration=digi, by=secretary)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        status_reminders.remind(collaboration=digi, by=secretary)
    assert len(asked()) == 2


def test_without_a_meeting_nobody_is_asked(led: Project, digi: Collaboration, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        status_reminders.remind(collaboration=digi, by=secretary)
    remind_of_status()
    assert not asked()


@pytest.mark.parametrize("who", ["project_leader", "director", "auditor"])
def test_others_remind_nobody(
    request: pytest.FixtureRequest, led: Project, digi: Collaboration, steering: Body, who: str
) -> None:
    ahead(steering, days=20)
    with pytest.raises(PermissionDenied):
        status_reminders.remind(collaboration=digi, by=request.getfixturevalue(who))


def test_the_page_says_who_can_not_be_reached(
    client: Any, led: Project, digi: Collaboration, secretary: User, steering: Body
) -> None:
    ahead(steering, days=20)
    projects.register_project(collaboration=digi, title="Uten leder", state="planning", by=secretary)
    unreachable = Person.objects.create(name="Uten adresse")
    unreachable.known_in.add(digi)
    projects.register_project(
        collaboration=digi, title="Uten adresse", state="planning", leader=unreachable, by=secretary
    )
    client.force_login(secretary)
    page = client.post("/vesteralen/portefolje/status/paminn/", follow=True).content.decode()
    assert len(asked()) == 1
    assert "Uten leder, Uten adresse" in page


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (date(2026, 11, 1), 1, date(2026, 11, 2)),
        (date(2027, 1, 1), 1, date(2027, 1, 4)),
        (date(2026, 4, 1), 2, date(2026, 4, 7)),
        (date(2026, 5, 31), 1, date(2026, 5, 4)),
        (date(2027, 5, 1), 5, date(2027, 5, 10)),
    ],
)
def test_working_days_step_over_weekends_and_holidays(month: date, number: int, day: date) -> None:
    assert working_day(month, number) == day


@pytest.mark.parametrize("year", [1954, 2024, 2025, 2026, 2027, 2038])
def test_easter(year: int) -> None:
    from dateutil.easter import easter as known  # noqa: PLC0415 -- only this test needs it

    assert easter(year) == known(year)
    assert not is_working_day(easter(year) - timedelta(days=2))
