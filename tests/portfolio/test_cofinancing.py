"""Grants, the municipalities' money and own work, per project, per year and in all."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio import cofinancing, periods
from portfolio.actions import budgets, effort, grants, projects
from portfolio.actions.shares import recalculate
from portfolio.effort_rules import Told
from portfolio.models import Grant, Participation, Project, ProjectYear
from tests.portfolio.money import here, plain, workbook

YEAR = timezone.localdate().year
Parts = dict[str, Participation]


@pytest.fixture
def paid(
    project: Project, invited: Parts, decides: Any, grant: Grant, digi: Collaboration, secretary: User, director: User
) -> Project:
    """600 000: 200 000 of a grant, 150 000 decided by Sortland, and 100 hours of 600 kroner."""
    projects.change_project(project=project, version=None, grant_share=Decimal(200_000), by=secretary)
    decides(invited["Sortland"], 150_000)
    grants.allocate(grant=grant, project=project, year=YEAR, amount=Decimal(200_000), by=secretary)
    effort.agree_rate(collaboration=digi, since=date(2021, 1, 1), amount=Decimal(600), by=secretary)
    told = Told(
        organisation=invited["Sortland"].organisation, project=project, period=periods.this_month(),
        hours=Decimal(100), estimated=True,
    )  # fmt: skip
    effort.tell_hours(collaboration=digi, told=[told], by=director)
    return project


def test_what_a_project_is_paid_with(paid: Project, digi: Collaboration) -> None:
    found = cofinancing.by_project(digi).get()
    assert (found.secured, found.covered, found.worked, found.worth) == (200_000, 150_000, 100, 60_000)
    assert found.missing == 250_000 and found.estimated


def test_in_all(paid: Project, digi: Collaboration) -> None:
    whole = cofinancing.in_all(digi)
    assert (whole.grants, whole.municipalities, whole.work, whole.missing) == (200_000, 150_000, 60_000, 250_000)
    assert sum(part or 0 for part in whole.parts) == 1
    assert whole.estimated


def test_a_grant_that_is_hoped_for_covers_nothing(project: Project, digi: Collaboration, secretary: User) -> None:
    projects.change_project(project=project, version=None, grant_share=Decimal(200_000), by=secretary)
    assert cofinancing.by_project(digi).get().missing == 600_000


def test_an_unknown_cost_misses_an_unknown_amount(
    project: Project, digi: Collaboration, grant: Grant, secretary: User
) -> None:
    grants.allocate(grant=grant, project=project, year=YEAR, amount=Decimal(1), by=secretary)
    projects.change_project(project=project, version=None, shared_cost=None, by=secretary)
    assert cofinancing.by_project(digi).get().missing is None


def test_the_base_budget_is_told_apart(digi: Collaboration, grant: Grant, secretary: User) -> None:
    budgets.register_base_budget(
        collaboration=digi, year=2022, minimum=Decimal(1_200_000), maximum=Decimal(1_500_000), by=secretary
    )
    budgets.register_own_effort(
        collaboration=digi, title="Timer", year=2022, amount=Decimal(1_000_000), estimated=True, by=secretary
    )
    grants.allocate(grant=grant, year=2022, amount=Decimal(1_200_000), by=secretary)
    found = cofinancing.of_base_budgets(digi)[0]
    assert (found.grants, found.work, found.missing, found.estimated) == (1_200_000, 1_000_000, 300_000, True)
    assert cofinancing.in_all(digi).work == 1_000_000


def test_hours_that_are_delivered_take_the_place_of_the_estimate(
    digi: Collaboration, sortland: Organisation, director: User, secretary: User
) -> None:
    last = periods.half_years(YEAR - 1)[0]
    budgets.register_own_effort(
        collaboration=digi, title="Anslag", year=YEAR - 1, amount=Decimal(1_000_000), by=secretary
    )
    effort.agree_rate(collaboration=digi, since=date(2021, 1, 1), amount=Decimal(600), by=secretary)
    assert cofinancing.work_by_year(digi)[YEAR - 1] == cofinancing.Work(Decimal(1_000_000), estimated=True)
    told = Told(organisation=sortland, period=last, hours=Decimal(10))
    effort.tell_hours(collaboration=digi, told=[told], by=director)
    assert cofinancing.work_by_year(digi)[YEAR - 1] == cofinancing.Work(Decimal(6_000), estimated=False)


def test_the_municipal_part_is_phased_in_over_the_years(paid: Project, digi: Collaboration, secretary: User) -> None:
    for number, (cost, of_grants) in enumerate([(200_000, 150_000), (200_000, 50_000), (200_000, 0)]):
        ProjectYear.objects.create(project=paid, year=YEAR + number, cost=Decimal(cost), grant_share=Decimal(of_grants))
    recalculate([paid])
    assert [year.municipalities for year in cofinancing.by_year(digi)] == [50_000, 150_000, 200_000]


def test_everybody_sees_it(go: Any, director: User, auditor: User, outsider: User, paid: Project) -> None:
    for who in (director, auditor):
        for address in (here("cofinancing"), f"{here('cofinancing')}?vis=ar"):
            page = go(who).get(address)
            assert page.status_code == 200
            assert "200 000" in plain(page)
    assert go(outsider).get(here("cofinancing")).status_code == 404


def test_an_empty_collaboration_has_an_empty_page(go: Any, director: User, digi: Collaboration) -> None:
    whole = go(director).get(here("cofinancing")).context_data["whole"]
    assert (whole.grants, whole.municipalities, whole.work) == (0, 0, 0)
    assert "Ingenting er lagt ut på år ennå" in plain(go(director).get(f"{here('cofinancing')}?vis=ar"))


def test_the_workbook_has_all_four(go: Any, director: User, paid: Project) -> None:
    book = workbook(go(director).get(f"{here('cofinancing')}?format=xlsx"))
    assert [cell.value for cell in book.worksheets[0][2]] == [
        "Felles skjema", 600_000, 200_000, 150_000, 100, 60_000, 250_000,
    ]  # fmt: skip
    assert len(book.worksheets) == 4


def test_more_projects_take_no_more_queries(
    go: Any, director: User, secretary: User, paid: Project, digi: Collaboration, django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    browser = go(director)
    browser.get(here("cofinancing"))
    with django_assert_max_num_queries(40) as first:
        browser.get(here("cofinancing"))
    for number in range(5):
        projects.register_project(collaboration=digi, title=f"P{number}", shared_cost=Decimal(5), by=secretary)
    with django_assert_num_queries(len(first)):
        browser.get(here("cofinancing"))
