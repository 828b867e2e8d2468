"""The sections of a project's page that stand in files of their own, in the order they are shown."""

from collections.abc import Callable
from typing import Any

from portfolio.models import Project
from portfolio.views import (
    accounts,
    benefits,
    cost_panels,
    gate_panels,
    milestones,
    participation_panels,
    preconditions,
    status_panels,
)

# ``panel(request, project)`` gives safe HTML, or nothing; each renders a template of its own.
PANELS: list[Callable[[Any, Project], str]] = [
    gate_panels.panel,
    preconditions.panel,
    cost_panels.costs,
    cost_panels.plan,
    participation_panels.answers,
    status_panels.of_project,
    participation_panels.rollout,
    participation_panels.people_and_costs,
    accounts.panel,
    milestones.panel,
    benefits.panel,
]


def of(request: Any, project: Project) -> list[str]:
    return [shown for panel in PANELS if (shown := panel(request, project))]
