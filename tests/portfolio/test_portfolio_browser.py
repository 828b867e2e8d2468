"""The portfolio's pages in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.actions import rounds
from governance.models import Body, Collaboration, Organisation
from portfolio.actions import benefits, projects
from portfolio.actions.saved_filters import save_filter
from portfolio.actions.shares import recalculate
from portfolio.actions.versions import propose_portfolio_version, support_the_rest
from portfolio.models import Participation, PortfolioVersion, Project, ProjectOpinion, ProjectYear
from tests.browser import faults_of, violations, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(
    digi: Collaboration, project: Project, invited: dict[str, Participation], decides: Any, steering: Body,
    director: User, secretary: User,
) -> PortfolioVersion:  # fmt: skip
    """Something to see on every page: years, benefits, an answer too small, a saved filter, a round that is out."""
    projects.change_project(project=project, version=None, starts_on=date(2026, 9, 1), by=secretary)
    benefits.add_benefit(project=project, gain="Færre skjema på papir", by=secretary)
    ProjectYear.objects.create(project=project, year=2027, cost=Decimal(600_000))
    recalculate([project])
    decides(invited["Sortland"], 100_000)
    save_filter(collaboration=digi, name="Planlegges", query="state=planning", shared=True, by=director)
    return propose_portfolio_version(
        collaboration=digi, projects=[project], answer_by=timezone.now() + timedelta(days=7), by=secretary
    )


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, director: User, secretary: User, filled: PortfolioVersion
) -> None:
    seen = [
        (director, here("portfolio")),
        (director, f"{here('portfolio')}?municipality=1870&participation=reopened&sort=cost"),
        (director, here("timeline")),
        (director, f"{here('portfolio')}?state=finished"),
        (director, here("portfolio_municipality", "1870")),
        (director, here("portfolio_municipality", "1867")),
        (director, f"{here('save_filter')}?state=planning"),
        (director, here("portfolio_version", 1)),
        (director, here("portfolio_answers", 1)),
        (director, here("portfolio_view", 1)),
        (secretary, here("portfolio_versions")),
    ]
    assert faults_of(browser, live_server, seen, dark=True) == []


def test_the_secretariat_chooses_what_a_version_has(
    browser: Browser, live_server: Any, secretary: User, project: Project, steering: Body
) -> None:
    assert faults_of(browser, live_server, [(secretary, here("propose_portfolio"))], unfolded=False) == []


def test_a_director_supports_all_in_one_press_and_adjusts_one(
    browser: Browser, live_server: Any, director: User, filled: PortfolioVersion, sortland: Organisation
) -> None:
    page, complaints = window(browser, live_server, director, here("portfolio_view", 1))
    page.get_by_role("button", name="Støtt alt som ikke er besvart").click()
    expect(page.get_by_text("Alt er besvart")).to_be_visible()
    first = page.locator("#prosjekt-1")
    first.get_by_label("Ønsker utredning").check()
    first.get_by_label("Merknad", exact=True).fill("Utred drift først.")
    with page.expect_navigation():
        first.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Portefølje, versjon 1")
    assert ProjectOpinion.objects.get().text == "Utred drift først."
    assert complaints == []
    page.context.close()


def test_a_filter_is_used_saved_and_found_again_by_another(
    browser: Browser, live_server: Any, director: User, secretary: User, filled: PortfolioVersion
) -> None:
    page, _complaints = window(browser, live_server, director, here("portfolio"))
    page.get_by_label("Fase", exact=True).select_option(label="planlegges")
    page.get_by_role("button", name="Vis treff").click()
    page.get_by_role("link", name="Lagre filteret").click()
    page.get_by_label("Navn på filteret").fill("Til møtet")
    page.get_by_label("Del det med alle i samarbeidet").check()
    page.get_by_role("button", name="Lagre filteret").click()
    expect(page.get_by_role("link", name="Fjern filteret Fase planlegges")).to_be_visible()
    page.context.close()
    page, _complaints = window(browser, live_server, secretary, here("portfolio"))
    page.get_by_text("2 lagrede filtre").click()
    page.get_by_role("link", name="Til møtet").click()
    expect(page.get_by_role("link", name="Felles skjema").first).to_be_visible()
    page.context.close()


def test_what_is_frozen_is_shown_with_its_document_and_its_silences(
    browser: Browser, live_server: Any, directors: dict[str, User], director: User, secretary: User,
    filled: PortfolioVersion,
) -> None:  # fmt: skip
    for name in ("Andøy", "Bø", "Hadsel", "Sortland"):
        support_the_rest(version=filled, organisation=Organisation.objects.get(name=name), by=directors[name])
    meeting = filled.case.items.get().meeting
    rounds.close_round(meeting=meeting, at=timezone.now() + timedelta(days=8), by=secretary)
    page, complaints = window(browser, live_server, director, here("portfolio_version", 1))
    expect(page.get_by_text("ikke svart: 2").first).to_be_visible()
    assert [*violations(page), *complaints] == []
    page.context.close()
