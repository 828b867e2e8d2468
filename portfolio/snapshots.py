"""A project as it stands, as data that can be kept: what a portfolio version shows of it (rule 7)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from portfolio.models import Participation, Project
from portfolio.shares import Financing, Line, Populations, financing

# What the steering group had before it; a difference at the end is told.
PROMISED = ["title", "shared_cost", "grant_share", "to_share"]


def snapshots(projects: Iterable[Project]) -> dict[int, dict[str, Any]]:
    """Many projects at once, with one look at participation and one at the population."""
    projects = list(projects)
    prefetch_related_objects(projects, "years")
    parts: dict[int, list[Participation]] = {project.pk: [] for project in projects}
    for part in Participation.objects.filter(project__in=projects).whole():
        parts[part.project_id].append(part)
    counts = Populations({part.organisation_id for row in parts.values() for part in row})
    return {project.pk: _snapshot(project, financing(project, parts[project.pk], counts)) for project in projects}


def _snapshot(project: Project, divided: Financing) -> dict[str, Any]:
    return {
        "number": project.number,
        "slug": project.slug,
        "title": project.title,
        "goal": project.goal,
        "state": project.state,
        "kind": project.kind,
        "focus_area": project.focus_area.name if project.focus_area else "",
        "starts": project.starts,
        "ends": project.ends,
        "shared_cost": _text(project.shared_cost),
        "grant_share": _text(project.grant_share),
        "in_base_budget": project.in_base_budget,
        "to_share": _text(project.to_share),
        "hours": _text(project.hours),
        "key": project.key,
        "counted_on": project.counted_on.isoformat() if project.counted_on else "",
        "covered": _text(divided.covered),
        "unfunded": _text(divided.unfunded),
        "problem": divided.problem,
        "last_ore": [organisation.name for organisation in divided.if_all.last_ore],
        "shares": [_line(line) for line in divided.lines],
        "example": project.example,
    }


def _line(line: Line) -> dict[str, Any]:
    organisation = line.participation.organisation
    return {
        "municipality": organisation.number,
        "name": organisation.name,
        "status": line.participation.status,
        "if_all": _text(line.if_all),
        "so_far": _text(line.so_far),
        "pays": line.participation.pays,
        "covered": _text(line.covered),
        "reopened": line.reopened,
    }


def _text(amount: Decimal | None) -> str | None:
    """The same text for the same amount, wherever it was read from."""
    return None if amount is None else f"{amount:.2f}"


def differences(laid: dict[str, Any], frozen: dict[str, Any] | None) -> list[str]:
    """What changed between the agenda and the approval, of what the steering group had before it."""
    return [name for name in PROMISED if frozen is not None and laid.get(name) != frozen.get(name)]
