"""A project as it stands, as data that can be kept: what a portfolio version shows of it (rule 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from governance.models import Opinion, Organisation
from portfolio.models import Participation, Project, ProjectOpinion, Share, Status
from portfolio.overview import Row
from portfolio.shares import Financing, Line, Populations, financing

# What the steering group had before it; a difference at the end is told.
PROMISED = ["title", "state", "starts", "ends", "shared_cost", "grant_share", "to_share", "hours"]
# A silence is kept as one, and never as an answer.
SILENT = ""


def snapshots(projects: Iterable[Project]) -> dict[int, dict[str, Any]]:
    """Many projects at once, divided anew; with one look at participation and one at the population."""
    projects = list(projects)
    prefetch_related_objects(projects, "years", "focus_area")
    parts: dict[int, list[Participation]] = {project.pk: [] for project in projects}
    for part in Participation.objects.filter(project__in=projects).whole():
        parts[part.project_id].append(part)
    counts = Populations({part.organisation_id for row in parts.values() for part in row})
    reported: Any = Project.objects.filter(pk__in=parts).with_light().order_by()
    lights = {pk: (light, on) for pk, light, on in reported.values_list("pk", "light", "light_on")}
    return {
        project.pk: _snapshot(project, financing(project, parts[project.pk], counts), *lights[project.pk])
        for project in projects
    }


def _snapshot(project: Project, divided: Financing, light: str | None, light_on: Any) -> dict[str, Any]:
    return {
        **_facts(project, light, light_on),
        "covered": _text(divided.covered),
        "unfunded": _text(divided.unfunded),
        "problem": divided.problem,
        "last_ore": [organisation.name for organisation in divided.if_all.last_ore],
        "shares": [_line(line) for line in divided.lines],
    }


def kept_snapshots(rows: Sequence[Row], *, with_shares: bool) -> list[dict[str, Any]]:
    """The same facts of projects in a list, from the shares that are kept."""
    lines: dict[int, list[Share]] = {row.project.pk: [] for row in rows}
    if with_shares:
        shares = Share.objects.filter(project__in=lines).select_related("organisation")
        for share in shares.order_by("organisation__sort_key"):
            lines[share.project_id].append(share)
    return [_kept(row, lines[row.project.pk]) for row in rows]


def _kept(row: Row, shares: Sequence[Share]) -> dict[str, Any]:
    project, sums = row.project, row.sums
    return {
        **_facts(project, row.light, row.light_on),
        "covered": _text(sums.covered if sums else None),
        "unfunded": _text(sums.unfunded if sums else None),
        "problem": sums.problem if sums else "",
        "last_ore": [share.organisation.name for share in shares if share.last_ore],
        "shares": [
            {
                "municipality": share.organisation.number,
                "name": share.organisation.name,
                "status": share.status,
                "if_all": _text(share.if_all),
                "so_far": _text(share.so_far),
                # One that has left may still carry the years it was in, and is not with any more.
                "pays": share.pays and share.status != Status.LEFT,
                "covered": _text(share.covered),
                "reopened": share.excess > 0,
            }
            for share in shares
        ],
    }


def _facts(project: Project, light: str | None, light_on: Any) -> dict[str, Any]:
    return {
        "number": project.number,
        "slug": project.slug,
        "title": project.title,
        "goal": project.goal,
        "state": project.state,
        "kind": project.kind,
        "focus_area": project.focus_area.name if project.focus_area else "",
        "light": light or "",
        "light_on": light_on.isoformat() if light_on else "",
        "starts": project.starts,
        "ends": project.ends,
        "shared_cost": _text(project.shared_cost),
        "grant_share": _text(project.grant_share),
        "in_base_budget": project.in_base_budget,
        "to_share": _text(project.to_share),
        "hours": _text(project.hours),
        "key": project.key,
        "counted_on": project.counted_on.isoformat() if project.counted_on else "",
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


def differences(laid: Mapping[str, Any], now: Mapping[str, Any] | None) -> list[str]:
    """What changed of what the steering group had before it."""
    return [name for name in PROMISED if now is not None and laid.get(name) != now.get(name)]


# --- who said what ----------------------------------------------------------------------------------


def views(asked: Sequence[Organisation], given: Iterable[Opinion | ProjectOpinion]) -> list[dict[str, str]]:
    """The answer of everybody who was asked; those who said nothing are listed as silent, never as a yes."""
    said = {opinion.organisation_id: opinion for opinion in given}
    return [
        {
            "municipality": organisation.number,
            "name": organisation.name,
            "stance": said[organisation.pk].stance if organisation.pk in said else SILENT,
            "text": said[organisation.pk].text if organisation.pk in said else "",
        }
        for organisation in asked
    ]
