"""What the page of a project tells of its cost: lines, years and reckoning, the gap, and the financing plan."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from digivesteralen.accounts.access import holds
from portfolio.explaining import explain
from portfolio.financing_plan_document import phase_in
from portfolio.financing_plans import decided, waits
from portfolio.gap import gap_of
from portfolio.models import FinancingPlan, Project
from portfolio.shares import shown
from portfolio.views.finding import MANAGE


def costs(request: Any, project: Project) -> str:
    """«Kostnader»: what the money is for, how it is phased in, and how each share was reckoned."""
    divided = shown(project)
    years = list(project.years.all())
    context = {
        "project": project,
        "divided": divided,
        "lines": project.cost_lines.all(),
        "years": years,
        "chart": phase_in([{"year": year.year, "cost": year.cost, "grant_share": year.grant_share,
            "to_share": year.to_share} for year in years]),
        "explained": explain(divided),
        "gap": gap_of(project, divided),
        "manages": holds(request.user, MANAGE, project.collaboration),
    }  # fmt: skip
    return render_to_string("portfolio/_costs_panel.html", context, request)


def plan(request: Any, project: Project) -> str:
    """«Finansieringsplan»: the newest that the reader sees, and that it is missing where it is needed (D18)."""
    if not project.needs_financing_plan:
        return ""
    seen = (
        FinancingPlan.objects.visible_to(request.user)
        .filter(project=project)
        .select_related("case__body__collaboration")
    )
    plans = list(seen.order_by("-number"))
    found = decided(project)
    context = {
        "project": project,
        "plans": plans,
        "missing": not project.plans.exists(),
        "decided": found.plan if found else None,
        "waiting": any(waits(one) for one in plans),
        "manages": holds(request.user, MANAGE, project.collaboration),
    }
    return render_to_string("portfolio/_plan_panel.html", context, request)
