from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from governance.models import Collaboration
from portfolio import cofinancing as reading
from portfolio.actions.shares import up_to_date
from portfolio.money_tables import CofinancingTable
from portfolio.views.finding import SEE, find_collaboration
from portfolio.views.money import pages

BY_YEAR = "ar"


@needs(SEE)
def cofinancing(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Grants, the municipalities' money and own work: in all, and project by project or year by year (R20)."""
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    by_year = request.GET.get("vis") == BY_YEAR
    if request.GET.get("format") == "xlsx":
        return _workbook(request, collaboration)
    context = {
        "collaboration": collaboration,
        "pages": pages(collaboration, "cofinancing"),
        "whole": reading.in_all(collaboration),
        "by_year": by_year,
        "views": [(_("By project"), "?", not by_year), (_("By year"), f"?vis={BY_YEAR}", by_year)],
        **(_years(collaboration) if by_year else _projects(request, collaboration)),
    }
    return TemplateResponse(request, "portfolio/cofinancing.html", context)


def _projects(request: HttpRequest, collaboration: Collaboration) -> dict[str, Any]:
    table = tables.page(request, CofinancingTable(reading.by_project(collaboration)))
    rows = reading.mixes([row.record for row in table.paginated_rows])
    budgets = reading.of_base_budgets(collaboration)
    shown = [*(budgets if _first(table) else []), *rows]
    chart = reading.chart(_("What is paid with what"), shown, _("Project or base budget"))
    return {"table": table, "chart": chart, "budgets": budgets}


def _first(table: Any) -> bool:
    return table.page.number == 1


def _years(collaboration: Collaboration) -> dict[str, Any]:
    rows = reading.by_year(collaboration)
    return {"rows": rows, "chart": reading.chart(_("Year by year"), rows, _("Year"), missing=False)}


def _workbook(request: HttpRequest, collaboration: Collaboration) -> HttpResponse:
    table = tables.page(request, CofinancingTable(reading.by_project(collaboration)), per_page=None)
    header, *rows = table.as_values()
    sheets = [
        SheetSpec(_("By project"), header, rows),
        _sheet(_("Base budget"), _("Base budget"), reading.of_base_budgets(collaboration)),
        _sheet(_("By year"), _("Year"), reading.by_year(collaboration)),
        _sheet(_("In all"), _("In all"), [reading.in_all(collaboration)]),
    ]
    return writing.response(sheets, file_name=f"medfinansiering-{collaboration.slug}.xlsx")


def _sheet(title: str, what: str, rows: Sequence[reading.Mix]) -> SheetSpec:
    header = [what, _("Grants"), _("The municipalities' money"), _("Own work, NOK"), _("Estimated"), _("Is missing"),
              _("Example")]  # fmt: skip
    return SheetSpec(
        title,
        header,
        [
            [one.title, one.grants, one.municipalities, one.work, _("yes") if one.estimated else "", one.missing,
             _("yes") if one.example else ""]
            for one in rows
        ],
    )  # fmt: skip
