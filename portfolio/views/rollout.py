from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from portfolio.actions import rollout as actions
from portfolio.forms.rollout import PlanForm, StepForm
from portfolio.models import Participation, RolloutStep
from portfolio.rollout_plan import plan_of, sheet
from portfolio.views.finding import LEAD, SEE, find_participation, find_project, posted


@needs(SEE)
def rollout(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Innføringsplan»: step by municipality, each at its own pace (K4)."""
    found = find_project(request, samarbeid, prosjekt)
    plan = plan_of(found, request.user)
    if request.GET.get("format") == "xlsx":
        return writing.response([sheet(plan)], file_name=f"innforingsplan-{found.slug}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "plan": plan,
        "plans_for_all": actions.plans_for_all(request.user, found),
    }
    return TemplateResponse(request, "portfolio/rollout.html", context)


@needs(LEAD)
def lay_out(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The same steps for all who have said yes."""
    found = find_project(request, samarbeid, prosjekt)
    if not actions.plans_for_all(request.user, found):
        raise PermissionDenied(LEAD)
    form = PlanForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            count = actions.lay_out(project=found, steps=form.steps, by=request.user)
            told = ngettext("%(count)s step is laid out.", "%(count)s steps are laid out.", count) % {"count": count}
            messages.success(request, _("%(told)s Now each municipality can be moved.") % {"told": told})
            return redirect("rollout", samarbeid, prosjekt)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("Steps for all who take part"),
        "submit": _("Lay out the steps"),
        "draft": f"rollout-{found.pk}",
    }
    return TemplateResponse(request, "portfolio/form.html", context)


@needs(actions.REPORT_RIGHT, on="organisation")
def add_step(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """A step of one municipality alone."""
    part = find_participation(request, samarbeid, prosjekt, kommune)
    _may_plan(request, part)
    form = StepForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_step(participation=part, by=request.user, **form.values)
            return redirect(part)
    return _form(request, part, form, _("New step for %(municipality)s"), _("Save the step"))


@needs(actions.REPORT_RIGHT, on="organisation")
def change_step(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Move a step, or say that it is reached."""
    step = _find_step(request, samarbeid, prosjekt, pk)
    _may_plan(request, step.participation)
    form = StepForm(posted(request), step=step)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_step(step=step, by=request.user, **form.values)
            messages.success(request, _("The step is saved."))
            return redirect("rollout", samarbeid, prosjekt)
    return _form(request, step.participation, form, _("Step of %(municipality)s"), _("Save the step"), step=step)


@needs(actions.REPORT_RIGHT, on="organisation")
def remove_step(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then take the step out of this municipality's plan."""
    step = _find_step(request, samarbeid, prosjekt, pk)
    _may_plan(request, step.participation)
    if request.method == "POST":
        actions.remove_step(step=step, by=request.user)
        messages.success(request, _("The step is removed."))
        return redirect("rollout", samarbeid, prosjekt)
    context = {
        "collaboration": step.participation.project.collaboration,
        "title": _("Remove «%(step)s» from the plan of %(municipality)s?")
        % {"step": step, "municipality": step.participation.organisation},
        "text": _("The plans of the others stay as they are."),
        "submit": _("Remove the step"),
        "cancel": step.participation.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find_step(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> RolloutStep:
    steps = RolloutStep.objects.visible_to(request.user).select_related(
        "participation__organisation", "participation__project__collaboration", "participation__project__leader"
    )
    found: RolloutStep = get_object_or_404(
        steps,
        participation__project__collaboration__slug=samarbeid,
        participation__project__slug=prosjekt,
        pk=pk,
    )
    return found


def _may_plan(request: HttpRequest, part: Participation) -> None:
    if not actions.plans_for(request.user, part.project, part.organisation):
        raise PermissionDenied(actions.REPORT_RIGHT)


def _form(
    request: HttpRequest, part: Participation, form: Any, title: str, submit: str, *, step: RolloutStep | None = None
) -> HttpResponse:
    context = {
        "collaboration": part.project.collaboration,
        "project": part.project,
        "part": part,
        "form": form,
        "title": title % {"municipality": part.organisation},
        "submit": submit,
        "draft": f"step-{step.pk if step else f'new-{part.pk}'}",
        "step": step,
    }
    return TemplateResponse(request, "portfolio/participation_form.html", context)
