"""Who takes part, in a browser: nothing spills over at either width, axe finds nothing, and it works by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Organisation
from portfolio.actions import contributions, participation, rollout
from portfolio.actions.rollout import PlannedStep
from portfolio.models import Participation, Project, Status
from tests.browser import faults_of, window
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = "/vesteralen/prosjekter/felles-skjema/"
PAGES = [
    "/vesteralen/portefolje/deltakelse/",
    "/vesteralen/portefolje/ressurspersoner/",
    PROJECT,
    f"{PROJECT}innforing/",
    f"{PROJECT}deltakelse/1867/",
    f"{PROJECT}deltakelse/1866/",
    f"{PROJECT}deltakelse/1867/person/",
]


@pytest.fixture
def filled(
    project: Project, invited: dict[str, Participation], decides: Any, directors: dict[str, User], secretary: User,
    bo: Organisation,
) -> Project:  # fmt: skip
    """One of each: a yes that covers too little, a signal, a step that is late, a person and an internal cost."""
    part = decides(invited["Bø"], 100_000)
    cost = {"internal_cost": Decimal(80_000), "internal_spent": None}
    participation.tell_internal_cost(participation=part, by=directors["Bø"], **cost)
    participation.answer_interest(
        participation=invited["Hadsel"], interest="waiting", reason="Ingen er ledige.", by=directors["Hadsel"]
    )
    kari = person("Kari Nilsen", organisation=bo)
    contributions.contribute(participation=part, person=kari, percent=20, since=date(2026, 1, 1), by=directors["Bø"])
    late = PlannedStep("Opplæring", timezone.localdate() - timedelta(days=1))
    rollout.lay_out(project=project, steps=[late, PlannedStep("I drift", date(2031, 1, 1))], by=secretary)
    return project


def test_nothing_spills_over_and_axe_finds_nothing(
    browser: Browser, live_server: Any, filled: Project, directors: dict[str, User]
) -> None:
    seen = [(directors["Bø"], path) for path in PAGES]
    assert faults_of(browser, live_server, seen, unfolded=False, dark=True) == []


def test_a_director_finds_the_own_answer_in_the_matrix_and_chooses_from_when(
    browser: Browser, live_server: Any, filled: Project, directors: dict[str, User]
) -> None:
    page, _complaints = window(browser, live_server, directors["Bø"], f"{PAGES[0]}?kommune=1867")
    page.get_by_role("link", name=str(Status.TAKES_PART.label), exact=True).click()
    expect(page).to_have_url(
        f"{live_server.url}/vesteralen/vedtak/{filled.participations.get(organisation__name='Bø').adoption_id}/"
    )
    page.goto(f"{live_server.url}{PROJECT}deltakelse/1867/fra/")
    page.locator("input[name=joins_on]").fill("01.01.2032")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{live_server.url}{PROJECT}deltakelse/1867/")
    assert filled.participations.get(organisation__name="Bø").status == Status.WAITING
    page.context.close()
