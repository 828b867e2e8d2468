"""The card of a made-up project: who holds what, what it is asked to do and hands over, and what must be in place."""

from __future__ import annotations

from typing import Any

from digivesteralen.demo.loading.cast import Cast
from portfolio.actions import mandates, preconditions, project_roles, projects
from portfolio.models import Precision, Project


def register(cast: Cast, project: Project, fact: dict[str, Any], secretary: Any) -> None:
    """What the facts tell of it; most projects have no more than their few fields."""
    card = fact.get("card")
    if card is None:
        return
    projects.change_project(
        project=project,
        version=None,
        procurement=card["procurement"],
        threshold_note=card["threshold_note"],
        announced_on=cast.day(card["announced_days"]),
        announced_precision=Precision.MONTH,
        sustainability=card["sustainability"],
        user_involvement=card["user_involvement"],
        change_management=card["change_management"],
        by=secretary,
    )
    for role in card["roles"]:
        person = cast.user(role["person"]).person
        project_roles.give_role(project=project, kind=role["kind"], person=person, since=cast.past(-60), by=secretary)
    mandates.write_mandate(project=project, points=card["mandate"], by=secretary)
    for one in card["deliverables"]:
        preconditions.add_deliverable(project=project, title=one["title"], due_on=cast.day(one["days"]), by=secretary)
    for one in card["preconditions"]:
        preconditions.add_precondition(project=project, by=secretary, **one)
