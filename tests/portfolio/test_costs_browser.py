"""Costs, sharing and the financing plan in a browser: readable at both widths, and the sums follow while one writes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Body
from portfolio.actions import costs
from portfolio.actions.cases import lay_financing_plan
from portfolio.models import Participation, Project
from tests.browser import faults_of, window
from tests.people import LONG_AGO

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PROJECT = "/vesteralen/prosjekter/felles-skjema/"
PAGES = [
    PROJECT,
    f"{PROJECT}kostnader/",
    f"{PROJECT}fordeling/",
    f"{PROJECT}finansieringsplan/",
    f"{PROJECT}finansieringsplan/1/",
    "/vesteralen/portefolje/avklares/",
]


@pytest.fixture
def filled(
    project: Project, invited: dict[str, Participation], decides: Any, secretary: User, steering: Body
) -> Project:
    """Lines, years, a key by people, a yes that covers too little, and a plan that waits."""
    decides(invited["Bø"], 100_000)
    costs.share_cost(project=project, version=None, key="population", counted_on=LONG_AGO, by=secretary)
    half = Decimal(300_000)
    costs.write_costs(
        project=project, version=None, shared_cost=None, grant_share=Decimal(100_000), by=secretary,
        lines=[{"title": "Lisenser", "kind": "procurement", "year": None, "amount": Decimal(600_000)}],
        years=[
            {"year": 2027, "cost": half, "grant_share": Decimal(100_000)},
            {"year": 2028, "cost": half, "grant_share": Decimal(0)},
        ],
    )  # fmt: skip
    lay_financing_plan(project=project, by=secretary)
    return project


def test_nothing_spills_over_and_axe_finds_nothing(
    browser: Browser, live_server: Any, filled: Project, secretary: User
) -> None:
    assert faults_of(browser, live_server, [(secretary, path) for path in PAGES], dark=True) == []


def test_the_sums_follow_while_the_secretary_writes(
    browser: Browser, live_server: Any, filled: Project, secretary: User
) -> None:
    page, complaints = window(browser, live_server, secretary, f"{PROJECT}kostnader/", width=1280)
    sum_of_lines = page.locator("[data-sum-of=lines]")
    expect(sum_of_lines).to_have_text("600 000 kr")
    page.fill("[name=lines-1-title]", "Opplæring")
    page.fill("[name=lines-1-amount]", "50 000,50")
    expect(sum_of_lines).to_have_text("650 000,50 kr")
    page.fill("[name=years-0-cost]", "350.000,5")
    expect(page.locator("[data-sum-row] output").first).to_have_text("250 000,50 kr")
    expect(page.locator("[data-sum-of=cost]")).to_have_text("650 000,50 kr")
    page.fill("[name=lines-1-amount]", "femti")
    expect(sum_of_lines).to_have_text("–")
    page.fill("[name=lines-1-amount]", "50 000,50")
    with page.expect_navigation():
        page.press("[name=lines-1-amount]", "Enter")
    expect(page.locator("h1")).to_have_text("Felles skjema")
    filled.refresh_from_db()
    assert filled.shared_cost == Decimal("650000.50")
    assert complaints == []
    page.context.close()


def test_the_secretary_looks_at_the_sharing_before_it_is_saved(
    browser: Browser, live_server: Any, filled: Project, secretary: User
) -> None:
    page, _complaints = window(browser, live_server, secretary, f"{PROJECT}fordeling/", width=1280)
    page.check("[name=key][value=equal]")
    page.get_by_role("button", name="Vis fordelingen").click()
    expect(page.get_by_text("Dette er ikke lagret ennå")).to_be_visible()
    expect(page.locator("#forhandsvisning tbody tr").first).to_contain_text("83 333,3")
    filled.refresh_from_db()
    assert filled.key == "population"
    with page.expect_navigation():
        page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.locator("h1")).to_have_text("Felles skjema")
    filled.refresh_from_db()
    assert filled.key == "equal"
    page.context.close()
