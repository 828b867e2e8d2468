"""«Kartlegging»: the municipalities side by side, by the sharing rule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import charts, tables, wording
from governance.models import Collaboration, Organisation
from surveys import comparison
from surveys.actions import inventory as actions
from surveys.forms.inventory import ExpiryFilter, MatrixFilter, ReviewForm, SharedFilter
from surveys.inventory_tables import SharedTable
from surveys.models import Inventory, Survey, SystemUse
from surveys.models.inventory import soon
from surveys.views.finding import find_collaboration
from surveys.views.inventory import narrowed

SEE, REVIEW, IMPORT = "governance.view_collaboration", "governance.prepare_meetings", "governance.manage_surveys"
COLUMNS_PER_PAGE = 8
BARS = 20


@needs(SEE)
def home(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    members = list(found.members())
    there = {one.municipality_id: one for one in Inventory.objects.of(found)}
    systems = SystemUse.objects.of(found).counted().systems()
    context = {
        "collaboration": found,
        "inventories": [(place, there.get(place.pk)) for place in members],
        "own": allowed(Organisation.objects.members_of(found), request.user, "governance.view_organisation"),
        "imports": holds(request.user, IMPORT, found),
        "reviews": holds(request.user, REVIEW, found),
        "different": systems.values("product").distinct().count(),
        "ending": systems.ending_soon().count(),
        "sentence": _sentence(found),
        "surveys": Survey.objects.of(found).newest_first().select_related("collaboration")[:5],
    }
    return TemplateResponse(request, "surveys/home.html", context)


@needs(SEE)
def matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    members = list(found.members())
    form = MatrixFilter(request.GET)
    areas = _narrowed_areas(found, form, len(members))
    if request.GET.get("format") == "xlsx":
        return writing.response([_sheet(found, list(areas), members)], file_name=f"systemer-{found.slug}.xlsx")
    order = "-different" if request.GET.get("sort") == "-different" else ""
    areas = areas.order_by(order, "sort_key") if order else areas
    page = Paginator(areas, tables.PER_PAGE).get_page(request.GET.get("page"))
    columns = Paginator(members, COLUMNS_PER_PAGE).get_page(request.GET.get("kommuner"))
    context = {
        "collaboration": found,
        "filter": form,
        "page": page,
        "columns": columns,
        "rows": comparison.matrix(found, list(page), list(columns)),
        "sentence": _sentence(found),
        "chart": _spread(found),
        "own": allowed(Organisation.objects.members_of(found), request.user, "governance.view_organisation").first(),
        "examples": SystemUse.objects.of(found).counted().filter(example=True).exists(),
        "order": order,
    }
    return TemplateResponse(request, "surveys/inventory/matrix.html", context)


@needs(SEE)
def systems(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = SharedFilter(request.GET, collaboration=found)
    uses = narrowed(SystemUse.objects.of(found).counted(), form).in_order()
    shared = uses.select_related("area", "product", "supplier", "inventory__municipality").only(
        "answer", "contract_end", "end_unknown", "end_running", "example", "area__name", "area__sort_key",
        "product__name", "supplier__name", "inventory__municipality__name", "inventory__municipality__number",
    )  # fmt: skip
    table = tables.page(request, SharedTable(shared))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"systemer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form}
    return TemplateResponse(request, "surveys/inventory/systems.html", context)


@needs(SEE)
def expiry(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = ExpiryFilter(request.GET)
    windows = comparison.windows(found, form.months)
    ending = SystemUse.objects.of(found).counted().systems().ending_soon(form.months)
    uses = ending.select_related("area", "product", "supplier", "inventory__municipality").order_by("contract_end")
    table = tables.page(request, SharedTable(uses))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"avtaleutlop-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "filter": form,
        "table": table,
        "windows": windows[:BARS],
        "more": max(len(windows) - BARS, 0),
        "until": soon(form.months),
        "chart": _timeline(windows[:BARS]),
        "examples": ending.filter(example=True).exists(),
    }
    return TemplateResponse(request, "surveys/inventory/expiry.html", context)


@needs(REVIEW)
def review(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, REVIEW, on=found)
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(data, collaboration=found, today=timezone.localdate())
    if form.is_valid():
        made = actions.register_review(by=request.user, **form.said())
        messages.success(request, _("Registered for %(count)s municipalities.") % {"count": len(made)})
        return redirect("surveys_home", found.slug)
    context = {"collaboration": found, "form": form, "ready": bool(form.found)}
    return TemplateResponse(request, "surveys/inventory/review.html", context)


def _narrowed_areas(found: Collaboration, form: MatrixFilter, members: int) -> Any:
    areas = comparison.areas_of(found)
    if not form.is_valid():
        return areas
    wanted = form.cleaned_data
    uses = SystemUse.objects.of(found).counted()
    if wanted["q"]:
        named = Q(product__name__icontains=wanted["q"]) | Q(supplier__name__icontains=wanted["q"])
        areas = areas.filter(pk__in=uses.filter(named).values("area"))
    if wanted["tjeneste"]:
        areas = areas.filter(service_area=wanted["tjeneste"])
    if wanted["bare"] == "utlop":
        areas = areas.filter(pk__in=uses.systems().ending_soon().values("area"))
    only = {"ulike": Q(different__gt=1), "mangler": Q(answered__lt=members)}
    return areas.filter(only[wanted["bare"]]) if wanted["bare"] in only else areas


def _sentence(found: Collaboration) -> str:
    """One line that says how alike the municipalities are, instead of an index."""
    areas = comparison.areas_of(found).filter(answered__gt=0).count()
    if not areas or found.members().count() < comparison.SHARED_BY:
        return ""
    shared = len({area for area, _product in comparison.shared_products(found)})
    return _("In %(shared)s of %(areas)s areas at least four municipalities use the same system.") % {
        "shared": shared,
        "areas": areas,
    }


def _spread(found: Collaboration) -> Any:
    areas = comparison.areas_of(found).filter(different__gt=0).order_by(F("different").desc(), "sort_key")[:BARS]
    return charts.bars(
        _("Different systems per area"),
        [(area.name, area.different) for area in areas],
        label=_("Area"),
        value=_("Different systems"),
        note=_("The %(count)s areas with the most. The rest stand in the table above.") % {"count": len(areas)},
    )


def _timeline(windows: list[comparison.Window]) -> Any:
    rows = []
    for window in windows:
        names = ", ".join(window.names)
        start = window.first if window.first != window.last else None
        rows.append((window.area.name, start, window.last, names))
    title = _("Contracts that end at about the same time, per area")
    return charts.timeline(title, rows, today=timezone.localdate(), label=_("Area"))


def _sheet(found: Collaboration, areas: list[Any], members: list[Organisation]) -> writing.SheetSpec:
    """The matrix as a sheet: one column for each municipality."""
    rows = [
        [
            row.area.service_area.name,
            row.area.name,
            *(_cell(cells) for cells in row.cells),
            row.different,
        ]
        for row in comparison.matrix(found, areas, members)
    ]
    header = [_("Service area"), _("Area"), *(place.name for place in members), _("Different systems")]
    return writing.SheetSpec(_("Systems"), header, rows)


def _cell(cells: list[comparison.Cell]) -> str:
    if not cells:
        return _("Not answered")
    return "\n".join(
        cell.name
        + (f" ({_('Example')})" if cell.example else "")
        + (f", {_('ends %(day)s') % {'day': wording.short_day(cell.ends)}}" if cell.ends else "")
        for cell in cells
    )
