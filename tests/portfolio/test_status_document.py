"""The paper that lies before a meeting: how all projects stood when it was held, whoever makes it and when."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance.actions import running
from governance.models import Body, Collaboration, Meeting
from portfolio import status_document
from portfolio.actions import projects, status, status_papers
from portfolio.models import FocusArea, Project, ProjectAccount, StatusReport
from tests.portfolio.status_helpers import LINES, SIX_LIGHTS, ahead, six_lights_in
from tests.printed import text_of

Told = Callable[..., StatusReport]


@pytest.fixture
def tells(secretary: User) -> Told:
    """The secretariat publishes a report, so many days ago."""

    def publish(project: Project, light: str = "green", *, days_ago: float = 0, **told: Any) -> StatusReport:
        moment = timezone.now() - timedelta(days=days_ago)
        lines = {**LINES, "overall": light, "reported_for": timezone.localdate(moment), **told}
        return status.publish(project=project, at=moment, by=secretary, **lines)

    return publish


@pytest.fixture
def another(digi: Collaboration, area: FocusArea, secretary: User) -> Project:
    return projects.register_project(
        collaboration=digi, title="Felles arkiv", focus_area=area, state="planning", shared_cost=Decimal(250_000),
        by=secretary,
    )  # fmt: skip


@pytest.fixture
def last(steering: Body, led: Project, another: Project) -> Meeting:
    """The meeting before, ten days ago."""
    return _held(ahead(steering, days=-10))


def _held(meeting: Meeting) -> Meeting:
    """As when it is run in the portal: the end is written down."""
    Meeting.objects.filter(pk=meeting.pk).update(state="held", called_at=meeting.starts_at - timedelta(days=10))
    meeting.refresh_from_db()
    return meeting


def collected(meeting: Meeting) -> status_document.Collected:
    with override("en"):
        return status_document.collected(meeting, timezone.now())


def lights(meeting: Meeting) -> dict[str, str]:
    return {line.project.title: line.light for line in collected(meeting).lines}


def test_what_was_told_since_the_last_meeting_is_a_light_and_the_rest_is_not_reported(
    steering: Body, last: Meeting, led: Project, another: Project, tells: Told
) -> None:
    tells(another, "red", days_ago=20)
    tells(led, "yellow", days_ago=3)
    coming = ahead(steering, days=5)

    assert lights(coming) == {"Felles skjema": "yellow", "Felles arkiv": ""}
    assert [line.project for line in collected(coming).missing] == [another]


def test_another_light_than_at_the_last_meeting_is_told(
    steering: Body, last: Meeting, led: Project, another: Project, tells: Told
) -> None:
    tells(led, "green", days_ago=20)
    tells(another, "green", days_ago=20)
    tells(led, "yellow", days_ago=8)
    tells(led, "red", days_ago=2)
    tells(another, "green", days_ago=2)
    told = collected(ahead(steering, days=5))

    assert [(line.project, line.earlier and line.earlier.overall) for line in told.lines if line.turned] == [
        (led, "green")
    ]
    assert next(line for line in told.lines if line.project == led).trend == [
        "as planned", "needs attention", "needs action",
    ]  # fmt: skip


def test_the_paper_of_a_meeting_that_is_held_is_the_same_whenever_it_is_made(
    steering: Body, last: Meeting, led: Project, another: Project, tells: Told, secretary: User
) -> None:
    tells(led, "green", days_ago=5)
    now = _held(ahead(steering, days=-1))
    first = status_document.render(collected(now))
    tells(led, "red")
    tells(another, "red")
    projects.register_project(collaboration=led.collaboration, title="Nytt", state="planning", by=secretary)
    projects.stop(project=led, by=secretary)

    assert lights(now) == {"Felles skjema": "green", "Felles arkiv": ""}
    assert status_document.render(collected(now)) == first
    assert lights(ahead(steering, days=9)) == {"Felles arkiv": "red", "Nytt": ""}


def test_what_began_and_ended_since_the_last_meeting_is_told(
    steering: Body, last: Meeting, led: Project, another: Project, secretary: User
) -> None:
    projects.stop(project=another, by=secretary)
    new = projects.register_project(collaboration=led.collaboration, title="Nytt", state="planning", by=secretary)
    told = collected(ahead(steering, days=9))

    assert told.ended == [(another, "stopped")]
    assert [line.project for line in told.lines if line.is_new] == [new]


def test_a_meeting_run_in_the_portal_ends_the_reports_for_it(
    held: Any, led: Project, another: Project, tells: Told, steering: Body, secretary: User
) -> None:
    from governance.actions.cases import make_case  # noqa: PLC0415 -- beside its use

    tells(led, "yellow")
    case = make_case(body=steering, title="Orientering", proposal="1. Tas til orientering.", ready=True, by=secretary)
    meeting = held(case, end=False)
    tells(another, "green")
    meeting = running.end_meeting(meeting=meeting, by=secretary)
    tells(led, "red")

    assert lights(meeting) == {"Felles skjema": "yellow", "Felles arkiv": "green"}


def test_the_sums_are_of_what_is_known(
    steering: Body, last: Meeting, led: Project, another: Project, tells: Told
) -> None:
    month = timezone.localdate().replace(day=1)
    ProjectAccount.objects.create(project=led, month=month, spent=Decimal("1000.50"), forecast=Decimal(610_000))
    tells(led)
    tells(another)
    sums = collected(ahead(steering, days=5)).sums()

    assert sums == {"shared_cost": Decimal(850_000), "spent": Decimal("1000.50"), "forecast": Decimal(610_000)}


def test_the_paper_tells_the_words_the_lines_and_what_is_not_reported(
    steering: Body, last: Meeting, led: Project, another: Project, tells: Told, secretary: User
) -> None:
    tells(led, "green", days_ago=20, risk_text="Ingen.")
    tells(led, "red", days_ago=2, risk_text="Leverandøren trakk seg.")
    coming = ahead(steering, days=5)
    job = jobs.run(status_papers.order(meeting=coming, by=secretary).pk)

    assert job.error == ""
    assert job.document is not None
    read = text_of(files.content(job.document))
    assert "Felles skjema" in read
    assert "Leverandøren trakk seg." in read
    assert "Felles arkiv" in read
    assert "Eksempel" not in read
    assert job.document.made_from["not_reported"] == [another.pk]
    assert job.document.file_name == f"status-vesteralen-styringsgruppen-{coming.number}-{coming.year}.pdf"


def test_six_lights_stand_with_their_own_words(
    steering: Body, last: Meeting, led: Project, tells: Told, digi: Collaboration
) -> None:
    six_lights_in(digi)
    tells(led, **SIX_LIGHTS)
    read = text_of(status_document.render(collected(ahead(steering, days=5))))
    assert "Leverandøren er valgt." in read


def test_what_is_made_up_says_so_at_the_foot(steering: Body, led: Project) -> None:
    Project.objects.filter(pk=led.pk).update(example=True)
    coming = ahead(steering, days=5)
    foot = status_document.context(collected(coming))["example"]
    assert foot


def test_a_collaboration_without_projects_gets_a_paper_that_says_so(steering: Body) -> None:
    assert status_document.render(collected(ahead(steering, days=5))).startswith(b"%PDF")


def test_ordered_twice_it_is_made_once_and_the_same_again_is_no_new_version(
    steering: Body, led: Project, secretary: User
) -> None:
    meeting = _held(ahead(steering, days=-1))
    first = status_papers.order(meeting=meeting, by=secretary)
    assert status_papers.order(meeting=meeting, by=secretary) == first
    jobs.run(first.pk)
    again = jobs.run(status_papers.order(meeting=meeting, by=secretary).pk)
    assert again.document == Document.objects.get(kind=status_papers.KIND)


@pytest.mark.parametrize("who", ["project_leader", "director", "auditor"])
def test_the_secretariat_alone_orders_it(
    request: pytest.FixtureRequest, steering: Body, led: Project, client: Client, who: str
) -> None:
    meeting, user = ahead(steering, days=5), request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        status_papers.order(meeting=meeting, by=user)
    client.force_login(user)
    address = f"/vesteralen/portefolje/status/styringsgruppen/{meeting.number}-{meeting.year}/"
    assert client.get(address).status_code == 403


def test_a_meeting_that_was_never_held_has_no_paper(steering: Body, secretary: User) -> None:
    cancelled = ahead(steering, days=5)
    Meeting.objects.filter(pk=cancelled.pk).update(state="cancelled")
    numbered = Meeting.objects.create(body=steering, year=2020, number=1, number_only=True, state="approved")
    for meeting in (cancelled, numbered):
        with pytest.raises(NotAllowedNow):
            status_papers.order(meeting=meeting, by=secretary)


def test_the_meetings_page_leads_to_it(
    client: Client, steering: Body, led: Project, secretary: User, director: User
) -> None:
    meeting = ahead(steering, days=5)
    address = f"/vesteralen/portefolje/status/styringsgruppen/{meeting.number}-{meeting.year}/"

    def shown(user: User) -> str:
        client.force_login(user)
        return client.get(meeting.get_absolute_url()).content.decode()

    assert address in shown(secretary)
    assert address not in shown(director)
    client.force_login(secretary)
    assert client.get(address).status_code == 200
    job = Job.objects.get(pk=client.post(address).url.rstrip("/").rpartition("/")[2])
    made = jobs.run(job.pk).document
    assert made is not None
    assert made.get_absolute_url() in shown(director)
    assert client.get(address).status_code == 403


def test_more_projects_take_no_more_queries(
    steering: Body, last: Meeting, led: Project, tells: Told, secretary: User, django_assert_num_queries: Any
) -> None:
    coming = ahead(steering, days=5)
    tells(led)
    with django_assert_num_queries(7):
        collected(coming)
    for number in range(6):
        made = projects.register_project(
            collaboration=led.collaboration, title=f"P{number}", state="planning", by=secretary
        )
        tells(made)
    with django_assert_num_queries(7):
        collected(coming)
