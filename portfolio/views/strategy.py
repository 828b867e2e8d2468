from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from portfolio import overview
from portfolio.actions import strategy as actions
from portfolio.forms.strategy import FocusAreaForm, MeasureForm, StrategyForm
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/form.html"


@needs(SEE)
def strategy(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Vision, goals and focus areas with their measures, the empty ones too (F7)."""
    collaboration = find_collaboration(request, samarbeid)
    newest = collaboration.strategies.prefetch_related("goals__pillar", "pillars").newest()
    context = {
        "collaboration": collaboration,
        "strategy": newest,
        "areas": collaboration.focus_areas.prefetch_related(
            "measures__project__collaboration", "projects__collaboration"
        ),
        "earlier": collaboration.strategies.exclude(pk=newest.pk) if newest else [],
        "manages": holds(request.user, MANAGE, collaboration),
        "colors": overview.STATE_COLORS,
    }
    return TemplateResponse(request, "portfolio/strategy.html", context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    newest = collaboration.strategies.newest()
    form = StrategyForm(posted(request), strategy=newest)
    if form.is_valid():
        if newest is None:
            actions.register_strategy(collaboration=collaboration, by=request.user, **form.values)
        else:
            version = form.cleaned_data["version"]
            actions.change_strategy(strategy=newest, version=version, by=request.user, **form.values)
        messages.success(request, _("The strategy is saved."))
        return redirect("strategy", samarbeid)
    context = {"collaboration": collaboration, "form": form, "title": _("Vision and goals"), "parent": "strategy"}
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def new_focus_area(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = FocusAreaForm(posted(request))
    if form.is_valid():
        area = actions.register_focus_area(collaboration=collaboration, by=request.user, **form.cleaned_data)
        return redirect(area)
    context = {"collaboration": collaboration, "form": form, "title": _("New focus area"), "parent": "strategy"}
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def change_focus_area(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    area = get_object_or_404(collaboration.focus_areas, slug=omrade)
    form = FocusAreaForm(posted(request), area=area)
    if form.is_valid():
        return redirect(actions.change_focus_area(area=area, by=request.user, **form.cleaned_data))
    context = {"collaboration": collaboration, "form": form, "title": area.name, "parent": "strategy"}
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def new_measure(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    area = get_object_or_404(collaboration.focus_areas, slug=omrade)
    form = MeasureForm(posted(request), collaboration=collaboration)
    if form.is_valid():
        actions.register_measure(focus_area=area, by=request.user, **form.cleaned_data)
        return redirect(area)
    title = _("New measure in %(area)s") % {"area": area.name}
    context = {"collaboration": collaboration, "form": form, "title": title, "parent": "strategy"}
    return TemplateResponse(request, FORM, context)
