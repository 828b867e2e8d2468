"""«Må avklares på nytt», over all projects of a collaboration."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from portfolio import reopened as shares
from portfolio.actions.shares import up_to_date
from portfolio.reopened_tables import ReopenedTable
from portfolio.views.finding import SEE, find_collaboration


@needs(SEE)
def reopened(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Which decisions no longer cover their share; the others stand (rule 2)."""
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    whole = request.GET.get("format") == "xlsx"
    rows = ReopenedTable(shares.of(collaboration, request.user))
    table = tables.page(request, rows, per_page=None if whole else tables.PER_PAGE)
    if whole:
        return writing.response(table, file_name=f"avklares-{collaboration.slug}.xlsx")
    return TemplateResponse(request, "portfolio/reopened.html", {"collaboration": collaboration, "table": table})
