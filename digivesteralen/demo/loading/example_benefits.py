"""Benefits by the common model in the present-day layer: planned, measured twice in one project, and its map."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio.actions import benefit_lines, benefits
from portfolio.models import Benefit, Participation, Project

# What the founding layer's words for a benefit are in the common model.
SIDES = {"cost": Benefit.Side.COST, "time": Benefit.Side.COST, "service": Benefit.Side.SERVICE}
KINDS = {"cost": Benefit.Kind.DIRECT, "time": Benefit.Kind.TIME, "service": Benefit.Kind.QUALITATIVE}


def register(cast: Cast, project: Project, fact: dict[str, Any], secretary: Any) -> Benefit:
    """One benefit, with as much of the model as is told of it."""
    model = dict(fact.get("model", {}))
    for name in ("baseline", "target_value", "yearly_value"):
        if name in model:
            model[name] = Decimal(str(model[name]))
    for name in ("baseline", "target"):
        if f"{name}_days" in model:
            model[f"{name}_on"] = cast.day(model.pop(f"{name}_days"))
    return benefits.add_benefit(
        project=project,
        gain=fact["text"],
        owner=cast.municipality(fact["owner"]) if "owner" in fact else None,
        target=fact["target"],
        side=SIDES[fact["kind"]],
        kind=KINDS[fact["kind"]],
        example=True,
        by=secretary,
        **model,
    )


def load(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    """Each municipality's own people say who owns it there and what they have measured; then the map."""
    for fact in told:
        for one in fact.get("benefits", []):
            benefit = Benefit.objects.get(
                project__collaboration=collaboration, project__slug=fact["slug"], gain=one["text"]
            )
            _lines(cast, benefit, one.get("lines", []))
            if "map" in one:
                benefits.add_chain(project=benefit.project, benefit=benefit, by=secretary, **one["map"])


def _lines(cast: Cast, benefit: Benefit, lines: list[dict[str, Any]]) -> None:
    for one in lines:
        director = cast.director_of(one["number"])
        part = Participation.objects.get(project=benefit.project, organisation__number=one["number"])
        line = benefit_lines.plan_line(
            benefit=benefit,
            participation=part,
            owner_role=one["role"],
            ready=one.get("ready", False),
            example=True,
            by=director,
        )
        for measured in one.get("measured", []):
            benefit_lines.measure(
                line=line,
                on=cast.day(measured["days"]),
                value=Decimal(measured["value"]),
                example=True,
                by=director,
            )
