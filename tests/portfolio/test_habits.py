"""«Arbeidsmåte»: everything starts simple, and the secretariat turns on what it needs."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from digivesteralen.accounts.access import Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration
from portfolio.actions.habits import change_habits
from portfolio.models import Habits
from tests.portfolio.money import here


def test_a_new_collaboration_is_simple_and_fills_in_nothing(digi: Collaboration) -> None:
    standing = Habits.objects.of(digi)
    assert (standing.status, standing.effort, standing.more_keys) == ("simple", "half_year", False)
    assert not Habits.objects.exists()


def test_the_secretariat_turns_on_more(go: Any, secretary: User, director: User, digi: Collaboration) -> None:
    assert go(director).get(here("habits")).status_code == 403
    page = go(secretary).get(here("habits"))
    assert page.context_data["form"].initial["status"] == "simple"
    data = {"status": "full", "effort": "month", "more_keys": "on", "version": 1}
    assert go(secretary).post(here("habits"), data).status_code == 302
    standing = Habits.objects.of(digi)
    assert (standing.status, standing.effort, standing.more_keys) == ("full", "month", True)


def test_a_habit_that_is_none_is_told(go: Any, secretary: User, digi: Collaboration) -> None:
    page = go(secretary).post(here("habits"), {"status": "daglig", "effort": "", "version": 1})
    assert set(page.context_data["form"].errors) == {"status", "effort"}


def test_two_who_change_the_habits(secretary: User, digi: Collaboration) -> None:
    wanted: dict[str, Any] = {"status": "full", "effort": "month", "more_keys": False}
    change_habits(collaboration=digi, version=1, by=secretary, **wanted)
    with pytest.raises(Stale):
        change_habits(collaboration=digi, version=1, by=secretary, **wanted)


def test_a_director_does_not_change_them(director: User, digi: Collaboration) -> None:
    with pytest.raises(PermissionDenied):
        change_habits(collaboration=digi, version=1, status="full", effort="month", more_keys=False, by=director)
