"""How thoroughly a collaboration follows its portfolio (users.md: small first)."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.db import transaction

from digivesteralen.accounts.access import check_version, require
from governance.models import Collaboration
from portfolio.models import Habits

RIGHT = "governance.manage_portfolio"


class Choices(TypedDict, total=False):
    status: str
    effort: str
    more_keys: bool


@transaction.atomic
def choose_habits(
    *, collaboration: Collaboration, version: int | None = None, by: Any, **choices: Unpack[Choices]
) -> Habits:
    """What is chosen holds from now; what was reported before stays as it was."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    require(by, RIGHT, on=collaboration)
    habits = Habits.objects.of(collaboration)
    check_version(habits, version)
    for name, value in choices.items():
        setattr(habits, name, value)
    habits.version += 1
    habits.save()
    return habits
