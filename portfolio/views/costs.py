"""The cost of one project: its lines and years, how it is shared, and the shares as a workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.numbers import version_in
from portfolio import explaining
from portfolio.actions import costs as actions
from portfolio.forms.costs import LINE, YEAR, CostSheet, SpreadForm, Written, as_written
from portfolio.forms.sharing import SharingForm
from portfolio.models import Habits, Project
from portfolio.share_sheets import sheets
from portfolio.shares import financing
from portfolio.views.finding import MANAGE, SEE, find_project, posted


@needs(MANAGE)
def costs(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Kostnader»: lines, years and grants, written together so that they always add up."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    sheet, spread = CostSheet(found, posted(request)), SpreadForm(None, prefix="spread")
    if request.method == "POST" and "save" not in request.POST:
        sheet, spread = _rewritten(request, found, sheet)
    elif request.method == "POST" and sheet.is_valid():
        version = sheet.cost.cleaned_data["version"]
        with sheet.cost.refused_at_its_field():
            actions.write_costs(project=found, version=version, by=request.user, **sheet.values)
            messages.success(request, _("The costs are saved."))
            return redirect(found.get_absolute_url() + "#kostnader")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "sheet": sheet,
        "form": sheet.cost,
        "spread": spread,
        "saved_years": found.years.exists(),
    }
    return TemplateResponse(request, "portfolio/costs.html", context)


def _rewritten(request: HttpRequest, found: Project, sheet: CostSheet) -> tuple[CostSheet, SpreadForm]:
    """Nothing is saved: more rows, one row less, or the cost laid out evenly over years."""
    data, without = request.POST, request.POST.get("without", "")
    spread = SpreadForm(data if "spread" in data else None, prefix="spread")
    years: Any = as_written(data, "years", YEAR, without)
    if "spread" in data:
        if not (sheet.cost.is_valid() and sheet.lines.is_valid() and spread.is_valid()):
            return sheet, spread
        years = sheet.spread(spread.cleaned_data["first"], spread.cleaned_data["last"])
    written = Written(
        cost={name: data.get(name, "") for name in ("shared_cost", "grant_share")},
        lines=as_written(data, "lines", LINE, without),
        years=years,
        version=version_in(request),
        more=data.get("more", ""),
    )
    return CostSheet(found, written=written), spread


@needs(MANAGE)
def sharing(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Kostnadsfordeling»: the key, and what each municipality would pay by it, before it is saved (p. 17)."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    participations = list(found.participations.whole().select_related("adoption__collaboration"))
    form = SharingForm(posted(request), project=found, participations=participations)
    preview = None
    if form.is_valid():
        if "preview" not in request.POST:
            version = form.cleaned_data["version"]
            with form.refused_at_its_field():
                actions.share_cost(project=found, version=version, by=request.user, **form.values)
                messages.success(request, _("How the cost is shared is saved."))
                return redirect(found.get_absolute_url() + "#andeler")
        else:
            preview = form.preview()
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "divided": preview,
        "explained": explaining.explain(preview) if preview else None,
        "more_keys": Habits.objects.of(found.collaboration).more_keys,
    }
    return TemplateResponse(request, "portfolio/sharing.html", context)


@needs(SEE)
def workbook(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The shares, the years and the cost lines of one project, with numbers as numbers."""
    found = find_project(request, samarbeid, prosjekt)
    divided = financing(found, list(found.participations.whole()))
    return writing.response(sheets(divided), file_name=f"fordeling-{found.slug}.xlsx")
