from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Collaboration, Organisation
from portfolio import external_memberships
from portfolio.actions import initiatives as actions
from portfolio.forms.surroundings import InitiativeForm, OutsideFilter, StandingsForm
from portfolio.models import Initiative
from portfolio.surrounding_tables import InitiativeTable, StandingTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/surroundings_form.html"


@needs(SEE)
def initiatives(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What others run, and how many of the municipalities are in it (A20)."""
    collaboration = find_collaboration(request, samarbeid)
    found = external_memberships.counted(collaboration, timezone.localdate())
    table = tables.page(request, InitiativeTable(found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"andres-initiativer-{collaboration.slug}.xlsx")
    context = {
        "collaboration": collaboration,
        "table": table,
        "any": found.exists(),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/initiatives.html", context)


@needs(SEE)
def matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Each municipality and what it is in outside the collaboration, on any day."""
    collaboration = find_collaboration(request, samarbeid)
    form = OutsideFilter(request.GET, collaboration=collaboration)
    places = external_memberships.told_of(collaboration)
    day = timezone.localdate()
    if form.is_valid():
        places, day = form.narrow(places), form.cleaned_data["dato"] or day
    if request.GET.get("format") == "xlsx":
        found = external_memberships.matrix(collaboration, list(places), day)
        return writing.response(found.sheets(), file_name=f"eksterne-medlemskap-{collaboration.slug}.xlsx")
    page = Paginator(places, 60).get_page(request.GET.get("page"))
    context = {
        "collaboration": collaboration,
        "filter": form,
        "page": page,
        "matrix": external_memberships.matrix(collaboration, list(page), day),
        "day": day,
    }
    return TemplateResponse(request, "portfolio/initiative_matrix.html", context)


@needs(SEE)
def initiative(request: HttpRequest, samarbeid: str, initiativ: str) -> HttpResponse:
    found = _find(request, samarbeid, initiativ)
    table = tables.page(request, StandingTable(found.standings.select_related("organisation")))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"{found.slug}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "initiative": found,
        "table": table,
        "manages": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "portfolio/initiative.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = InitiativeForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            return redirect(
                actions.register_initiative(collaboration=collaboration, by=request.user, **form.cleaned_data)
            )
    return _form(request, collaboration, form, _("New initiative"))


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, initiativ: str) -> HttpResponse:
    found = _find(request, samarbeid, initiativ)
    require(request.user, MANAGE, on=found.collaboration)
    form = InitiativeForm(posted(request), initiative=found)
    if form.is_valid():
        with form.refused_at_its_field():
            return redirect(actions.change_initiative(initiative=found, by=request.user, **form.cleaned_data))
    return _form(request, found.collaboration, form, found.name)


@needs(MANAGE)
def standings(request: HttpRequest, samarbeid: str, initiativ: str) -> HttpResponse:
    """How each municipality stands, in one grid."""
    found = _find(request, samarbeid, initiativ)
    require(request.user, MANAGE, on=found.collaboration)
    form = StandingsForm(posted(request), initiative=found)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.tell_standings(initiative=found, version=version, standings=form.values, by=request.user)
            messages.success(request, _("It is saved how the municipalities stand."))
            return redirect(found)
    context = {"collaboration": found.collaboration, "initiative": found, "form": form}
    return TemplateResponse(request, "portfolio/standings.html", context)


def panel(request: HttpRequest, organisation: Organisation) -> str:
    """On the municipality's page: what it is in outside the collaborations that the reader sees."""
    told = Initiative.objects.visible_to(request.user).values("pk")
    rows = organisation.standings.filter(initiative__in=told).select_related("initiative__collaboration")
    return render_to_string("portfolio/_outside_panel.html", {"standings": rows}, request) if rows else ""


def _find(request: HttpRequest, samarbeid: str, initiativ: str) -> Initiative:
    seen = Initiative.objects.visible_to(request.user).select_related("collaboration")
    return get_object_or_404(seen, collaboration__slug=samarbeid, slug=initiativ)


def _form(request: HttpRequest, collaboration: Collaboration, form: Any, title: str) -> HttpResponse:
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": title,
        "parent": "initiatives",
        "parent_name": _("Initiatives of others"),
    }
    return TemplateResponse(request, FORM, context)
