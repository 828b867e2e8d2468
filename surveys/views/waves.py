"""Surveys put several times: the series, their results over time, and which questions ask the same."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from surveys import waves
from surveys.actions import waves as actions
from surveys.forms.waves import LinkForm, SeriesForm, WavesForm
from surveys.models import Survey, SurveySeries
from surveys.survey_tables import threads_sheet
from surveys.views.finding import find_collaboration
from surveys.views.surveys import MANAGE, SEE


def find_series(request: HttpRequest, samarbeid: str, pk: int) -> SurveySeries:
    found: SurveySeries = get_object_or_404(
        SurveySeries.objects.select_related("collaboration"),
        collaboration=find_collaboration(request, samarbeid),
        pk=pk,
    )
    return found


@needs(SEE)
def series_list(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = found.survey_series.prefetch_related("waves")
    context = {"collaboration": found, "series": shown, "may_manage": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "surveys/surveys/series_list.html", context)


@needs(MANAGE)
def series_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = SeriesForm(request.POST or None, collaboration=found)
    if form.is_valid():
        made = actions.define_series(collaboration=found, by=request.user, **form.facts())
        messages.success(request, _("The series is made. Say which questions ask the same."))
        return redirect("survey_series", samarbeid, made.pk)
    return TemplateResponse(request, "surveys/surveys/series_form.html", {"collaboration": found, "form": form})


@needs(MANAGE)
def series_change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    series = find_series(request, samarbeid, pk)
    require(request.user, MANAGE, on=series.collaboration)
    form = SeriesForm(request.POST or None, collaboration=series.collaboration, series=series)
    if form.is_valid():
        actions.change_series(series=series, by=request.user, **form.facts())
        messages.success(request, _("The series is saved."))
        return redirect("survey_series", samarbeid, pk)
    context = {"collaboration": series.collaboration, "series": series, "form": form}
    return TemplateResponse(request, "surveys/surveys/series_form.html", context)


@needs(SEE)
def series(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The results over time: linked questions through the waves, the others by themselves."""
    found = find_series(request, samarbeid, pk)
    put = waves.waves_of(found)
    linked = waves.threads(put)
    if request.GET.get("format") == "xlsx":
        return writing.response([threads_sheet(linked)], file_name=f"malinger-{found.pk}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "series": found,
        "waves": put,
        "threads": linked,
        "alone": [(wave, asked) for wave, asked in waves.alone(put) if asked],
        "may_manage": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "surveys/surveys/series.html", context)


@needs(MANAGE)
def link(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Two waves side by side; a person says which questions ask the same."""
    series = find_series(request, samarbeid, pk)
    require(request.user, MANAGE, on=series.collaboration)
    surveys = list(series.waves.order_by("opens_on", "pk"))
    chosen = WavesForm(request.GET, surveys=surveys)
    earlier, later = _two(surveys, chosen)
    context = {"collaboration": series.collaboration, "series": series, "filter": chosen, "earlier": earlier}
    if earlier and later:
        found = waves.proposals(earlier, later)
        form = LinkForm(request.POST or None, proposals=found)
        if request.method == "POST" and form.is_valid():
            count = actions.link_questions(
                series=series, earlier=earlier, later=later, links=form.links(), by=request.user
            )
            messages.success(request, _("Kept: %(count)s questions ask the same.") % {"count": count})
            return redirect("survey_series", samarbeid, pk)
        context |= {"form": form, "later": later}
    context["back"] = reverse("survey_series", args=[samarbeid, pk])
    return TemplateResponse(request, "surveys/surveys/series_link.html", context)


def _two(surveys: list[Survey], chosen: WavesForm) -> tuple[Any, Any]:
    """The two that were chosen, else the last two."""
    by_slug = {one.slug: one for one in surveys}
    said = chosen.cleaned_data if chosen.is_valid() else {}
    earlier, later = by_slug.get(said.get("fra", "")), by_slug.get(said.get("til", ""))
    if earlier is None and later is None and len(surveys) > 1:
        return surveys[-2], surveys[-1]
    return (earlier, later) if earlier != later else (None, None)
