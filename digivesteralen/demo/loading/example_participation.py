"""How the made-up municipalities go into a project: each at its own pace, with people and costs of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio.actions import contributions, participation, rollout
from portfolio.models import Participation, Project, RolloutStep


def load(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    for fact in told:
        if "rollout" in fact:
            project = Project.objects.select_related("leader").get(collaboration=collaboration, slug=fact["slug"])
            _steps(cast, project, fact["rollout"], secretary)
            _own(cast, project, fact, collaboration)


def _steps(cast: Cast, project: Project, steps: list[dict[str, Any]], secretary: Any) -> None:
    """The same for all, and then as far as each has come."""
    planned = [rollout.PlannedStep(step["title"], cast.day(step["days"])) for step in steps]
    rollout.lay_out(project=project, steps=planned, by=secretary)
    for step in steps:
        for one in step.get("own", []):
            found = RolloutStep.objects.get(
                participation__project=project, participation__organisation__number=one["number"], title=step["title"]
            )
            rollout.change_step(
                step=found,
                title=found.title,
                planned_on=cast.day(one["days"]) if "days" in one else found.planned_on,
                reached_on=cast.past(one["reached"]) if "reached" in one else None,
                by=cast.director_of(one["number"]),
            )


def _own(cast: Cast, project: Project, fact: dict[str, Any], collaboration: Collaboration) -> None:
    """The people and the internal costs, as each municipality's own director registers them."""
    for one in fact.get("people", []):
        contributions.contribute(
            participation=_of(project, one["number"]),
            person=cast.person(one["person"], collaboration),
            percent=one["percent"],
            role=one["role"],
            since=cast.day(one["days"]),
            example=True,
            by=cast.director_of(one["number"]),
        )
    for one in fact.get("internal", []):
        participation.tell_internal_cost(
            participation=_of(project, one["number"]),
            internal_cost=Decimal(one["cost"]),
            internal_spent=Decimal(one["spent"]),
            by=cast.director_of(one["number"]),
        )


def _of(project: Project, number: str) -> Participation:
    return Participation.objects.get(project=project, organisation__number=number)
