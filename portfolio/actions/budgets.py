"""The base budget of a year, adjusted up and down; and own effort as it was estimated when the plan was made."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio.models import BaseBudget, OwnEffort

MANAGE = "governance.manage_portfolio"


@transaction.atomic
def register_base_budget(*, collaboration: Collaboration, by: Any, **fields: Any) -> BaseBudget:
    require(by, MANAGE, on=collaboration)
    _hold(collaboration)
    if collaboration.base_budgets.filter(year=fields["year"]).exists():
        raise NotAllowedNow(_("There is already a base budget for this year. Adjust its frame instead."), at="year")
    return BaseBudget.objects.create(collaboration=collaboration, **fields)


@transaction.atomic
def change_base_budget(*, budget: BaseBudget, version: int | None, by: Any, **fields: Any) -> BaseBudget:
    """Put right what was mistyped; a new frame is a revision of its own."""
    require(by, MANAGE, on=budget.collaboration)
    budget = BaseBudget.objects.select_for_update().get(pk=budget.pk)
    check_version(budget, version)
    _newest(budget)
    for name, value in fields.items():
        setattr(budget, name, value)
    budget.version += 1
    budget.save()
    return budget


@transaction.atomic
def adjust_base_budget(*, budget: BaseBudget, version: int | None, by: Any, **fields: Any) -> BaseBudget:
    """«Juster rammen»: a new revision with its day, its reason and perhaps its case; the earlier ones stand (R18)."""
    require(by, MANAGE, on=budget.collaboration)
    _hold(budget.collaboration)
    budget = BaseBudget.objects.select_for_update().get(pk=budget.pk)
    check_version(budget, version)
    _newest(budget)
    return BaseBudget.objects.create(
        collaboration=budget.collaboration,
        year=budget.year,
        revision=budget.revision + 1,
        example=fields.pop("example", budget.example),
        **fields,
    )


@transaction.atomic
def register_own_effort(*, collaboration: Collaboration, by: Any, **fields: Any) -> OwnEffort:
    require(by, MANAGE, on=collaboration)
    return OwnEffort.objects.create(collaboration=collaboration, **fields)


@transaction.atomic
def change_own_effort(*, effort: OwnEffort, version: int | None, by: Any, **fields: Any) -> OwnEffort:
    require(by, MANAGE, on=effort.collaboration)
    effort = OwnEffort.objects.select_for_update().get(pk=effort.pk)
    check_version(effort, version)
    for name, value in fields.items():
        setattr(effort, name, value)
    effort.version += 1
    effort.save()
    return effort


def _newest(budget: BaseBudget) -> None:
    newer = BaseBudget.objects.filter(
        collaboration=budget.collaboration, year=budget.year, revision__gt=budget.revision
    )
    if newer.exists():
        raise NotAllowedNow(_("The frame has been adjusted since. What stood before is kept as it was."))


def _hold(collaboration: Collaboration) -> None:
    """One at a time: two revisions of a year never get the same number."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
