"""How the goals of the strategy have come along, and what one municipality makes of it; all made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio.actions import goal_progress, local_strategies
from portfolio.actions.local_strategies import Line
from portfolio.models import FocusArea, Goal


def load(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    told = facts.example()["strategy"]
    for fact in told["progress"]:
        _progress(cast, collaboration, fact, secretary)
    _local(cast, collaboration, told["local"])


def _progress(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> None:
    goal = Goal.objects.get(strategy=collaboration.strategies.in_force(), position=fact["goal"])
    goal_progress.note_progress(goal=goal, on=cast.past(fact["days"]), text=fact["text"], example=True, by=secretary)
    measured = fact["indicator"]
    indicator = goal_progress.add_indicator(
        goal=goal,
        name=measured["name"],
        unit=measured["unit"],
        baseline=Decimal(measured["baseline"]),
        baseline_on=cast.past(measured["days"]),
        target=Decimal(measured["target"]),
        example=True,
        by=secretary,
    )
    for value in measured["values"]:
        goal_progress.write_value(
            indicator=indicator, on=cast.past(value["days"]), value=Decimal(value["value"]), example=True, by=secretary
        )


def _local(cast: Cast, collaboration: Collaboration, fact: dict[str, Any]) -> None:
    goal = Goal.objects.get(strategy=collaboration.strategies.in_force(), position=fact["goal"])
    area = FocusArea.objects.get(collaboration=collaboration, slug=fact["focus_area"])
    local_strategies.write_local_strategy(
        collaboration=collaboration,
        organisation=cast.municipality(fact["municipality"]),
        text=fact["text"],
        plan_title=fact["plan"],
        lines=[Line(goal, "high", fact["remark"]), Line(area, "some")],
        example=True,
        by=cast.user(fact["by"]),
    )
