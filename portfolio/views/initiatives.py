from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Collaboration
from portfolio.actions import initiatives as actions
from portfolio.forms.surroundings import InitiativeForm, StandingsForm
from portfolio.models import Initiative, Standing
from portfolio.surrounding_tables import InitiativeTable, StandingTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/surroundings_form.html"


@needs(SEE)
def initiatives(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What others run, and how many of the municipalities are in it (A20)."""
    collaboration = find_collaboration(request, samarbeid)
    kinds = {
        "inside": Standing.Kind.MEMBER, "options": Standing.Kind.OPTION, "considering": Standing.Kind.CONSIDERS
    }  # fmt: skip
    counts = {name: Count("standings", filter=Q(standings__kind=kind)) for name, kind in kinds.items()}
    found = collaboration.initiatives.select_related("collaboration").annotate(**counts)
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
        return redirect(actions.register_initiative(collaboration=collaboration, by=request.user, **form.cleaned_data))
    return _form(request, collaboration, form, _("New initiative"))


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, initiativ: str) -> HttpResponse:
    found = _find(request, samarbeid, initiativ)
    require(request.user, MANAGE, on=found.collaboration)
    form = InitiativeForm(posted(request), initiative=found)
    if form.is_valid():
        return redirect(actions.change_initiative(initiative=found, by=request.user, **form.cleaned_data))
    return _form(request, found.collaboration, form, found.name)


@needs(MANAGE)
def standings(request: HttpRequest, samarbeid: str, initiativ: str) -> HttpResponse:
    """How each municipality stands, in one grid."""
    found = _find(request, samarbeid, initiativ)
    require(request.user, MANAGE, on=found.collaboration)
    form = StandingsForm(posted(request), initiative=found)
    if form.is_valid():
        version = form.cleaned_data["version"]
        actions.tell_standings(initiative=found, version=version, standings=form.values, by=request.user)
        messages.success(request, _("It is saved how the municipalities stand."))
        return redirect(found)
    context = {"collaboration": found.collaboration, "initiative": found, "form": form}
    return TemplateResponse(request, "portfolio/standings.html", context)


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
