"""What a project has spent month by month, and what the whole is expected to cost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from portfolio import accounts as reading
from portfolio import periods
from portfolio.actions import accounts
from portfolio.models import Project, ProjectAccount
from portfolio.periods import MONTH, Period
from tests.portfolio.money import here, plain, workbook


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), MONTH)


def spend(project: Project, when: Period, amount: Any, by: User, **more: Any) -> ProjectAccount:
    return accounts.write_account(project=project, month=when, spent=Decimal(amount), by=by, **more)


def test_months_add_up_against_the_budget(project: Project, secretary: User) -> None:
    spend(project, month(2025, 12), 100_000, secretary)
    spend(project, month(2026, 2), "50000.50", secretary, forecast=Decimal(650_000))
    spend(project, month(2026, 3), -10_000, secretary, note="Kreditnota")
    found = reading.picture(project)
    assert [so_far for _account, so_far in found.rows] == [100_000, Decimal("150000.50"), Decimal("140000.50")]
    assert (found.budget, found.forecast, found.beyond) == (600_000, 650_000, 50_000)
    assert found.years == [(2025, 100_000), (2026, Decimal("40000.50"))]
    assert not found.overspent


def test_the_chart_has_every_month_also_those_without_spending(project: Project, secretary: User) -> None:
    spend(project, month(2025, 12), 100, secretary)
    spend(project, month(2026, 3), 100, secretary, forecast=Decimal(300))
    chart = reading.chart(reading.picture(project))
    assert chart is not None
    assert [row[0] for row in chart.rows] == ["12.2025", "01.2026", "02.2026", "03.2026"]
    assert [row[1] for row in chart.rows] == [100, 100, 100, 200]
    assert [row[2] for row in chart.rows] == [None, None, None, 300]


def test_a_month_that_has_not_begun_has_cost_nothing(project: Project, secretary: User) -> None:
    coming = Period(periods.this_month().ends_before, MONTH)
    with pytest.raises(NotAllowedNow):
        spend(project, coming, 1, secretary)
    with pytest.raises(IntegrityError, match="not begun"), transaction.atomic():
        ProjectAccount.objects.create(project=project, month=coming.starts_on, spent=1)


def test_the_month_that_begins_tonight_begins_by_the_clock_in_oslo(project: Project, secretary: User) -> None:
    with time_machine.travel("2026-07-31 21:59:00+00:00", tick=False), pytest.raises(NotAllowedNow):
        spend(project, month(2026, 8), 1, secretary)


def test_a_month_is_registered_once(project: Project, secretary: User) -> None:
    spend(project, month(2026, 2), 1, secretary)
    with pytest.raises(NotAllowedNow):
        spend(project, month(2026, 2), 1, secretary)


def test_a_half_year_is_no_month(project: Project, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        spend(project, periods.half_years(2025)[0], 1, secretary)


def test_two_who_change_the_same_month(project: Project, secretary: User) -> None:
    account = spend(project, month(2026, 2), 1, secretary)
    accounts.change_account(account=account, version=1, spent=Decimal(2), by=secretary)
    with pytest.raises(Stale):
        accounts.change_account(account=account, version=1, spent=Decimal(3), by=secretary)
    with pytest.raises(Stale):
        accounts.remove_account(account=account, version=1, by=secretary)
    accounts.remove_account(account=account, version=2, by=secretary)
    assert not ProjectAccount.objects.exists()


# --- the page -----------------------------------------------------------------------------------------


def test_the_secretariat_registers_a_month_and_everybody_reads(
    go: Any, secretary: User, director: User, outsider: User, project: Project
) -> None:
    address = here("project_accounts", project.slug)
    data = {"month": "februar 2026", "spent": "150 000,50", "forecast": "700 000", "note": "Lisenser"}
    assert go(director).post(address, data).status_code == 403
    assert go(outsider).get(address).status_code == 404
    assert go(secretary).post(address, data).status_code == 302
    told = plain(go(director).get(address))
    assert "150 000,50 kr" in told and "700 000 kr" in told and "Lisenser" in told
    assert "150 000,50 kr" in plain(go(director).get(project.get_absolute_url()))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"month": "2026", "spent": "1"}, "month"),
        ({"month": "1. halvår 2026", "spent": "1"}, "month"),
        ({"month": "januar 2099", "spent": "1"}, "month"),
        ({"month": "januar 2026", "spent": "mye"}, "spent"),
        ({"month": "januar 2026", "spent": "1", "forecast": "-1"}, "forecast"),
    ],
)
def test_what_is_mistyped_is_told(go: Any, secretary: User, project: Project, data: dict[str, str], wrong: str) -> None:
    page = go(secretary).post(here("project_accounts", project.slug), data)
    assert list(page.context_data["form"].errors) == [wrong]
    assert not ProjectAccount.objects.exists()


def test_a_month_is_changed_and_removed_on_its_page(go: Any, secretary: User, director: User, project: Project) -> None:
    account = spend(project, month(2026, 2), 1, secretary)
    change, remove = (here(name, project.slug, account.pk) for name in ("change_account", "remove_account"))
    assert go(director).get(change).status_code == 403
    assert go(secretary).post(change, {"spent": "2", "version": 1}).status_code == 302
    assert go(secretary).post(change, {"spent": "3", "version": 1}).status_code == 409
    assert go(secretary).get(remove).status_code == 200
    assert go(secretary).post(remove, {"version": 2}).status_code == 302
    assert not ProjectAccount.objects.exists()


def test_the_panel_is_one_line_while_it_is_empty_and_nothing_for_those_who_only_read(
    go: Any, secretary: User, director: User, project: Project
) -> None:
    address = here("project_accounts", project.slug)
    assert address in go(secretary).get(project.get_absolute_url()).content.decode()
    assert address not in go(director).get(project.get_absolute_url()).content.decode()


def test_the_workbook_has_days_and_numbers(go: Any, director: User, secretary: User, project: Project) -> None:
    spend(project, month(2026, 2), "100.50", secretary, note="=1+1")
    book = workbook(go(director).get(f"{here('project_accounts', project.slug)}?format=xlsx"))
    first = [cell.value for cell in book.worksheets[0][2]]
    assert first[0].date() == date(2026, 2, 1)
    assert first[1:6] == [100.5, 100.5, None, 600_000, "=1+1"]
    assert book.worksheets[0]["F2"].data_type == "s"
    assert [cell.value for cell in book.worksheets[1][2]] == [2026, 100.5]


def test_this_month_is_proposed_and_then_the_next(go: Any, secretary: User, project: Project) -> None:
    address = here("project_accounts", project.slug)
    assert go(secretary).get(address).context_data["form"].initial["month"] == str(periods.this_month())
    spend(project, periods.this_month().before.before, 1, secretary)
    assert go(secretary).get(address).context_data["form"].initial["month"] == str(periods.this_month().before)
    assert timezone.localdate().replace(day=1) == periods.this_month().starts_on
