"""«Kartlegging»: how alike the municipalities are, who resembles whom, and how good the answers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables, wording
from governance.models import Collaboration, Organisation
from surveys import comparison, convergence, measures, quality, resemblance
from surveys.actions import convergence as actions
from surveys.comparison_tables import AlikeTable, AreaRow, LikenessTable, PairTable, QualityTable
from surveys.forms.comparison import LikenessFilter, MeasureForm, OneMunicipality, PairFilter
from surveys.models import ConvergenceMeasure, Product
from surveys.sharing import shared_fields
from surveys.together import together
from surveys.views.comparison import IMPORT, SEE
from surveys.views.finding import find_collaboration
from surveys.views.matrix import own_in


@needs(SEE)
def alike(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """One sentence first; the index and its levels for those who analyse (S8, F3)."""
    found = find_collaboration(request, samarbeid)
    form = LikenessFilter(request.GET, collaboration=found, by_cost="annual_cost" in shared_fields(found))
    places = form.among(list(found.sharing()))
    lines = comparison.lines(places)
    areas = convergence.per_area([place.pk for place in places], [form.level])[form.level]
    table = tables.page(request, AlikeTable(_area_rows(lines, areas, len(places))))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"likhet-{found.slug}.xlsx")
    now = convergence.whole(areas, members=len(places), asked_areas=len(lines), by_cost=form.said("vekt") == "kostnad")
    context = _over_time(found, form, now) | {
        "collaboration": found,
        "filter": form,
        "table": table,
        "sentence": comparison.sentence(lines, len(places)),
        "together": together(found, places, lines),
        "areas": sum(1 for line in lines if line.answered),
        "facts": _facts(now),
        "analysing": bool(request.GET),
        "keeps": holds(request.user, IMPORT, found),
        "examples": any(area.example for area in areas),
    }
    return TemplateResponse(request, "surveys/inventory/alike.html", context)


def _area_rows(lines: Sequence[comparison.Line], areas: Sequence[Any], members: int) -> list[AreaRow]:
    measured = {area.area_id: area for area in areas}
    names = Product.objects.in_bulk({line.leading for line in lines if line.leading})
    return [
        AreaRow(position, line, measured[line.area.pk], members, names[line.leading].name if line.leading else "")
        for position, line in enumerate(lines)
        if line.area.pk in measured
    ]


def _over_time(found: Collaboration, form: LikenessFilter, now: convergence.Whole) -> dict[str, Any]:
    """What was kept is of the whole collaboration, each area the same: other choices are not drawn beside it."""
    kept = measures.history(found, form.level)
    plain = not form.said("region") and not form.said("vekt")
    points = measures.with_today(kept, timezone.localdate(), now) if plain else kept
    return {"kept": kept, "development": measures.development(points), "chart": measures.chart(points)}


def _facts(now: convergence.Whole) -> list[tuple[Any, str]]:
    answered = _("%(share)s (%(answered)s of %(asked)s)") % {
        "share": wording.percent(now.coverage),
        "answered": wording.number(now.answered),
        "asked": wording.number(now.asked),
    }
    return [
        (_("Convergence, all areas together"), wording.number(now.index, 2) if now.index is not None else "–"),
        (_("Areas it is counted over"), wording.number(now.areas)),
        (_("Questions answered"), answered),
    ]


@needs(IMPORT)
def keep_measure(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Keep how alike the municipalities are today."""
    found = find_collaboration(request, samarbeid)
    require(request.user, IMPORT, on=found)
    form = MeasureForm(request.POST or None)
    if form.is_valid():
        actions.take_measure(collaboration=found, title=form.cleaned_data["title"], by=request.user)
        messages.success(request, _("The measure is kept."))
        return redirect("inventory_alike", found.slug)
    today = ConvergenceMeasure.objects.visible_to(request.user).filter(collaboration=found, on=timezone.localdate())
    context = {"collaboration": found, "form": form, "taken": today.first()}
    return TemplateResponse(request, "surveys/inventory/keep_measure.html", context)


@needs(SEE)
def resembling(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Which of the others a municipality resembles, the most alike first."""
    found = find_collaboration(request, samarbeid)
    members = _members(found)
    form = OneMunicipality(request.GET, collaboration=found)
    own = own_in(request, found)
    place = form.said("kommune") or own or members[0]
    rows = resemblance.resembling(place, members)
    table = tables.page(request, LikenessTable(rows, collaboration=found, own=place))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"ligner-{place.number}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "place": place, "is_own": place == own}
    return TemplateResponse(request, "surveys/inventory/resembling.html", context)


@needs(SEE)
def pair(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Two municipalities side by side: the same, different, or only one has a system."""
    found = find_collaboration(request, samarbeid)
    form = PairFilter(request.GET, collaboration=found, verdicts=resemblance.Verdict.choices)
    first, second = _two(request, found, form)
    every = resemblance.side_by_side(first, second)
    wanted = form.said("bare")
    rows = [row for row in every if not wanted or row.verdict == wanted]
    table = tables.page(request, PairTable(rows, places=(first, second)))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"sammenlignet-{first.number}-{second.number}.xlsx")
    context = {
        "collaboration": found,
        "filter": form,
        "table": table,
        "first": first,
        "second": second,
        "likeness": resemblance.resembling(first, [second])[0],
        "counts": [
            (verdict.label, sum(1 for row in every if row.verdict == verdict)) for verdict in resemblance.Verdict
        ],
    }
    return TemplateResponse(request, "surveys/inventory/pair.html", context)


def _members(found: Collaboration) -> list[Organisation]:
    members = list(found.sharing())
    if not members:
        raise Http404
    return members


def _two(request: HttpRequest, found: Collaboration, form: PairFilter) -> tuple[Organisation, Organisation]:
    """Those that are asked for; else the own municipality and the one it resembles most."""
    members = _members(found)
    first = form.said("a") or own_in(request, found) or members[0]
    others = [place for place in members if place != first]
    if not others:
        raise Http404
    asked = form.said("b")
    second = asked if asked and asked != first else resemblance.resembling(first, others)[0].place
    form.show(first, second)
    return first, second


@needs(SEE)
def good_answers(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """How good the answers of each municipality are: by name with the own on top, never as a ranking."""
    found = find_collaboration(request, samarbeid)
    own = own_in(request, found)
    places = sorted(found.sharing(), key=lambda place: place != own)
    if request.GET.get("format") == "xlsx":
        whole = QualityTable(quality.of_municipalities(places))
        return writing.response(whole, file_name=f"datakvalitet-{found.slug}.xlsx")
    page: Any = Paginator(places, tables.PER_PAGE).get_page(request.GET.get("page"))
    table = tables.page(request, QualityTable(quality.of_municipalities(list(page))), per_page=None)
    page.steps = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    context = {"collaboration": found, "table": table, "page": page, "own": own}
    return TemplateResponse(request, "surveys/inventory/quality.html", context)
