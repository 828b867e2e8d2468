"""What the collaboration wants: the words of the strategy that is being written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Case, Collaboration
from portfolio.financing_plans import with_later
from portfolio.models import Goal, Pillar, Strategy
from portfolio.ordering import move, next_place

RIGHT = "governance.manage_portfolio"
Titled = tuple[str, str]
OVER = {Case.Stage.TREATED, Case.Stage.WITHDRAWN}


class StrategyFields(TypedDict, total=False):
    """What a person writes about a strategy."""

    title: str
    vision: str
    main_goal: str
    starts_on: date | None
    starts_precision: str
    ends_on: date | None
    ends_precision: str
    period: str
    note: str
    reason: str


@transaction.atomic
def register_strategy(
    *,
    collaboration: Collaboration,
    goals: Sequence[Titled] = (),
    pillars: Sequence[Titled] = (),
    example: bool = False,
    by: Any,
    **fields: Unpack[StrategyFields],
) -> Strategy:
    """The first edition; the later ones are made from the one in force."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if collaboration.strategies.exists():
        raise NotAllowedNow(_("The collaboration has a strategy already. Change it, or make a new edition of it."))
    strategy = Strategy.objects.create(collaboration=collaboration, example=example, **fields)
    for title, text in pillars:
        add_pillar(strategy=strategy, title=title, text=text, by=by)
    for title, text in goals:
        add_goal(strategy=strategy, title=title, text=text, by=by)
    return strategy


@transaction.atomic
def change_strategy(*, strategy: Strategy, version: int | None, by: Any, **fields: Unpack[StrategyFields]) -> Strategy:
    """Mend the words of an edition that is being written."""
    strategy = open_edition(strategy, version, by)
    for name, value in fields.items():
        setattr(strategy, name, value)
    strategy.version += 1
    strategy.save()
    return strategy


@transaction.atomic
def add_goal(*, strategy: Strategy, title: str, text: str = "", pillar: Pillar | None = None, by: Any) -> Goal:
    strategy = open_edition(strategy, None, by)
    return Goal.objects.create(
        strategy=strategy, position=next_place(strategy.goals), title=title, text=text, pillar=pillar
    )


@transaction.atomic
def change_goal(
    *, goal: Goal, version: int | None = None, title: str, text: str, pillar: Pillar | None = None, by: Any
) -> Goal:
    """A goal keeps its place, so that projects go on pointing to it."""
    goal = _locked(goal, version, by)
    goal.title, goal.text, goal.pillar = title, text, pillar
    return _saved(goal)


@transaction.atomic
def remove_goal(*, goal: Goal, version: int | None = None, by: Any) -> None:
    """Take a goal out of an edition that is being written; one that something is told of stays."""
    goal = _locked(goal, version, by)
    if told_of(goal) or goal.later.exists():
        raise NotAllowedNow(
            _("Progress, indicators, benefits or local priorities are told of «%(goal)s». Change its words instead.")
            % {"goal": goal}
        )
    if project := goal.projects.order_by("number").first():
        raise NotAllowedNow(
            _("«%(project)s» serves this goal. Take the goal off the project first.") % {"project": project}
        )
    goal.delete()


def told_of(goal: Goal) -> bool:
    told: list[Any] = [goal.notes, goal.indicators, goal.benefit_chains, goal.local_priorities]
    return any(rows.exists() for rows in told)


@transaction.atomic
def add_pillar(*, strategy: Strategy, title: str, text: str = "", by: Any) -> Pillar:
    strategy = open_edition(strategy, None, by)
    return Pillar.objects.create(strategy=strategy, position=next_place(strategy.pillars), title=title, text=text)


@transaction.atomic
def change_pillar(*, pillar: Pillar, version: int | None = None, title: str, text: str, by: Any) -> Pillar:
    pillar = _locked(pillar, version, by)
    pillar.title, pillar.text = title, text
    return _saved(pillar)


@transaction.atomic
def remove_pillar(*, pillar: Pillar, version: int | None = None, by: Any) -> None:
    """The goals it grouped stay, outside any pillar."""
    _locked(pillar, version, by).delete()


@transaction.atomic
def move_goal(*, goal: Goal, up: bool, version: int | None = None, by: Any) -> None:
    goal = _locked(goal, version, by)
    move(goal, goal.strategy.goals.all(), up=up)


@transaction.atomic
def move_pillar(*, pillar: Pillar, up: bool, version: int | None = None, by: Any) -> None:
    pillar = _locked(pillar, version, by)
    move(pillar, pillar.strategy.pillars.all(), up=up)


def open_edition(strategy: Strategy, version: int | None, by: Any) -> Strategy:
    """The edition, held until the transaction ends, if its words may still be changed."""
    strategy = locked_edition(strategy, version, by)
    if refusal := why_not_changed(strategy):
        raise NotAllowedNow(refusal)
    return strategy


def locked_edition(strategy: Strategy, version: int | None, by: Any) -> Strategy:
    strategy = (
        Strategy.objects.select_for_update(of=["self"]).select_related("collaboration", "case").get(pk=strategy.pk)
    )
    require(by, RIGHT, on=strategy.collaboration)
    check_version(strategy, version)
    return strategy


def why_not_changed(strategy: Strategy) -> str:
    """Why the words stand as they are, and what to do instead; empty while they may be changed."""
    if not strategy.is_draft:
        return _("The strategy is adopted and stands as it is. Make a new edition to change it.")
    case = waiting_case(strategy)
    if case is not None and case.sequence is not None:
        return _(
            "The strategy lies before %(body)s in case %(number)s and stands as it was sent. Change it when the case"
            " is treated, or withdraw the case first."
        ) % {"body": case.body, "number": case.number}
    return ""


def waiting_case(strategy: Strategy) -> Case | None:
    """The case in which a body has the edition before it and has not treated it; a postponed one comes back."""
    if strategy.case is None:
        return None
    case = with_later(strategy.case)[-1]
    return None if case.stage in OVER else case


def _locked(part: Any, version: int | None, by: Any) -> Any:
    """A goal or a pillar, with its edition, held."""
    strategy = open_edition(part.strategy, None, by)
    current = type(part).objects.select_for_update(of=["self"]).get(pk=part.pk)
    check_version(current, version)
    current.strategy = strategy
    return current


def _saved(part: Any) -> Any:
    part.version += 1
    part.save()
    return part
