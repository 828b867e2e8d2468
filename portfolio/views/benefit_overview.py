from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from portfolio import benefit_sheets
from portfolio.actions import benefit_plans
from portfolio.benefit_tables import BenefitLineTable
from portfolio.benefits import both_sides, planned_and_realised
from portfolio.forms.benefits import BenefitFilter
from portfolio.views.finding import SEE, find_collaboration

# So many of what has no price are listed on the page; the workbook has them all.
SHOWN = 25
ORDER = ("benefit__project__number", "benefit", "participation__organisation__sort_key", "pk")


@needs(SEE)
def overview(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Planned and realised over the portfolio: sums of kroner and hours, and what is only listed (E10–E12)."""
    collaboration = find_collaboration(request, samarbeid)
    narrowed = BenefitFilter(request.GET, collaboration=collaboration)
    told = planned_and_realised(collaboration, **narrowed.wanted)
    if request.GET.get("format") == "xlsx":
        sheets = benefit_sheets.of(collaboration, told, narrowed.told)
        return writing.response(sheets, file_name=f"gevinster-{collaboration.slug}.xlsx")
    listed = told.benefits.not_added().select_related("project__collaboration").order_by("project__number", "pk")
    context = {
        "collaboration": collaboration,
        "filter": narrowed,
        "told": told,
        "municipalities": told.by_municipality,
        "both": both_sides(collaboration),
        "table": tables.page(request, BenefitLineTable(told.lines.in_full().order_by(*ORDER))),
        "listed": listed[:SHOWN],
        "listed_count": listed.count(),
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "portfolio/benefit_overview.html", context)


@needs(SEE)
@require_POST
def order_pdf(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Gevinstrealiseringsplan» of the portfolio as it is filtered."""
    collaboration = find_collaboration(request, samarbeid)
    narrowed = BenefitFilter(request.GET, collaboration=collaboration)
    if not narrowed.is_valid():
        return redirect(f"{reverse('benefit_overview', args=[samarbeid])}?{request.GET.urlencode()}")
    query = {name: request.GET.get(name, "") for name in narrowed.fields}
    return redirect(benefit_plans.order(where=collaboration, query=query, by=request.user))
