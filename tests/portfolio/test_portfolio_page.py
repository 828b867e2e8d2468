"""The portfolio page answers what we have said yes to, what it costs us and what waits for us (ui p. 8)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import focus_areas, milestones, participation, projects
from portfolio.models import FocusArea, Participation, Project, ProjectYear, Share, StatusReport
from tests.portfolio.status_helpers import LINES

Parts = dict[str, Participation]
SELDOM = {"order", "reopened", "contributions", "activities", "initiatives", "habits"}


@pytest.fixture
def shown(client: Client) -> Callable[..., Any]:
    """What the page has to show somebody, with a filter in its address."""

    def look(user: User, **query: Any) -> Any:
        client.force_login(user)
        return client.get(reverse("portfolio", args=["vesteralen"]), query)

    return look


@pytest.fixture
def archive(digi: Collaboration, secretary: User) -> Project:
    """An idea of unknown cost, in no focus area, to which nobody is invited."""
    return projects.register_project(
        collaboration=digi, title="Åpent arkiv", kind="procurement", starts_on=date(2028, 1, 1), by=secretary
    )


def titles(page: Any) -> list[str]:
    return [row.project.title for row in page.context_data["found"]]


def test_one_row_tells_state_light_who_takes_part_cost_own_share_and_the_next_milestone(
    shown: Any, director: User, secretary: User, project: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Bø"], 600_000)
    decides(invited["Sortland"], 300_000)
    milestones.add_milestone(project=project, title="Pilot", planned_on=date(2027, 3, 1), by=secretary)
    milestones.add_milestone(project=project, title="Mandat", planned_on=date(2026, 3, 1), by=secretary)
    report(project, secretary, "yellow")
    text = shown(director).content.decode().replace("\xa0", " ")
    row = text.partition("<tbody")[2]
    for told in ("Felles skjema", "planlegges", "Bø, Sortland", "600 000 kr", "300 000 kr", "Mandat", "4 ikke avklart"):
        assert told in row, told
    assert "Pilot" not in row


def report(project: Project, by: User, light: str, on: date | None = None) -> StatusReport:
    lines = {**LINES, "overall": light}
    return StatusReport.objects.create(
        project=project, reported_for=on or timezone.localdate(), state="published", published_at=timezone.now(),
        written_by=by, **lines,
    )  # fmt: skip


def test_the_figures_are_of_what_is_not_finished_and_count_what_nobody_knows(
    shown: Any, director: User, secretary: User, project: Project, invited: Parts, decides: Any, archive: Project
) -> None:
    decides(invited["Sortland"], 100_000)
    figures = shown(director).context_data["figures"]
    assert (figures["cost"], figures["unknown"]) == (600_000, 1)
    assert (figures["own"], figures["own_if_all"]) == (600_000, 100_000)
    projects.stop(project=project, by=secretary)
    figures = shown(director).context_data["figures"]
    assert (figures["cost"], figures["own"], figures["unknown"]) == (0, 0, 1)


def test_what_waits_is_said_on_top_and_a_few_of_many_are_listed(
    shown: Any, director: User, secretary: User, digi: Collaboration, project: Project, six: list[Organisation]
) -> None:
    for number in range(7):
        made = projects.register_project(collaboration=digi, title=f"Prosjekt {number}", by=secretary)
        participation.invite(project=made, organisations=six, by=secretary)
    page = shown(director)
    assert page.context_data["waiting_count"] == 7
    assert len(page.context_data["waiting"]) == 5
    link = "municipality=1870&amp;participation=waiting_for_answer"
    assert link in page.content.decode()
    assert len(titles(shown(director, municipality="1870", participation="waiting_for_answer"))) == 7


def test_a_share_that_outgrew_the_decision_waits_on_top_too(
    shown: Any, director: User, invited: Parts, decides: Any
) -> None:
    decides(invited["Sortland"], 100_000)
    page = shown(director)
    assert page.context_data["figures"]["own_reopened"] == 1
    assert titles(shown(director, municipality="1870", participation="reopened")) == ["Felles skjema"]
    assert titles(shown(director, municipality="1867", participation="reopened")) == []


# --- filters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ÅPENT"}, ["Åpent arkiv"]),
        ({"area": "strategi-og-retning"}, ["Felles skjema"]),
        ({"state": "idea"}, ["Åpent arkiv"]),
        ({"kind": "procurement"}, ["Åpent arkiv"]),
        ({"light": "red"}, ["Felles skjema"]),
        ({"light": "none"}, ["Åpent arkiv"]),
        ({"light": "green"}, []),
        ({"municipality": "1867"}, ["Felles skjema"]),
        ({"municipality": "1866"}, []),
        ({"municipality": "1866", "participation": "undecided"}, ["Felles skjema"]),
        ({"participation": "takes_part"}, ["Felles skjema"]),
        ({"participation": "declined"}, []),
        ({"municipality": "1867", "participation": "waiting_for_answer"}, []),
        ({"participation": "waiting_for_answer"}, ["Felles skjema"]),
        ({"year": "2027"}, ["Felles skjema"]),
        ({"year": "2029"}, ["Åpent arkiv"]),
        ({"state": "idea", "kind": "project"}, []),
    ],
)
def test_each_filter_leaves_what_it_says(
    shown: Any, director: User, secretary: User, invited: Parts, decides: Any, project: Project, archive: Project,
    query: dict[str, str], found: list[str],
) -> None:  # fmt: skip
    decides(invited["Bø"], 600_000)
    report(project, secretary, "green", on=timezone.localdate() - timedelta(days=30))
    report(project, secretary, "red")
    ProjectYear.objects.create(project=project, year=2027, cost=Decimal(600_000))
    page = shown(director, **query)
    assert titles(page) == found
    assert page.context_data["figures"]["count"] == len(found)


def test_a_filter_that_is_on_is_a_chip_with_a_way_out(shown: Any, director: User, invited: Parts) -> None:
    page = shown(director, state="planning", municipality="1870", participation="undecided", sort="title")
    told = page.context_data["filter"].told
    assert told == ["Fase: planlegges", "Kommune: Sortland", "Deltakelse: ikke avklart"]
    text = page.content.decode()
    assert "?municipality=1870&amp;participation=undecided&amp;sort=title" in text
    assert "Fjern alle" in text or "Nullstill" in text


def test_an_address_with_nonsense_is_told_and_takes_out_nothing(shown: Any, director: User, project: Project) -> None:
    page = shown(director, state="sirkus", format="xlsx")
    assert page.status_code == 200
    assert list(page.context_data["filter"].errors) == ["state"]


@pytest.mark.parametrize(
    ("order", "first"),
    [("title", "Felles skjema"), ("cost", "Felles skjema"), ("share", "Felles skjema"), ("light", "Åpent arkiv"),
     ("milestone", "Åpent arkiv"), ("end", "Åpent arkiv")],
)  # fmt: skip
def test_the_list_comes_in_the_order_one_asks_for(
    shown: Any, director: User, secretary: User, invited: Parts, project: Project, archive: Project, order: str,
    first: str,
) -> None:  # fmt: skip
    report(archive, secretary, "red")
    report(project, secretary, "green")
    milestones.add_milestone(project=archive, title="Start", planned_on=date(2026, 1, 1), by=secretary)
    projects.change_project(project=archive, version=None, ends_on=date(2028, 2, 1), by=secretary)
    page = shown(director, sort=order)
    assert titles(page)[0] == first
    assert page.context_data["areas"] == []


def test_ae_oe_aa_come_last_in_the_order_of_names(
    shown: Any, director: User, secretary: User, digi: Collaboration
) -> None:
    for title in ("Årshjul", "Æresvakt", "Økonomi", "Zoo", "arkiv"):
        projects.register_project(collaboration=digi, title=title, by=secretary)
    assert titles(shown(director, sort="title")) == ["arkiv", "Zoo", "Æresvakt", "Økonomi", "Årshjul"]


# --- many -------------------------------------------------------------------------------------------


def bulk(digi: Collaboration, area: FocusArea, count: int, first: int = 100) -> None:
    Project.objects.bulk_create(
        Project(
            collaboration=digi, number=number, slug=f"p-{number}", title=f"P {number}", focus_area=area,
            starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
        )
        for number in range(first, first + count)
    )  # fmt: skip


def test_many_projects_are_shown_fifty_at_a_time(
    shown: Any, director: User, digi: Collaboration, area: FocusArea
) -> None:
    bulk(digi, area, 120)
    assert len(titles(shown(director))) == 50
    assert len(titles(shown(director, page="3"))) == 20


@pytest.mark.parametrize("query", [{}, {"sort": "share"}, {"participation": "reopened"}])
def test_more_projects_and_municipalities_ask_no_more_of_the_database(
    shown: Any, director: User, secretary: User, digi: Collaboration, area: FocusArea, six: Any,
    django_assert_num_queries: Any, django_assert_max_num_queries: Any, query: dict[str, str],
) -> None:  # fmt: skip
    def fill(count: int) -> None:
        for number in range(count):
            made = projects.register_project(
                collaboration=digi, title=f"P{number}", focus_area=area, shared_cost=Decimal(600),
                starts_on=date(2026, 1, 1), by=secretary,
            )  # fmt: skip
            participation.invite(project=made, organisations=six, by=secretary)
            milestones.add_milestone(project=made, title="Start", planned_on=date(2027, 1, 1), by=secretary)
            focus_areas.register_measure(focus_area=area, text=f"T{number}", by=secretary)

    fill(1)
    shown(director, **query)
    with django_assert_max_num_queries(60) as first:
        shown(director, **query)
    fill(5)
    with django_assert_num_queries(len(first)):
        shown(director, **query)


def test_the_first_look_of_the_day_brings_in_those_who_join_that_day(
    shown: Any, director: User, project: Project, invited: Parts, decides: Any, digi: Collaboration
) -> None:
    decides(invited["Bø"], 600_000)
    Participation.objects.filter(pk=invited["Bø"].pk).update(joins_on=timezone.localdate())
    Share.objects.filter(participation=invited["Bø"]).update(status="waiting")
    shown(director)
    assert Share.objects.get(participation=invited["Bø"]).status == "takes_part"


def test_the_pages_that_are_seldom_needed_are_folded_below_the_list(
    shown: Any, client: Any, director: User, secretary: User, project: Project
) -> None:
    def links(user: User) -> set[str]:
        page = shown(user).content.decode()
        return {name for name in SELDOM if f'href="{reverse(name, args=["vesteralen"])}"' in page}

    assert links(director) == SELDOM - {"habits"}
    assert {client.get(reverse(name, args=["vesteralen"])).status_code for name in links(director)} == {200}
    assert links(secretary) == SELDOM
