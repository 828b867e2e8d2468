"""Prioritisation in a browser: whole and accessible at both widths, and moved by the keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Body, Collaboration
from portfolio import candidates
from portfolio.actions import criteria, ordering, projects, rankings, scores
from portfolio.actions.ranking_rounds import ask_directors, send_own
from portfolio.actions.scores import Given
from portfolio.models import Habits
from tests.browser import faults_of, window
from tests.portfolio.money import here

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(digi: Collaboration, steering: Body, directors: dict[str, User], secretary: User) -> list[str]:
    """Three projects with points, two saved rankings, a draft of criteria, and one director who has ranked."""
    keys = []
    for title in ("Felles skjema", "Felles arkiv", "Felles innbyggerportal med svært langt navn"):
        made = projects.register_project(collaboration=digi, title=title, by=secretary)
        keys.append(f"prosjekt-{made.number}")
    Habits.objects.create(collaboration=digi, scoring=True)
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    used = criteria.adopt_criteria(edition=draft, version=None, adopted_on=timezone.localdate(), by=secretary)
    given = {one.pk: Given(4) for one in used.criteria.all()}
    scores.give_points(collaboration=digi, key=keys[0], given=given, by=secretary)
    criteria.draft_criteria(collaboration=digi, by=secretary)
    rankings.save_ranking(collaboration=digi, name="Vår", reason="Før budsjettet", by=secretary)
    ordering.move(collaboration=digi, key=keys[1], to=1, by=secretary)
    rankings.save_ranking(collaboration=digi, name="Høst", reason="Nye midler", by=secretary)
    later = timezone.now() + timedelta(days=3)
    asked = ask_directors(collaboration=digi, keys=keys, answer_by=later, by=secretary)
    places = {item.pk: item.position for item in asked.items.all()}
    seat = asked.body.seats.get(person__user=directors["Bø"])
    send_own(round=asked, organisation=seat.represents, places=places, by=directors["Bø"])
    return keys


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, director: User, secretary: User, filled: list[str]
) -> None:
    pages = [
        (secretary, here("order")), (secretary, here("give_points", filled[0])), (secretary, here("criteria")),
        (secretary, here("change_criteria")), (secretary, here("rankings")), (director, here("ranking_edition", 2)),
        (secretary, here("ranking_round", 1)), (director, here("own_ranking", 1)),
    ]  # fmt: skip
    assert faults_of(browser, live_server, pages) == []


def test_a_line_is_moved_by_the_keyboard_and_the_focus_stays_with_it(
    browser: Browser, live_server: Any, secretary: User, digi: Collaboration, filled: list[str]
) -> None:
    page, complaints = window(browser, live_server, secretary, here("order"))
    up = page.get_by_role("button", name="Flytt «Felles innbyggerportal med svært langt navn» opp")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("har nå plass 2")).to_be_visible()
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("har nå plass 1")).to_be_visible()
    assert candidates.in_order(digi)[0].key == filled[2]
    assert complaints == []
    page.context.close()
