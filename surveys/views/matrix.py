"""«Kartlegging»: which system each municipality has in each area, side by side (S8, N4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import charts, tables
from governance import on_behalf
from governance.models import Collaboration, Organisation
from surveys import comparison
from surveys.forms.comparison import MatrixFilter
from surveys.shared_tables import SharedUses
from surveys.views.comparison import SEE
from surveys.views.finding import find_collaboration

COLUMNS_PER_PAGE = 8
BARS = 20


@needs(SEE)
def matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = MatrixFilter(request.GET, collaboration=found)
    own = own_in(request, found)
    wanted = form.wanted()
    places = form.among(list(found.sharing()))
    every = comparison.lines(places)
    lines = comparison.narrowed(every, places, wanted)
    columns = [wanted.place] if wanted.place else _own_first(places, own)
    if request.GET.get("format") == "xlsx":
        return writing.response(_sheets(found, lines, columns), file_name=f"systemer-{found.slug}.xlsx")
    order = "-different" if request.GET.get("sort") == "-different" else ""
    page = _page(request, sorted(lines, key=lambda line: -line.different) if order else lines, "page", tables.PER_PAGE)
    shown = _page(request, columns, "kommuner", COLUMNS_PER_PAGE)
    context = {
        "collaboration": found,
        "filter": form,
        "page": page,
        "columns": shown,
        "rows": comparison.matrix(list(page), list(shown)),
        "sentence": comparison.sentence(every, len(places)),
        "chart": _spread(every),
        "own": own,
        "examples": any(line.made_up for line in every),
        "order": order,
    }
    return TemplateResponse(request, "surveys/inventory/matrix.html", context)


def own_in(request: HttpRequest, found: Collaboration) -> Organisation | None:
    """The municipality that the person stands for, if any."""
    return on_behalf.own(Organisation.objects.members_of(found), request.user)


def _own_first(places: Sequence[Organisation], own: Organisation | None) -> list[Organisation]:
    return sorted(places, key=lambda place: place != own)


def _page(request: HttpRequest, rows: Sequence[Any], name: str, size: int) -> Any:
    page: Any = Paginator(rows, size).get_page(request.GET.get(name))
    page.steps = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return page


def _spread(lines: Sequence[comparison.Line]) -> charts.Chart:
    widest = sorted((line for line in lines if line.different), key=lambda line: -line.different)[:BARS]
    return charts.bars(
        _("Different systems per area"),
        [(line.area.name, line.different) for line in widest],
        label=_("Area"),
        value=_("Different systems"),
        note=_("The %(count)s areas with the most. The rest stand in the table above.") % {"count": len(widest)},
    )


def _sheets(
    found: Collaboration, lines: Sequence[comparison.Line], columns: Sequence[Organisation]
) -> list[writing.SheetSpec]:
    """The matrix with a column for each municipality, and the same answers as rows with dates that are dates."""
    rows = [
        [
            row.area.service_area.name,
            row.area.name,
            *("\n".join(map(_said, cells)) or _("Not answered") for cells in row.cells),
            row.line.different,
        ]
        for row in comparison.matrix(lines, columns)
    ]
    header = [_("Service area"), _("Area"), *(place.name for place in columns), _("Different systems")]
    uses = comparison.uses_of(columns).filter(area__in=[line.area.pk for line in lines])
    names, *listed = SharedUses.of(uses.in_order(), found).as_values()
    return [writing.SheetSpec(_("Systems"), header, rows), writing.SheetSpec(_("List"), names, listed)]


def _said(cell: comparison.Cell) -> str:
    return f"{cell.name} ({_('Example')})" if cell.example else cell.name
