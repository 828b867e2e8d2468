"""Own effort: one figure for each municipality and half-year, or hours for each project and month (N8, R19)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed, holds, needs, require
from digivesteralen.spreadsheets import writing
from governance import on_behalf
from governance.models import Collaboration, Organisation
from portfolio import effort_sheets, effort_sums
from portfolio.actions import effort as actions
from portfolio.effort_rules import told_monthly
from portfolio.forms.effort import EffortFileForm, HoursForm, PlaceFilter, RateForm, half_year_places
from portfolio.models import Habits, HourlyRate
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted
from portfolio.views.money import pages
from surveys.actions import imports

OWN = "governance.report_effort"
PER_PAGE = 25
FORM = "portfolio/effort_form.html"


@needs(SEE)
def effort(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """A year of all municipalities: each fills in its own figures, the secretariat those of everybody."""
    collaboration = find_collaboration(request, samarbeid)
    years = _years(collaboration)
    year = _chosen(request, years)
    narrowed = PlaceFilter(request.GET)
    if request.GET.get("format") == "xlsx":
        sheets = effort_sheets.sheets(collaboration, year)
        return writing.response(sheets, file_name=f"egeninnsats-{collaboration.slug}-{year}.xlsx")
    members = narrowed.narrow(effort_sums.members_in(collaboration, year))
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
    own = own_municipalities(request.user, collaboration)
    manages = holds(request.user, MANAGE, collaboration)
    habits = Habits.objects.of(collaboration)
    lines = effort_sums.lines(collaboration, list(page.object_list), year)
    mine = lines if manages else effort_sums.lines(collaboration, own, year)
    places = half_year_places(mine) if habits.effort == Habits.Effort.HALF_YEAR else []
    form = HoursForm(posted(request), places=places)
    if request.method == "POST" and not places:
        require(request.user, MANAGE, on=collaboration)
    if form.is_valid():
        return _saved(request, collaboration, form)
    context = {
        **_frame(collaboration, year, page, manages=manages, habits=habits),
        "filter": narrowed if page.paginator.num_pages > 1 or narrowed.is_narrowed else None,
        "years": [(str(one), f"?ar={one}", one == year) for one in years],
        "form": form,
        "own": own,
        "rows": _rows(lines, form if manages else None),
        "mine": [] if manages else _rows(mine, form),
        "fills_in": bool(places),
    }
    return TemplateResponse(request, "portfolio/effort.html", context)


def _frame(collaboration: Collaboration, year: int, page: Page, *, manages: bool, habits: Habits) -> dict[str, Any]:
    return {
        "collaboration": collaboration,
        "pages": pages(collaboration, "effort"),
        "year": year,
        "page": page,
        "manages": manages,
        "monthly": habits.effort == Habits.Effort.MONTH,
        "told_monthly": list(told_monthly(collaboration)),
        "totals": effort_sums.in_all(collaboration, year),
        "rate": HourlyRate.objects.on(collaboration, timezone.localdate()),
    }


def own_municipalities(user: Any, collaboration: Collaboration) -> list[Organisation]:
    """Those that the person tells hours for; the secretariat has none of its own."""
    return on_behalf.own_alone(list(allowed(collaboration.members(), user, OWN)))


def _years(collaboration: Collaboration) -> list[int]:
    """This year and the last, and those before from the first that is told."""
    this_year = timezone.localdate().year
    first = collaboration.efforts.order_by("starts_on").values_list("starts_on__year", flat=True).first()
    return list(range(this_year, min(first or this_year, this_year - 1) - 1, -1))


def _chosen(request: HttpRequest, years: list[int]) -> int:
    said = request.GET.get("ar", "")
    return next((year for year in years if str(year) == said), years[0])


def _rows(lines: list[effort_sums.Line], form: HoursForm | None) -> list[dict[str, Any]]:
    """A line with the control of each cell that can be filled in."""
    controls = {}
    if form is not None:
        controls = {(place.organisation.pk, place.period): form.control(place) for place in form.places.values()}
    return [
        {"line": line, "cells": [(cell, controls.get((line.organisation.pk, cell.period))) for cell in line.cells]}
        for line in lines
    ]


def _saved(request: HttpRequest, collaboration: Collaboration, form: HoursForm) -> HttpResponse:
    actions.tell_hours(collaboration=collaboration, told=form.told(), by=request.user)
    messages.success(request, _("The hours are saved."))
    return redirect(request.get_full_path())


# --- what an hour counts as ---------------------------------------------------------------------------


@needs(SEE)
def rates(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The rates with their days; the secretariat agrees a new one here."""
    collaboration = find_collaboration(request, samarbeid)
    manages = holds(request.user, MANAGE, collaboration)
    form = RateForm(posted(request), collaboration=collaboration)
    if request.method == "POST":
        require(request.user, MANAGE, on=collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.agree_rate(collaboration=collaboration, by=request.user, **form.cleaned_data)
            messages.success(request, _("The rate is saved."))
            return redirect("hourly_rates", samarbeid)
    context = {
        "collaboration": collaboration,
        "rates": collaboration.hourly_rates.all(),
        "form": form,
        "manages": manages,
    }
    return TemplateResponse(request, "portfolio/rates.html", context)


@needs(MANAGE)
def change_rate(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    rate = get_object_or_404(collaboration.hourly_rates, pk=pk)
    form = RateForm(posted(request), collaboration=collaboration, rate=rate)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_rate(rate=rate, by=request.user, **form.cleaned_data)
            messages.success(request, _("The rate is saved. Hours that are told keep the rate they were told with."))
            return redirect("hourly_rates", samarbeid)
    context = {"collaboration": collaboration, "form": form, "title": _("Change the rate"), "back": "hourly_rates"}
    return TemplateResponse(request, FORM, context)


# --- from a spreadsheet -------------------------------------------------------------------------------


@needs(SEE)
def upload(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The municipality's own people upload its hours, the secretariat those of all; then the steps of every import."""
    collaboration = find_collaboration(request, samarbeid)
    manages = holds(request.user, MANAGE, collaboration)
    own = own_municipalities(request.user, collaboration)
    if not own:
        require(request.user, MANAGE, on=collaboration)
    if request.GET.get("format") == "xlsx":
        return writing.response([effort_sheets.template(collaboration)], file_name="egeninnsats-mal.xlsx")
    form = EffortFileForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        with form.refused_at_its_field():
            file = form.cleaned_data["file"]
            job = imports.upload(
                kind="effort",
                content=file,
                file_name=file.name,
                collaboration=collaboration,
                municipality=None if manages else own[0],
                by=request.user,
            )
            return redirect(job)
    context = {"collaboration": collaboration, "form": form, "municipality": None if manages else own[0]}
    return TemplateResponse(request, "portfolio/effort_upload.html", context)
