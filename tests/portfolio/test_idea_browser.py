"""Ideas and application lists in a browser: readable at both widths, and on to a project by the buttons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import application_lists, ideas
from portfolio.models import Idea, Project
from tests.browser import faults_of, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
IDEAS, LISTS = "/vesteralen/portefolje/ideer/", "/vesteralen/portefolje/soknadslister/"


@pytest.fixture
def filled(digi: Collaboration, six: list[Organisation], contact: User, secretary: User) -> tuple[Idea, str]:
    """Two ideas that look alike, and a list in which both apply."""
    made = [
        ideas.register_idea(
            collaboration=digi, sender=place, title=f"Felles digital byggesak {word}", gains="Alle som bygger.",
            background="Seks ulike løsninger i dag.", problem="Lang behandlingstid.", by=secretary,
        )
        for place, word in zip(six, ("nå", "snart"), strict=False)
    ]  # fmt: skip
    ideas.recommend(idea=made[0], state="detail", comment="Nyttig for alle.", by=secretary)
    called = application_lists.call(
        collaboration=digi, title="Fornyingsmidler", money="Skjønnsmidler", deadline=timezone.localdate(), by=secretary
    )
    for one in made:
        application_lists.apply(
            found=called, idea=one, applicant=one.sender_organisation, amount=Decimal(250_000), by=secretary
        )
    return made[0], called.get_absolute_url()


def test_nothing_spills_over_and_axe_finds_nothing(
    browser: Browser, live_server: Any, filled: tuple[Idea, str], secretary: User
) -> None:
    idea, listed = filled
    own = idea.get_absolute_url()
    steps = [f"{own}{step}/" for step in ("endre", "anbefal", "svar", "prosjekt")]
    paths = [
        *(IDEAS, f"{IDEAS}ny/", own, *steps),
        *(LISTS, f"{LISTS}ny/", listed, f"{listed}soknad/", f"{listed}vedtak/"),
    ]
    assert faults_of(browser, live_server, [(secretary, path) for path in paths], dark=True) == []


def test_an_idea_goes_from_three_lines_to_a_project(
    browser: Browser, live_server: Any, digi: Collaboration, secretary: User
) -> None:
    page, complaints = window(browser, live_server, secretary, f"{IDEAS}ny/", width=1280)
    page.fill("[name=title]", "Felles vakt i helgene")
    page.fill("[name=background]", "Ingen svarer fra fredag til mandag.")
    page.locator("main form[data-draft] button[type=submit]").click()
    page.locator("a[href$='/prosjekt/']").click()
    assert page.input_value("[name=title]") == "Felles vakt i helgene"
    page.locator("main form[data-draft] button[type=submit]").click()
    page.wait_for_url("**/prosjekter/felles-vakt-i-helgene/")
    assert Project.objects.get().idea == Idea.objects.get(state="taken")
    assert complaints == []
    page.context.close()
