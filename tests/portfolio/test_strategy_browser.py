"""The pages of the strategy in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import editions, focus_areas, goal_progress, local_strategies, strategy
from portfolio.actions.accession import ask_for_accession
from portfolio.actions.local_strategies import Line
from portfolio.models import FocusArea, Strategy
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(
    digi: Collaboration, area: FocusArea, sortland: Organisation, director: User, secretary: User
) -> Strategy:  # fmt: skip
    """An adopted edition with something on every page, and the next one being written."""
    focus_areas.register_measure(focus_area=area, text="Felles strategi", by=secretary)
    first = strategy.register_strategy(
        collaboration=digi, vision="Enklere hverdag", main_goal="Gode tjenester", goals=[("Kompetanse", "Nok folk")],
        pillars=[("Styring", "")], by=secretary,
    )  # fmt: skip
    goal = first.goals.get()
    today = timezone.localdate()
    editions.adopt_dated(strategy=first, adopted_on=today, adopted_by="styringsgruppen", by=secretary)
    ask_for_accession(strategy=first, by=secretary)
    goal_progress.note_progress(goal=goal, on=today, text="I gang", by=secretary)
    indicator = goal_progress.add_indicator(
        goal=goal, name="Kommuner i gang", baseline=Decimal(1), baseline_on=date(2025, 1, 1), target=Decimal(6),
        by=secretary,
    )  # fmt: skip
    goal_progress.write_value(indicator=indicator, on=today - timedelta(days=1), value=Decimal(4), by=secretary)
    local_strategies.write_local_strategy(
        collaboration=digi, organisation=sortland, text="Vår vei", lines=[Line(goal, "high", "Lederne først")],
        by=director,
    )  # fmt: skip
    editions.new_edition(collaboration=digi, reason="Perioden er ute.", by=secretary)
    return first


def test_every_page_of_the_strategy_is_whole_and_accessible(
    browser: Browser, live_server: Any, director: User, secretary: User, filled: Strategy
) -> None:
    def here(name: str, *rest: Any) -> str:
        return reverse(name, args=["vesteralen", *rest])

    goal = filled.goals.get()
    seen = [
        (secretary, here("strategy")),
        (secretary, here("strategy_edition", 2)),
        (secretary, here("strategy_edition", 1)),
        (secretary, here("compare_editions", 1, 2)),
        (secretary, here("strategy_editions")),
        (secretary, here("goal", goal.pk)),
        (director, reverse("local_strategy", args=["1870", "vesteralen"])),
        (director, reverse("change_local_strategy", args=["1870", "vesteralen"])),
    ]
    assert faults_of(browser, live_server, seen) == []
