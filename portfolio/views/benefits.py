from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from portfolio import benefit_map, benefit_sheets, benefit_tables
from portfolio.actions import benefit_plans
from portfolio.actions import benefits as actions
from portfolio.benefits import missing_side, must_state_both, planned_and_realised, reason_for_one_side
from portfolio.forms.benefits import BenefitForm, ReasonForm
from portfolio.models import Benefit, Project
from portfolio.views.finding import MANAGE, SEE, find_project, posted

FORM = "portfolio/benefit_form.html"
# So many stand on the page of the project; its page of benefits has them all.
SHOWN = 5


def panel(request: Any, project: Project) -> str:
    """«Gevinster» on the page of a project, where there are any."""
    found = project.benefits.select_related("owner", "project__collaboration")
    count = found.count()
    if not count:
        return ""
    context = {"project": project, "collaboration": project.collaboration, "benefits": found[:SHOWN], "count": count}
    return render_to_string("portfolio/_benefits_panel.html", context, request)


@needs(SEE)
def benefits(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The benefits of a project: planned and realised, and the map where somebody has drawn it."""
    found = find_project(request, samarbeid, prosjekt)
    told = planned_and_realised(found)
    if request.GET.get("format") == "xlsx":
        return writing.response(benefit_sheets.of(found, told), file_name=f"gevinster-{found.slug}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "told": told,
        "rows": benefit_tables.by_benefit(told),
        "chart": benefit_map.drawn(found),
        "missing": missing_side(found),
        "one_sided": reason_for_one_side(found),
        "full": must_state_both(found),
        "manages": holds(request.user, MANAGE, found.collaboration),
        "job": benefit_plans.newest(found),
    }
    return TemplateResponse(request, "portfolio/benefits.html", context)


@needs(MANAGE)
def new_benefit(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = BenefitForm(posted(request), collaboration=found.collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_benefit(project=found, by=request.user, **form.values)
            messages.success(request, _("The benefit is registered. Each municipality can now say who owns it there."))
            return redirect("benefits", samarbeid, prosjekt)
    return benefit_form(request, found, form, _("New benefit"), draft=f"benefit-new-{found.pk}")


@needs(SEE)
def benefit(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """One benefit: what was agreed about it, and the line of each municipality."""
    found = find_benefit(request, samarbeid, prosjekt, pk)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "benefit": found,
        "facts": benefit_tables.facts(found),
        "rows": benefit_tables.by_municipality(found),
        "manages": holds(request.user, MANAGE, found.project.collaboration),
    }
    return TemplateResponse(request, "portfolio/benefit.html", context)


@needs(MANAGE)
def change_benefit(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = find_benefit(request, samarbeid, prosjekt, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    form = BenefitForm(posted(request), instance=found, collaboration=found.project.collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_benefit(benefit=found, version=form.cleaned_data["version"], by=request.user, **form.values)
            messages.success(request, _("The benefit is saved."))
            return redirect("benefit", samarbeid, prosjekt, pk)
    return benefit_form(
        request,
        found.project,
        form,
        _("Change the benefit"),
        draft=f"benefit-{found.pk}",
        cancel=found.get_absolute_url(),
    )


@needs(MANAGE)
def remove_benefit(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then take out what was registered by mistake."""
    found = find_benefit(request, samarbeid, prosjekt, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.method == "POST":
        actions.remove_benefit(benefit=found, by=request.user)
        messages.success(request, _("The benefit is removed."))
        return redirect("benefits", samarbeid, prosjekt)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("Remove the benefit «%(benefit)s»?") % {"benefit": found},
        "text": _("Do this where it was registered by mistake. The history keeps that it was there."),
        "submit": _("Remove the benefit"),
        "cancel": found.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def one_sided(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """Why the project gives only reduced cost, or only better services (E11)."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    said = reason_for_one_side(found)
    form = ReasonForm(
        posted(request), initial={"reason": said.reason if said else ""}, version=said.version if said else None
    )
    if form.is_valid():
        with form.refused_at_its_field():
            actions.say_why_one_side(project=found, by=request.user, **form.cleaned_data)
            return redirect("benefits", samarbeid, prosjekt)
    return benefit_form(
        request, found, form, _("Why not both reduced cost and better services"), draft=f"one-{found.pk}"
    )


@needs(SEE)
@require_POST
def order_plan(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Gevinstrealiseringsplan» of the project as a document."""
    found = find_project(request, samarbeid, prosjekt)
    return redirect(benefit_plans.order(where=found, by=request.user))


def find_benefit(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> Benefit:
    seen = Benefit.objects.visible_to(request.user).select_related("project__collaboration", "owner")
    return get_object_or_404(seen, project__collaboration__slug=samarbeid, project__slug=prosjekt, pk=pk)


def benefit_form(
    request: HttpRequest, project: Project, form: Any, title: str, *, draft: str, cancel: str = "", submit: str = ""
) -> HttpResponse:
    """The page of one form about a project's benefits."""
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "form": form,
        "title": title,
        "draft": draft,
        "submit": submit,
        "cancel": cancel or reverse("benefits", args=[project.collaboration.slug, project.slug]),
    }
    return TemplateResponse(request, FORM, context)
