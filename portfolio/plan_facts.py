"""A project's financing plan as it is laid, as data that is kept: codes, texts and amounts, no words (D18, rule 7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q

from portfolio.gap import gap_of
from portfolio.models import Allocation, FinancingPlan, Grant, Project
from portfolio.shares import Financing, Line, Populations

# What a newer plan tells as changed from the decided one: in all, and for each municipality.
COMPARED = ["shared_cost", "grant_share", "to_share", "hours", "key", "counted_on", "rate", "fixed_amount",
    "equal_percent"]  # fmt: skip


def facts_of(project: Project, divided: Financing, before: FinancingPlan | None) -> dict[str, Any]:
    """All that the plan tells; ``before`` is the one the steering group has decided."""
    gap = gap_of(project, divided)
    told = {
        "number": project.number,
        "title": project.title,
        "goal": project.goal,
        "starts": project.starts,
        "ends": project.ends,
        "in_base_budget": project.in_base_budget,
        "shared_cost": _text(project.shared_cost),
        "grant_share": _text(project.grant_share),
        "to_share": _text(project.to_share),
        "hours": _text(project.hours),
        **_key(project),
        "lines": [
            {"title": line.title, "kind": line.kind, "year": line.year, "amount": _text(line.amount)}
            for line in project.cost_lines.all()
        ],
        "years": [
            {"year": year.year, "cost": _text(year.cost), "grant_share": _text(year.grant_share)}
            for year in project.years.all()
        ],
        "sources": _sources(project),
        "secured": _text(gap.secured if gap else None),
        "covered": _text(divided.covered),
        "missing": _text(gap.missing if gap else None),
        "shares": [_share(line) for line in divided.lines],
        "last_ore": [organisation.name for organisation in divided.if_all.last_ore],
        "people": _people(project, divided),
    }
    return {**told, "before": before.number if before else None, "changes": _changes(before, told)}


def _key(project: Project) -> dict[str, Any]:
    return {
        "key": project.key,
        "counted_on": project.counted_on.isoformat() if project.counted_on else None,
        "equal_percent": project.equal_percent if project.key == Project.Key.MIXED else None,
        "fixed_amount": _text(project.fixed_amount) if project.key == Project.Key.FIXED else None,
        "rate": _text(project.rate) if project.key == Project.Key.RATE else None,
        "use_unit": project.use_unit if project.key == Project.Key.USE else "",
    }


def _share(line: Line) -> dict[str, Any]:
    part = line.participation
    return {
        "municipality": part.organisation.number,
        "name": part.organisation.name,
        "status": str(part.status),
        "if_all": _text(line.if_all),
        "so_far": _text(line.so_far),
        "hours": _text(line.hours_if_all),
        "covered": _text(line.covered),
        "years": {str(year.year): _text(year.if_all) for year in line.years},
    }


def _people(project: Project, divided: Financing) -> dict[str, int]:
    """The population that each share was reckoned from, by the municipality's number."""
    if project.key not in Project.BY_PEOPLE or project.counted_on is None:
        return {}
    counted = [line.participation.organisation for line in divided.lines if line.if_all is not None]
    people = Populations(one.pk for one in counted).on(project.counted_on)
    return {one.number: people[one.pk] for one in counted}


def _sources(project: Project) -> list[dict[str, Any]]:
    """What is laid out of grants to the project, and what is applied for or to be applied for on its behalf."""
    laid_out = Allocation.objects.filter(project=project).select_related("grant__giver").order_by("year", "pk")
    laid_out = laid_out.prefetch_related("grant__giver__names")
    hoped_for = Grant.objects.filter(Q(state=Grant.State.TO_APPLY) | Q(state=Grant.State.APPLIED), project=project)
    hoped_for = hoped_for.select_related("giver").prefetch_related("giver__names")
    return [
        *(_source(row.grant, row.amount, row.year, secured=row.grant.is_won) for row in laid_out),
        *(
            _source(grant, grant.sought, None, secured=False)
            for grant in hoped_for.select_related("giver").prefetch_related("giver__names")
        ),
    ]


def _source(grant: Grant, amount: Decimal | None, year: int | None, *, secured: bool) -> dict[str, Any]:
    return {
        "title": grant.title,
        "giver": grant.giver_then,
        "state": grant.state,
        "year": year,
        "amount": _text(amount),
        "secured": secured,
    }


def _changes(before: FinancingPlan | None, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Old → new, of what the steering group has decided."""
    if before is None:
        return []
    whole = [
        {"what": name, "before": before.facts.get(name), "after": told[name]}
        for name in COMPARED
        if before.facts.get(name) != told[name]
    ]
    then = {share["municipality"]: share for share in before.facts.get("shares", [])}
    now = {share["municipality"]: share for share in told["shares"]}
    return [*whole, *(_of_share(then.get(number), now.get(number)) for number in {**then, **now}
        if (then.get(number) or {}).get("if_all") != (now.get(number) or {}).get("if_all"))]  # fmt: skip


def _of_share(then: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    known = now or then or {}
    return {
        "what": "share",
        "name": known["name"],
        "before": then["if_all"] if then else None,
        "after": now["if_all"] if now else None,
    }


def _text(amount: Decimal | None) -> str | None:
    """The same text for the same amount, wherever it was read from."""
    return None if amount is None else f"{amount:.2f}"
