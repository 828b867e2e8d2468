"""«Kartlegging»: where the municipalities stand, by the sharing rule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Organisation
from surveys import answering, comparison
from surveys.actions import inventory as actions
from surveys.forms.comparison import ExpiryFilter, SharedFilter, UseFilter
from surveys.forms.inventory import ReviewForm
from surveys.models import Inventory, Survey, SystemUse
from surveys.models.inventory import soon
from surveys.shared_tables import SharedUses
from surveys.views.finding import find_collaboration

SEE, REVIEW, IMPORT = "governance.view_collaboration", "governance.prepare_meetings", "governance.manage_surveys"


@needs(SEE)
def home(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    members = list(found.sharing())
    page = Paginator(members, tables.PER_PAGE).get_page(request.GET.get("page"))
    there = {one.municipality_id: one for one in Inventory.objects.filter(municipality__in=list(page))}
    systems = SystemUse.objects.of(found).counted().in_use(timezone.localdate())
    context = {
        "collaboration": found,
        "page": page,
        "inventories": [(place, there.get(place.pk)) for place in page],
        "own": allowed(Organisation.objects.members_of(found), request.user, "governance.view_organisation"),
        "imports": holds(request.user, IMPORT, found),
        "reviews": holds(request.user, REVIEW, found),
        "different": systems.values(system=comparison.SYSTEM).distinct().count(),
        "ending": systems.ending_soon().count(),
        "sentence": comparison.sentence(comparison.lines(members), len(members)),
        "surveys": Survey.objects.of(found).newest_first().select_related("collaboration")[:5],
        "to_answer": answering.open_for(request.user, found),
    }
    return TemplateResponse(request, "surveys/home.html", context)


@needs(SEE)
def systems(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = SharedFilter(request.GET, collaboration=found)
    ends = {
        "18": Q(contract_end__gte=timezone.localdate(), contract_end__lte=soon()),
        "ukjent": Q(end_unknown=True),
        "utlopt": Q(contract_end__lt=timezone.localdate()),
    }
    uses = narrowed(SystemUse.objects.of(found).counted(), form)
    if form.said("utlop"):
        uses = uses.filter(ends[form.said("utlop")])
    table = tables.page(request, SharedUses.of(uses.in_order(), found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"systemer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form}
    return TemplateResponse(request, "surveys/inventory/systems.html", context)


@needs(SEE)
def expiry(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Every contract that ends in the months that are chosen, the first on top (R26)."""
    found = find_collaboration(request, samarbeid)
    form = ExpiryFilter(request.GET, collaboration=found)
    there = SystemUse.objects.of(found).counted().in_use(timezone.localdate())
    ending = narrowed(there, form).ending_soon(form.months)
    table = tables.page(request, SharedUses.of(ending.order_by("contract_end", "area__sort_key", "pk"), found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"avtaleutlop-{found.slug}.xlsx")
    context = {"collaboration": found, "filter": form, "table": table, "until": soon(form.months)}
    return TemplateResponse(request, "surveys/inventory/expiry.html", context)


def narrowed(uses: Any, form: UseFilter) -> Any:
    """The list as the filter asks for it."""
    text, group, place = (form.said(name) for name in ("q", "tjeneste", "kommune"))
    if text:
        uses = uses.filter(Q(product__name__icontains=text) | Q(supplier__name__icontains=text))
    if group:
        uses = uses.filter(area__service_area=group)
    return uses.filter(inventory__municipality=place) if place else uses


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
