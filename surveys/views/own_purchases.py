"""«Egne innkjøp»: what a municipality is about to buy by itself, so that the others know in time (K5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance.models import Organisation
from surveys.actions import procurement as actions
from surveys.actions.procurement import OWN_RIGHT
from surveys.forms.procurement import OwnPurchaseForm
from surveys.models import OwnPurchase
from surveys.views.finding import collaboration_of, find_municipality
from surveys.window_tables import OwnPurchaseTable

SEE = "governance.view_organisation"


@needs(SEE, on="organisation")
def own_purchases(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, SEE, on=place)
    edits = holds(request.user, OWN_RIGHT, place)
    bought = OwnPurchase.objects.filter(municipality=place).select_related("area", "municipality")
    table = tables.page(request, OwnPurchaseTable(bought, edits=edits))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"egne-innkjop-{place.number}.xlsx")
    return _page(request, place, "own_purchases.html", table=table, edits=edits)


@needs(OWN_RIGHT, on="organisation")
def new(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, OWN_RIGHT, on=place)
    form = OwnPurchaseForm(request.POST or None, initial={"area": request.GET.get("fagomrade")})
    if form.is_valid():
        actions.plan_own_purchase(municipality=place, by=request.user, **form.cleaned_data)
        messages.success(request, _("The purchase is registered. The others see it in the windows of the area."))
        return redirect("own_purchases", place.number)
    return _form(request, place, form, _("We buy by ourselves"), f"eget-innkjop-{place.number}")


@needs(OWN_RIGHT, on="organisation")
def own_purchase(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, OWN_RIGHT, on=place)
    bought = _find(place, pk)
    initial = {name: getattr(bought, name) for name in ("area", "title", "signs_on", "note")}
    form = OwnPurchaseForm(request.POST or None, initial=initial, version=bought.version)
    if form.is_valid():
        actions.change_own_purchase(purchase=bought, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("own_purchases", place.number)
    return _form(request, place, form, bought.title, f"eget-innkjop-{bought.pk}", purchase=bought)


@require_POST
@needs(OWN_RIGHT, on="organisation")
def end(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, OWN_RIGHT, on=place)
    actions.end_own_purchase(purchase=_find(place, pk), version=version_in(request), by=request.user)
    messages.success(request, _("The purchase is over, and warns nobody any more."))
    return redirect("own_purchases", place.number)


def _find(place: Organisation, pk: int) -> OwnPurchase:
    there = OwnPurchase.objects.under_way().filter(municipality=place).select_related("municipality", "area")
    found: OwnPurchase = get_object_or_404(there, pk=pk)
    return found


def _form(request: HttpRequest, place: Organisation, form: Any, title: str, draft: str, **more: Any) -> HttpResponse:
    more |= {
        "form": form,
        "title": title,
        "parent": _("Own purchases"),
        "back": reverse("own_purchases", args=[place.number]),
        "draft": draft,
    }
    return _page(request, place, "form.html", **more)


def _page(request: HttpRequest, place: Organisation, template: str, **more: Any) -> HttpResponse:
    context = {"municipality": place, "collaboration": collaboration_of(request.user, place)}
    return TemplateResponse(request, f"surveys/procurement/{template}", context | more)
