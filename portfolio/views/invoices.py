from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from digivesteralen.accounts.access import allowed, holds, needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.numbers import whole
from governance.models import Collaboration, Organisation
from portfolio import invoice_sheets
from portfolio import invoices as reading
from portfolio.actions import invoices as actions
from portfolio.actions.shares import up_to_date
from portfolio.views.finding import MANAGE, SEE, find_collaboration
from portfolio.views.money import pages


@needs(SEE)
def invoices(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Fakturagrunnlag»: for a year, the sum of each municipality, and the lines as a workbook."""
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    known = reading.years(collaboration)
    year = _year(request, known)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, collaboration, year)
    reads_all = actions.reads_all(request.user, collaboration)
    rows = _rows(request, collaboration, year, everybody=reads_all)
    context = {
        "collaboration": collaboration,
        "pages": pages(collaboration, "invoices"),
        "year": year,
        "years": [(str(one), f"?ar={one}", one == year) for one in known],
        "rows": rows,
        "whole": sum(amount for _place, amount in rows),
        "keeper": reading.keeper(collaboration),
        "manages": holds(request.user, MANAGE, collaboration),
        "reads_all": reads_all,
        "own": bool(_own(request, collaboration)),
    }
    return TemplateResponse(request, "portfolio/invoices.html", context)


def _year(request: HttpRequest, known: list[int]) -> int:
    """The one that is asked for, else this year, else the newest with anything to invoice."""
    said = whole(request.GET.get("ar", ""))
    this_year = timezone.localdate().year
    if said and 2000 <= said <= 2100:
        return said
    return this_year if this_year in known or not known else known[0]


def _own(request: HttpRequest, collaboration: Collaboration) -> list[Organisation]:
    return list(allowed(collaboration.members(), request.user, actions.OWN))


def _rows(
    request: HttpRequest, collaboration: Collaboration, year: int, *, everybody: bool
) -> list[tuple[Organisation, Any]]:
    """All municipalities for the secretariat and the auditor, the own one for its people, nobody for others."""
    owed = dict(reading.sums(collaboration, year))
    if not everybody:
        return [(place, owed.get(place.pk, 0)) for place in _own(request, collaboration)]
    places = Organisation.objects.filter(pk__in=owed).order_by("sort_key")
    return [(place, owed[place.pk]) for place in places if owed[place.pk]]


def _workbook(request: HttpRequest, collaboration: Collaboration, year: int) -> HttpResponse:
    number = request.GET.get("kommune", "")
    known = Organisation.objects.visible_to(request.user).municipalities()
    place = get_object_or_404(known, number=number) if number else None
    duty, lines = actions.take_out(collaboration=collaboration, year=year, organisation=place, by=request.user)
    whose = f"-{place.number}" if place else ""
    return writing.response(
        invoice_sheets.sheets(year, duty, lines),
        file_name=f"fakturagrunnlag-{collaboration.slug}-{year}{whose}.xlsx",
    )
