"""What the data tells after a chapter's text: each block is one question to the database, asked when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.reports import benefits, insight
from digivesteralen.reports.models import Report
from governance import organisation_chart as chart_of
from governance.models import Body, Collaboration
from portfolio.models import BaseBudget, Grant, OwnEffort, Project
from portfolio.strategy_editions import Area, areas_in_use, areas_of

Facts = dict[str, Any]


def grant(report: Report) -> Facts:
    """Who applied, who gave, how much (A2, D1, N6)."""
    won = Grant.objects.filter(collaboration=report.collaboration, example=False).won().with_totals()
    return {"grants": won.select_related("giver").prefetch_related("applicants", "giver__names")}


def pre_project(collaboration: Collaboration) -> Project | None:
    return collaboration.projects.filter(kind=Project.Kind.PRE_PROJECT).order_by("number").first()


def milestones(report: Report) -> Facts:
    project = pre_project(report.collaboration)
    return {"milestones": project.milestones.all() if project else []}


def mandate(report: Report) -> Facts:
    project = pre_project(report.collaboration)
    return {"mandate": project.mandate_points if project else []}


def bodies(report: Report) -> Facts:
    """The bodies, and how many meetings the steering group has held, counted (N1)."""
    group = report.collaboration.steering_group()
    held = group.meetings.filter(number_only=True).count() if group else 0
    return {"bodies": _bodies(report.collaboration), "steering_group": group, "meetings_held": held}


def organisation_chart(report: Report) -> Facts:
    found = _bodies(report.collaboration)
    drawn = chart_of.chart(report.collaboration, found, timezone.localdate(), examples=False)
    levels = [(level.label, [body for body in found if body.level == level]) for level in Body.Level]
    return {"levels": levels, "chart": drawn}


def vision(report: Report) -> Facts:
    return {"strategy": report.edition_of_strategy}


def goals(report: Report) -> Facts:
    strategy = report.edition_of_strategy
    return {"goals": strategy.goals.all() if strategy else []}


def focus_areas(report: Report) -> Facts:
    return {"focus_areas": areas(report)}


def areas(report: Report) -> list[Area]:
    """The focus areas with the names, texts and measures that the report's edition was adopted with (R33)."""
    return areas_of(report.edition_of_strategy) or areas_in_use(report.collaboration)


def agreement_sections(report: Report) -> Facts:
    agreement = report.collaboration.agreements.filter(example=False).standing().order_by("pk").first()
    return {"agreement": agreement, "sections": agreement.clauses if agreement else []}


def rule_1(report: Report) -> Facts:
    return {}


def base_budget(report: Report) -> Facts:
    return {"budgets": BaseBudget.objects.filter(collaboration=report.collaboration, example=False).counting()}


def own_effort(report: Report) -> Facts:
    return {"efforts": OwnEffort.objects.filter(collaboration=report.collaboration, example=False)}


def recommendations(report: Report) -> Facts:
    return {"recommendations": report.recommendations.all()}


def first_projects(report: Report) -> Facts:
    """The projects that the recommendation itself names."""
    named = report.collaboration.projects.filter(example=False).exclude(
        kind__in=[Project.Kind.PRE_PROJECT, Project.Kind.MAIN_PROJECT]
    )
    return {"projects": named.select_related("focus_area")}


def _bodies(collaboration: Collaboration) -> list[Body]:
    shown = collaboration.bodies.filter(example=False).select_related("reports_to", "region")
    return list(shown.prefetch_related("statuses"))


BLOCKS: dict[str, tuple[Any, Callable[[Report], Facts]]] = {
    "grant": (_("Grant"), grant),
    "milestones": (_("Milestones"), milestones),
    "mandate": (_("Mandate"), mandate),
    "bodies": (_("Bodies"), bodies),
    "activities": (_("What was done"), insight.activities),
    "survey": (_("Survey results"), insight.survey),
    "inventory_summary": (_("Systems in figures"), insight.inventory_summary),
    "findings": (_("Findings"), insight.findings),
    "vision": (_("Vision and main goal"), vision),
    "goals": (_("Sub-goals"), goals),
    "focus_areas": (_("Focus areas"), focus_areas),
    "organisation_chart": (_("Organisation chart"), organisation_chart),
    "agreement_sections": (_("The agreement's sections"), agreement_sections),
    "rule_1": (_("Nobody decides for a municipality"), rule_1),
    "base_budget": (_("Base budget"), base_budget),
    "own_effort": (_("Own effort"), own_effort),
    "grant_remaining": (_("What is left of the grant"), grant),
    "benefits": (_("Benefits expected and realised"), benefits.benefits),
    "recommendations": (_("Recommendations"), recommendations),
    "first_projects": (_("The first projects"), first_projects),
    "focus_areas_full": (_("Focus areas with measures"), focus_areas),
    "inventory": (_("The inventory"), insight.inventory),
}
