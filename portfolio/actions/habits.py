"""«Arbeidsmåte»: how thoroughly a collaboration follows its portfolio (users.md)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from digivesteralen.accounts.access import check_version, require
from governance.models import Collaboration
from portfolio.models import Habits


@transaction.atomic
def change_habits(
    *,
    collaboration: Collaboration,
    version: int | None,
    status: str,
    effort: str,
    more_keys: bool,
    active_limit: int | None = None,
    scoring: bool = False,
    by: Any,
) -> Habits:
    """Another habit from now on; what is already written stays as it is."""
    require(by, "governance.manage_portfolio", on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    habits = Habits.objects.of(collaboration)
    check_version(habits, version)
    habits.status, habits.effort, habits.more_keys, habits.scoring = status, effort, more_keys, scoring
    habits.active_limit = active_limit
    habits.version += 1
    habits.save()
    return habits
