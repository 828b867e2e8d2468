"""The base budget: a range, adjusted up and down, what covers it and what is missing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration
from portfolio import base_budgets
from portfolio.actions import budgets, grants
from portfolio.models import BaseBudget, Grant
from tests.portfolio.money import here, plain, workbook

MILLION = Decimal(1_000_000)


@pytest.fixture
def budget(digi: Collaboration, secretary: User) -> BaseBudget:
    """1.2 to 1.5 million in 2022."""
    return budgets.register_base_budget(
        collaboration=digi, year=2022, minimum=Decimal(1_200_000), maximum=Decimal(1_500_000), by=secretary
    )


def adjusted(budget: BaseBudget, secretary: User, **fields: Any) -> BaseBudget:
    wanted = {
        "minimum": MILLION,
        "maximum": MILLION,
        "reason": "Færre samlinger",
        "applies_from": date(2022, 6, 1),
        "version": None,
        **fields,
    }
    return budgets.adjust_base_budget(budget=budget, by=secretary, **wanted)


def test_what_is_missing_is_a_range(budget: BaseBudget, grant: Grant, digi: Collaboration, secretary: User) -> None:
    grants.allocate(grant=grant, year=2022, amount=Decimal(1_200_000), by=secretary)
    grants.allocate(grant=grant, year=2023, amount=Decimal(300_000), by=secretary)
    year = base_budgets.years(digi)[0]
    assert (year.covered, year.missing) == (1_200_000, (0, 300_000))


def test_a_project_is_not_paid_by_the_base_budget(
    budget: BaseBudget, grant: Grant, digi: Collaboration, project: Any, secretary: User
) -> None:
    grants.allocate(grant=grant, project=project, year=2022, amount=Decimal(400_000), by=secretary)
    assert base_budgets.years(digi)[0].covered == 0


def test_the_newest_frame_counts_and_the_earlier_ones_stand(
    budget: BaseBudget, digi: Collaboration, secretary: User
) -> None:
    second = adjusted(budget, secretary)
    third = adjusted(second, secretary, maximum=2 * MILLION, applies_from=timezone.localdate())
    year = base_budgets.years(digi)[0]
    assert (year.budget, year.earlier) == (third, [second, budget])
    assert list(digi.base_budgets.counting()) == [third]


def test_a_frame_that_applies_from_later_does_not_count_yet(
    budget: BaseBudget, digi: Collaboration, secretary: User
) -> None:
    coming = adjusted(budget, secretary, applies_from=timezone.localdate() + timedelta(days=30))
    year = base_budgets.years(digi)[0]
    assert (year.budget, year.coming) == (budget, [coming])
    assert list(digi.base_budgets.counting()) == [budget]


def test_what_was_adjusted_is_not_changed_any_more(budget: BaseBudget, secretary: User) -> None:
    adjusted(budget, secretary)
    with pytest.raises(NotAllowedNow):
        budgets.change_base_budget(budget=budget, version=None, figure=MILLION, by=secretary)
    with pytest.raises(NotAllowedNow):
        adjusted(budget, secretary)


def test_a_year_has_one_base_budget(budget: BaseBudget, digi: Collaboration, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        budgets.register_base_budget(collaboration=digi, year=2022, minimum=MILLION, maximum=MILLION, by=secretary)


def test_two_who_put_the_same_budget_right(budget: BaseBudget, secretary: User) -> None:
    budgets.change_base_budget(budget=budget, version=1, figure=Decimal(1_300_000), by=secretary)
    with pytest.raises(Stale):
        budgets.change_base_budget(budget=budget, version=1, figure=Decimal(1_400_000), by=secretary)


def test_this_years_budget_stands_on_top_and_the_rest_is_folded(digi: Collaboration, secretary: User) -> None:
    this_year = timezone.localdate().year
    for year in (this_year - 1, this_year + 1, this_year):
        budgets.register_base_budget(collaboration=digi, year=year, minimum=MILLION, maximum=MILLION, by=secretary)
    focus, rest = base_budgets.in_focus(base_budgets.years(digi))
    assert focus is not None and focus.budget.year == this_year
    assert [one.budget.year for one in rest] == [this_year + 1, this_year - 1]


# --- the page -----------------------------------------------------------------------------------------


def test_everybody_sees_the_gap(go: Any, director: User, budget: BaseBudget, grant: Grant, secretary: User) -> None:
    grants.allocate(grant=grant, year=2022, amount=Decimal(1_200_000), approximate=True, by=secretary)
    page = go(director).get(here("financing"))
    assert page.context_data["focus"].missing == (0, 300_000)
    assert "0 kr – 300 000 kr" in plain(page)


def test_what_is_applied_for_covers_nothing_yet(
    go: Any, digi: Collaboration, giver: Any, budget: BaseBudget, secretary: User
) -> None:
    grants.register_grant(
        collaboration=digi, title="Mer", giver=giver, state="applied", sought=Decimal(300_000), by=secretary
    )
    page = go(secretary).get(here("financing"))
    assert page.context_data["asked_for"] == 300_000
    assert page.context_data["focus"].covered == 0


@pytest.mark.parametrize(
    ("amounts", "wrong"),
    [
        ({"minimum": "2", "maximum": "1"}, "maximum"),
        ({"minimum": "1", "maximum": "3", "figure": "4"}, "figure"),
        ({"minimum": "-1", "maximum": "3"}, "minimum"),
    ],
)
def test_a_base_budget_that_is_no_range_is_told(
    go: Any, secretary: User, digi: Collaboration, amounts: dict[str, str], wrong: str
) -> None:
    page = go(secretary).post(here("new_base_budget"), {"year": 2022, **amounts})
    assert list(page.context_data["form"].errors) == [wrong]
    assert not BaseBudget.objects.exists()


def test_the_frame_is_adjusted_on_its_page(go: Any, secretary: User, director: User, budget: BaseBudget) -> None:
    address = here("adjust_base_budget", 2022)
    assert go(director).get(address).status_code == 403
    lacking = go(secretary).post(address, {"minimum": "1", "maximum": "2", "version": 1})
    assert set(lacking.context_data["form"].errors) == {"reason", "applies_from"}
    data = {"minimum": "900 000", "maximum": "1 000 000", "reason": "Vakant stilling", "applies_from": "01.06.2022"}
    assert go(secretary).post(address, {**data, "version": 1}).status_code == 302
    newest = BaseBudget.objects.get(revision=2)
    assert (newest.year, newest.maximum, newest.reason) == (2022, 1_000_000, "Vakant stilling")
    told = go(director).get(here("financing")).content.decode()
    assert "Vakant stilling" in told


def test_the_workbook_has_every_revision(
    go: Any, director: User, budget: BaseBudget, grant: Grant, secretary: User
) -> None:
    adjusted(budget, secretary)
    book = workbook(go(director).get(here("financing"), {"format": "xlsx"}))
    sheet = book.worksheets[1]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [2, 1]
    assert sheet["C2"].value.date() == date(2022, 6, 1)
    assert sheet["E3"].value == 1_200_000
