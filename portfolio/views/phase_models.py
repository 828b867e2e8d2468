"""Choosing the phase model of a project, and who decides its gates (D13, P1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance.models import Case
from portfolio.actions import phase_models as actions
from portfolio.forms.gates import BoardForm, FullModelForm, SimpleModelForm
from portfolio.models import Project
from portfolio.views.finding import MANAGE, find_project, posted

FORM = "portfolio/phase_model.html"


@needs(MANAGE)
def full(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """From four steps to BP1–BP5."""
    project = _mine(request, samarbeid, prosjekt)
    if refusal := actions.why_not_full(project):
        raise NotAllowedNow(refusal)
    form = FullModelForm(posted(request), project=project, cases=Case.objects.visible_to(request.user))
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            actions.choose_full(
                project=project, version=data["version"], phase=data["phase"], resolutions=form.resolutions,
                reason=data.get("reason", ""), by=request.user,
            )  # fmt: skip
            messages.success(request, _("The project follows Prosjektveiviseren. Prepare the next gate."))
            return redirect("gates", samarbeid, prosjekt)
    return _form(request, project, form, _("Follow Prosjektveiviseren"), _("Use phases and gates"))


@needs(MANAGE)
def simple(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """Back to four steps, while no gate has been laid."""
    project = _mine(request, samarbeid, prosjekt)
    if refusal := actions.why_not_simple(project):
        raise NotAllowedNow(refusal)
    form = SimpleModelForm(posted(request), version=project.version)
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            actions.choose_simple(project=project, version=data["version"], reason=data["reason"], by=request.user)
            messages.success(request, _("The project has four steps again."))
            return redirect(project)
    lost = _("What is prepared at the gates goes with them: front pages, checkpoints and documents.")
    return _form(request, project, form, _("Back to four steps"), _("Use four steps"), lost)


@needs(MANAGE)
def board(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """A board of the project's own decides its gates, or the steering group."""
    project = _mine(request, samarbeid, prosjekt)
    form = BoardForm(posted(request), project=project)
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            actions.choose_board(project=project, version=data["version"], body=data["body"], by=request.user)
            messages.success(request, _("It is saved who decides the gates."))
            return redirect("gates", samarbeid, prosjekt)
    return _form(request, project, form, _("Who decides the gates"))


def _mine(request: HttpRequest, samarbeid: str, prosjekt: str) -> Project:
    project = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=project.collaboration)
    return project


def _form(
    request: HttpRequest, project: Project, form: Any, title: str, submit: str = "", warning: str = ""
) -> HttpResponse:
    context = {
        "collaboration": project.collaboration, "project": project, "form": form, "title": title, "submit": submit,
        "warning": warning, "draft": f"phase-model-{project.pk}-{type(form).__name__}",
    }  # fmt: skip
    return TemplateResponse(request, FORM, context)
