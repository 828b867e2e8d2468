"""Other ways in than the whole form: a quick measure in four answers, and a main project from its pre-project."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui.numbers import version_in
from portfolio.actions import projects as actions
from portfolio.actions.quick_measures import register_quick_measure
from portfolio.actions.successors import make_main_project
from portfolio.forms.projects import ProjectForm
from portfolio.forms.quick_measures import HoldForm, QuickMeasureForm
from portfolio.models import Project
from portfolio.views.finding import MANAGE, find_collaboration, posted
from portfolio.views.project_parts import managed_project

FORM = "portfolio/form.html"


@needs(MANAGE)
def quick_measure(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Without ceremony (K11): registered and asked about at once."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = QuickMeasureForm(posted(request), collaboration=collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            made = register_quick_measure(collaboration=collaboration, by=request.user, **form.values)
            messages.success(
                request, _("The measure is registered and the municipalities asked. Start it when one has said yes.")
            )
            return redirect(made)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("New quick measure"),
        "submit": _("Register the measure"),
        "draft": f"quick-measure-{collaboration.pk}",
        "parent": "portfolio",
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def main_project(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Lag hovedprosjekt av forprosjektet»: filled in from the pre-project, to be changed before it is saved (P2)."""
    found = managed_project(request, samarbeid, prosjekt)
    if found.kind != Project.Kind.PRE_PROJECT:
        raise NotAllowedNow(_("Only a pre-project is carried on by a main project."))
    form = ProjectForm(
        posted(request), collaboration=found.collaboration, user=request.user, follows=found, initial=_inherited(found)
    )
    if form.is_valid():
        with form.refused_at_its_field():
            made = make_main_project(project=found, by=request.user, **form.values)
            messages.success(request, _("The main project is registered. Goals, areas, findings and roles came along."))
            return redirect(made)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("Main project of the pre-project"),
        "submit": _("Register the main project"),
        "draft": f"main-project-{found.pk}",
    }
    return TemplateResponse(request, FORM, context)


def _inherited(before: Project) -> dict[str, object]:
    reports = before.documents.newest().filter(kind="report")
    return {
        "title": before.title,
        "kind": Project.Kind.MAIN_PROJECT,
        "focus_area": before.focus_area,
        "goal": before.goal,
        "key": Project.Key.EQUAL,
        "lead_organisation": before.lead_organisation,
        "leader": before.current_leader,
        "follows": before,
        "basis": reports.order_by("-dated_on").first(),
        "service_area": before.service_area,
        "sustainability": before.sustainability,
        "goals": list(before.goals.all()),
        "areas": list(before.areas.all()),
        "findings": list(before.findings.all()),
    }


@needs(MANAGE)
def hold(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """It waits for something; the phase stands."""
    found = managed_project(request, samarbeid, prosjekt)
    form = HoldForm(posted(request), version=found.version, initial={"reason": found.on_hold_reason})
    if form.is_valid():
        with form.refused_at_its_field():
            actions.put_on_hold(project=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The project waits."))
            return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("Let the project wait"),
        "submit": _("Let it wait"),
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
@require_POST
def resume(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    actions.take_up_again(project=found, version=version_in(request), by=request.user)
    messages.success(request, _("The project goes on."))
    return redirect(found)
