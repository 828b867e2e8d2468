"""The financing plan of a project: laid before the steering group, and read as it was laid (D18, R10)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.documents import files
from digivesteralen.ui.numbers import version_in
from portfolio import financing_plan_document as document
from portfolio.actions import cases
from portfolio.financing_plans import beyond, decided, newest_document
from portfolio.gap import gap_of
from portfolio.models import FinancingPlan
from portfolio.shares import shown
from portfolio.views.finding import MANAGE, SEE, find_project


@needs(MANAGE)
def lay(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """What will be laid, and what is missing; then the case for the steering group, with the plan frozen."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    if request.method == "POST":
        plan = cases.lay_financing_plan(project=found, version=version_in(request), by=request.user)
        messages.success(request, _("The case is made from the project. Look through it before it goes on an agenda."))
        return redirect(plan.case)
    divided = shown(found)
    before = decided(found)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "divided": divided,
        "gap": gap_of(found, divided),
        "refusal": cases.why_no_plan(found),
        "before": before.plan if before else None,
        "beyond": beyond(before.plan, found) if before else "",
    }
    return TemplateResponse(request, "portfolio/lay_plan.html", context)


@needs(SEE)
def plan(request: HttpRequest, samarbeid: str, prosjekt: str, number: int) -> HttpResponse:
    """The plan as it was laid."""
    found = _find(request, samarbeid, prosjekt, number)
    context = {
        **document.context(found),
        "project": found.project,
        "document": newest_document(found),
        "decided_on": document.decided_on(found),
        "manages": holds(request.user, MANAGE, found.project.collaboration),
    }
    return TemplateResponse(request, "portfolio/plan.html", context)


@needs(SEE)
def pdf(request: HttpRequest, samarbeid: str, prosjekt: str, number: int) -> FileResponse | HttpResponse:
    """The file, for all who may see the plan's case."""
    found = _find(request, samarbeid, prosjekt, number)
    made = newest_document(found)
    if made is None:
        messages.info(request, _("The file is being made. Try again in a moment."))
        return redirect(found)
    return files.response(made, inline=request.GET.get("vis") == "1")


def _find(request: HttpRequest, samarbeid: str, prosjekt: str, number: int) -> FinancingPlan:
    plans: Any = FinancingPlan.objects.visible_to(request.user).select_related(
        "project__collaboration", "case__body__collaboration"
    )
    where = {"project__collaboration__slug": samarbeid, "project__slug": prosjekt, "number": number}
    found: FinancingPlan = get_object_or_404(plans, **where)
    return found
