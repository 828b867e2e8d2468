from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from portfolio import benefit_map as drawing
from portfolio.actions import benefits as actions
from portfolio.forms.benefits import ChainForm
from portfolio.models import BenefitChain, Project
from portfolio.views.benefits import benefit_form
from portfolio.views.finding import MANAGE, SEE, find_project, posted


@needs(SEE)
def benefit_map(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """From the means to the goal: drawn, and the same as a list that the secretariat changes (D14)."""
    found = find_project(request, samarbeid, prosjekt)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "chart": drawing.drawn(found),
        "chains": drawing.chains(found),
        "manages": holds(request.user, MANAGE, found.collaboration),
        "any_benefit": found.benefits.exists(),
    }
    return TemplateResponse(request, "portfolio/benefit_map.html", context)


@needs(MANAGE)
def new_chain(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = ChainForm(posted(request), project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_chain(project=found, by=request.user, **_told(form))
            return redirect("benefit_map", samarbeid, prosjekt)
    return _form(request, found, form, _("New line of the benefit map"), f"chain-new-{found.pk}")


@needs(MANAGE)
def change_chain(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, prosjekt, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    form = ChainForm(posted(request), instance=found, project=found.project)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_chain(chain=found, version=form.cleaned_data["version"], by=request.user, **_told(form))
            return redirect("benefit_map", samarbeid, prosjekt)
    return _form(request, found.project, form, _("Change the line of the benefit map"), f"chain-{found.pk}")


@needs(MANAGE)
def remove_chain(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first."""
    found = _find(request, samarbeid, prosjekt, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.method == "POST":
        actions.remove_chain(chain=found, by=request.user)
        messages.success(request, _("The line is taken out of the map."))
        return redirect("benefit_map", samarbeid, prosjekt)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("Take the line from «%(enabler)s» out of the map?") % {"enabler": found.enabler},
        "text": _("The benefit itself stays."),
        "submit": _("Take out the line"),
        "cancel": reverse("benefit_map", args=[samarbeid, prosjekt]),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> BenefitChain:
    project = find_project(request, samarbeid, prosjekt)
    return get_object_or_404(project.benefit_chains.select_related("project__collaboration"), pk=pk)


def _told(form: ChainForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.Meta.fields}


def _form(request: HttpRequest, project: Project, form: Any, title: str, draft: str) -> HttpResponse:
    cancel = reverse("benefit_map", args=[project.collaboration.slug, project.slug])
    return benefit_form(request, project, form, title, draft=draft, cancel=cancel, submit=_("Save the line"))
