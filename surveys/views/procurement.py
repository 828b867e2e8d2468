"""«Felles anskaffelser»: where municipalities can buy together, when, and what it takes (K5, R26)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from surveys import window_panels, window_words
from surveys.actions import procurement as actions
from surveys.forms.procurement import LeadTimeForm, WindowFilter
from surveys.models import ProcurementHabits
from surveys.views.finding import find_collaboration
from surveys.window_tables import WindowTable, address, sheet
from surveys.windows import Kind, Window, windows

SEE = "governance.view_collaboration"


@needs(SEE)
def procurement(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    everything = windows(found)
    years = sorted({one.starts_on.year for one in everything if one.starts_on})
    form = WindowFilter(request.GET, collaboration=found, years=years)
    shown = [one for one in everything if form.keeps(one)] if form.is_valid() else everything
    table = tables.page(request, WindowTable(shown, collaboration=found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"felles-anskaffelser-{found.slug}.xlsx")
    nearest = next((one for one in shown if one.kind not in (Kind.LATE, Kind.NONE)), None)
    context = {
        "collaboration": found,
        "filter": form,
        "table": table,
        "nearest": nearest,
        "sentence": window_words.sentence(nearest) if nearest else "",
        "nearest_url": address(found, nearest) if nearest else "",
        "missing": sum(bool(one.missing) for one in _one_of_each_area(everything)),
        "lead": ProcurementHabits.objects.of(found).lead_months,
        "manages": holds(request.user, actions.LEAD_RIGHT, found),
        "examples": any(one.example for one in shown),
    }
    return TemplateResponse(request, "surveys/procurement/windows.html", context)


def _one_of_each_area(found: list[Window]) -> list[Window]:
    return list({one.area.pk: one for one in found}.values())


@needs(SEE)
def window(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    of_area = windows(found, area=pk)
    one = _wanted(of_area, request.GET.get("dag", ""))
    if request.GET.get("format") == "xlsx":
        return writing.response([sheet(one)], file_name=f"felles-anskaffelse-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "window": one,
        "kind": window_words.KINDS[one.kind],
        "color": window_words.COLORS[one.kind],
        "sentence": window_words.sentence(one),
        "facts": window_words.columns(one),
        "parts": [(part, window_words.way_of(part)) for part in one.parts],
        "chart": window_words.strip(one),
        "others": [(window_words.sentence(other), address(found, other)) for other in of_area if other is not one],
        "panels": window_panels.of(request, found, one),
    }
    return TemplateResponse(request, "surveys/procurement/window.html", context)


def _wanted(of_area: list[Window], said: str) -> Window:
    """The window that the day is in, else the best of the area; an area without any is not there."""
    if not of_area:
        raise Http404
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return of_area[0]
    inside = [one for one in of_area if one.first and one.first <= day and (one.last is None or day <= one.last)]
    return next((one for one in inside if one.on == day), next(iter(inside), of_area[0]))


@needs(actions.LEAD_RIGHT)
def lead_time(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, actions.LEAD_RIGHT, on=found)
    habits = ProcurementHabits.objects.of(found)
    initial = {"lead_months": habits.lead_months}
    form = LeadTimeForm(request.POST or None, initial=initial, version=habits.version)
    if form.is_valid():
        actions.change_lead_time(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The time is saved. All windows are reckoned with it from now on."))
        return redirect("procurement", found.slug)
    context: dict[str, Any] = {
        "collaboration": found,
        "form": form,
        "title": _("Time for a procurement"),
        "parent": _("Joint procurement"),
        "back": reverse("procurement", args=[found.slug]),
        "draft": f"ledetid-{found.pk}",
    }
    return TemplateResponse(request, "surveys/procurement/form.html", context)
