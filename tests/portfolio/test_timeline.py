"""The timeline: projects and what stands on their way, with meetings and windows on the same axis."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance.actions.meetings import cancel_meeting, make_meeting
from governance.models import Body, Collaboration
from portfolio import timeline
from portfolio.actions import milestones, projects
from portfolio.actions.gates import make_gates
from portfolio.actions.lists import TIMELINE
from portfolio.actions.phase_models import ALL
from portfolio.models import FocusArea, Gate, Precision, Project
from tests.portfolio.gathering_helpers import a_gathering, a_programme
from tests.portfolio.money import plain, workbook
from tests.printed import text_of

pytestmark = pytest.mark.django_db
THIS_YEAR = timezone.localdate().year


@pytest.fixture
def running(project: Project, secretary: User) -> Project:
    """From autumn to summer, with a milestone reached and one to come."""
    changed = projects.change_project(
        project=project, version=None, starts_on=date(THIS_YEAR, 9, 1), starts_precision=Precision.SEASON,
        ends_on=date(THIS_YEAR + 1, 6, 30), by=secretary,
    )  # fmt: skip
    milestones.add_milestone(
        project=changed,
        title="Mandat",
        planned_on=date(THIS_YEAR, 9, 1),
        reached_on=date(THIS_YEAR, 10, 1),
        by=secretary,
    )
    milestones.add_milestone(project=changed, title="Pilot", planned_on=date(THIS_YEAR + 1, 3, 1), by=secretary)
    return changed


@pytest.fixture
def shown(client: Client) -> Callable[..., Any]:
    def page(user: User, **query: Any) -> Any:
        client.force_login(user)
        return client.get(reverse("timeline", args=["vesteralen"]), query)

    return page


def drawn(page: Any) -> list[str]:
    return [row[0] for row in page.context_data["chart"].rows]


def test_a_director_reads_when_projects_run_and_what_stands_on_their_way(
    shown: Any, director: User, running: Project
) -> None:
    page = shown(director)
    [row] = page.context_data["chart"].rows
    assert row[:4] == ("Felles skjema", "planlegges", f"høsten {THIS_YEAR}", f"30. juni {THIS_YEAR + 1}")
    assert row[4] == f"1. oktober {THIS_YEAR} Mandat, nådd; 1. mars {THIS_YEAR + 1} Pilot"
    drawing = str(page.context_data["chart"].svg())
    assert "Felles skjema: 1. mars" in drawing
    assert "Milepæl nådd" in drawing


def test_a_planned_gate_of_the_full_model_stands_on_the_way(
    shown: Any, director: User, secretary: User, digi: Collaboration
) -> None:
    made = projects.register_project(
        collaboration=digi, title="Felles innlogging", starts_on=date(THIS_YEAR, 1, 1), by=secretary
    )
    Project.objects.filter(pk=made.pk).update(phase_model="full", phase="idea")
    make_gates(made, ALL)
    Gate.objects.filter(project=made, number=1).update(planned_on=date(THIS_YEAR + 1, 3, 1), planned_precision="month")
    page = shown(director)
    assert page.context_data["chart"].rows[0][4] == f"mars {THIS_YEAR + 1} BP1"
    assert "Felles innlogging: mars" in str(page.context_data["chart"].svg())


def test_a_programme_without_a_period_stands_there_with_its_gatherings(
    shown: Any, director: User, secretary: User, digi: Collaboration, directors: dict[str, User]
) -> None:
    gathering = a_gathering(a_programme(digi, secretary), secretary)
    [row] = shown(director).context_data["chart"].rows
    assert row[4] == f"{gathering.when} {gathering.label}"


def test_the_meetings_of_the_bodies_stand_on_the_same_axis_and_cancelled_ones_do_not(
    shown: Any, director: User, secretary: User, running: Project, steering: Body
) -> None:
    def at(month: int) -> datetime:
        return datetime(THIS_YEAR + 1, month, 3, 9, tzinfo=ZoneInfo("Europe/Oslo"))

    kept = make_meeting(body=steering, starts_at=at(2), by=secretary)
    cancel_meeting(meeting=make_meeting(body=steering, starts_at=at(3), by=secretary), by=secretary)
    [row] = shown(director).context_data["beside"].rows
    assert row == (steering.name, f"{kept.label} 03.02.{THIS_YEAR + 1}")


def test_years_and_filters_narrow_the_axis_and_the_lanes(
    shown: Any, director: User, secretary: User, digi: Collaboration, running: Project
) -> None:
    projects.register_project(
        collaboration=digi, title="Gammelt arkiv", state="finished", starts_on=date(2015, 1, 1),
        ends_on=date(2016, 1, 1), by=secretary,
    )  # fmt: skip
    projects.register_project(collaboration=digi, title="Uten dager", by=secretary)
    assert drawn(shown(director)) == ["Felles skjema", "Gammelt arkiv"]
    assert drawn(shown(director, fra=THIS_YEAR)) == ["Felles skjema"]
    assert drawn(shown(director, til=2016)) == ["Gammelt arkiv"]
    assert drawn(shown(director, q="arkiv")) == ["Gammelt arkiv"]
    assert "Ingen prosjekter passer" in plain(shown(director, q="sirkus"))


def test_a_day_that_was_and_was_never_planned_stretches_the_axis_and_a_draft_does_not(
    shown: Any, director: User, secretary: User, digi: Collaboration, directors: dict[str, User]
) -> None:
    reached = projects.register_project(collaboration=digi, title="Bare nådd", by=secretary)
    milestones.add_milestone(project=reached, title="Ferdig", reached_on=date(2019, 5, 1), by=secretary)
    a_gathering(a_programme(digi, secretary), secretary, in_days=4000, announced=False)
    page = shown(director)
    assert drawn(page) == ["Bare nådd"]
    axis = timeline.axis_of(Project.objects.all(), None, None, timezone.localdate())
    assert axis == (date(2019, 1, 1), date(THIS_YEAR + 2, 12, 31))
    with CaptureQueriesContext(connection) as asked:
        timeline.axis_of(Project.objects.all(), None, None, timezone.localdate())
    assert len(asked) == 4
    assert not any(query["sql"].count("JOIN") > 1 for query in asked)


def test_a_last_year_before_the_first_is_told_at_its_field(shown: Any, director: User, running: Project) -> None:
    assert "Siste år kan ikke være før det første." in plain(shown(director, fra=2030, til=2020))


def test_the_workbook_has_a_row_for_each_day(shown: Any, director: User, running: Project) -> None:
    rows = list(workbook(shown(director, format="xlsx")).worksheets[0].values)
    assert [(row[1], row[3]) for row in rows[1:]] == [
        ("starter", f"høsten {THIS_YEAR}"),
        ("slutter", f"30. juni {THIS_YEAR + 1}"),
        ("Mandat, nådd", f"1. oktober {THIS_YEAR}"),
        ("Pilot", f"1. mars {THIS_YEAR + 1}"),
    ]


def ordered(client: Client, user: User, query: str = "") -> Document:
    client.force_login(user)
    client.post(f"{reverse('timeline_pdf', args=['vesteralen'])}?{query}")
    done = jobs.run(Job.objects.get(kind=TIMELINE, document=None).pk)
    assert done.document is not None, done.error
    return done.document


def test_the_pdf_draws_twenty_projects_a_page_and_says_what_it_selects(
    client: Client, director: User, digi: Collaboration, area: FocusArea
) -> None:
    filled(digi, area, 45)
    text = text_of(files.content(ordered(client, director, "state=planning")))
    assert "Prosjektene 41 til 45 av 45" in text
    assert "Fase: planlegges" in text


def test_others_find_neither_the_page_nor_the_pdf(client: Client, outsider: User, digi: Collaboration) -> None:
    client.force_login(outsider)
    assert client.get(reverse("timeline", args=["vesteralen"])).status_code == 404
    assert client.post(reverse("timeline_pdf", args=["vesteralen"])).status_code == 404


def filled(digi: Collaboration, area: FocusArea, count: int) -> None:
    first = digi.projects.count() + 1
    made = Project.objects.bulk_create(
        Project(
            collaboration=digi, number=number, slug=f"p-{number}", title=f"P {number}", focus_area=area,
            state="planning", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
        )
        for number in range(first, first + count)
    )  # fmt: skip
    for one in made:
        one.milestones.create(title="Pilot", planned_on=date(2026, 6, 1))


def test_more_projects_ask_no_more_of_the_database_and_fifty_are_drawn_at_a_time(
    shown: Any, director: User, digi: Collaboration, area: FocusArea, django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    filled(digi, area, 2)
    shown(director)
    with django_assert_max_num_queries(40) as first:
        shown(director)
    filled(digi, area, 120)
    with django_assert_num_queries(len(first)):
        page = shown(director)
    assert len(drawn(page)) == 50


def test_what_lies_outside_the_axis_is_cut_and_an_open_end_points_on(running: Project) -> None:
    open_ended = Project(pk=running.pk, title="P", state="execution", starts_on=date(2020, 1, 1))
    chart = timeline.of_projects([open_ended], (date(2021, 1, 1), date(2022, 12, 31)), date(2021, 5, 5))
    assert "1. januar 2020" in chart.description
    assert str(chart.svg()).count("<polygon") == 3  # where it goes on, and two milestones in the legend
