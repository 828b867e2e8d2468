"""What was pledged and what is delivered, by municipality and by project (R19)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import charts, tables
from governance.models import Collaboration, Organisation
from portfolio import effort_sheets, effort_sums
from portfolio.actions.shares import up_to_date
from portfolio.money_tables import EffortByMunicipality, EffortByProject
from portfolio.views.finding import SEE, find_collaboration

BY_PROJECT = "prosjekt"


@needs(SEE)
def overview(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    chosen = collaboration.members().filter(number=request.GET.get("kommune", "")).first()
    by_project = request.GET.get("vis") == BY_PROJECT
    if request.GET.get("format") == "xlsx":
        return _workbook(collaboration, chosen, by_project=by_project)
    table = tables.page(request, _table(collaboration, chosen, by_project=by_project))
    context = {
        "collaboration": collaboration,
        "table": table,
        "chart": _chart([row.record for row in table.paginated_rows]),
        "chosen": chosen,
        "totals": effort_sums.in_all(collaboration),
        "whole": effort_sums.without_project(collaboration, chosen),
        "views": [
            (_("By municipality"), "?", not by_project),
            (_("By project"), f"?vis={BY_PROJECT}", by_project),
        ],
    }
    return TemplateResponse(request, "portfolio/effort_overview.html", context)


def _table(collaboration: Collaboration, chosen: Organisation | None, *, by_project: bool) -> tables.DsTable:
    if by_project:
        return EffortByProject(effort_sums.by_project(collaboration, chosen))
    return EffortByMunicipality(effort_sums.by_municipality(collaboration))


def _chart(records: list[Any]) -> charts.Chart | None:
    """The rows of the page, as long as anything of them is known."""
    told = [record for record in records if record.pledged is not None or record.delivered is not None]
    if not told:
        return None
    return charts.grouped(
        _("Pledged and delivered, hours"),
        [(str(record), [record.pledged, record.delivered]) for record in told],
        [(_("pledged"), "neutral"), (_("delivered"), "success")],
        label=_("Who or what"),
        note=_("Some of the hours are estimated.") if any(record.estimated for record in told) else "",
        id="lovet-og-levert",
    )


def _workbook(collaboration: Collaboration, chosen: Organisation | None, *, by_project: bool) -> HttpResponse:
    if by_project:
        sheet = effort_sheets.compared(_("By project"), _("Project"), effort_sums.by_project(collaboration, chosen))
    else:
        rows = effort_sums.by_municipality(collaboration)
        sheet = effort_sheets.compared(_("By municipality"), _("Municipality"), rows)
    name = f"-{chosen.number}" if chosen else ""
    return writing.response([sheet], file_name=f"lovet-og-levert-{collaboration.slug}{name}.xlsx")
