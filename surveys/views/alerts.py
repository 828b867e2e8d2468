"""«Avtalevarsler»: the days in the own contracts that are near, and what was done about them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Organisation
from surveys.actions import alerts as actions
from surveys.addresses import own_url
from surveys.forms.procurement import HandleAlertForm
from surveys.models import ContractAlert
from surveys.views.finding import collaboration_of
from surveys.views.own import find_owner
from surveys.window_tables import AlertTable

SEE, EDIT = "governance.view_organisation", actions.RIGHT


@needs(SEE, on="organisation")
def contract_alerts(request: HttpRequest, nummer: str = "", it: int = 0) -> HttpResponse:
    place = find_owner(request, nummer, it)
    require(request.user, SEE, on=place)
    of_place = ContractAlert.objects.of(place).filter(closed_on=None)
    dealt_with = request.GET.get("vis") == "alle"
    shown = of_place if dealt_with else of_place.open()
    listed = shown.select_related("use__product", "use__area", "handled_by")
    handle = partial(_handle_url, place) if holds(request.user, EDIT, place) else None
    table = tables.page(request, AlertTable(listed, handle=handle))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"avtalevarsler-{place.number or place.pk}.xlsx")
    context = {"municipality": place, "collaboration": collaboration_of(request.user, place), "table": table}
    views = [(_("Open"), "?", not dealt_with), (_("All"), "?vis=alle", dealt_with)]
    return TemplateResponse(request, "surveys/procurement/alerts.html", context | {"views": views})


@needs(EDIT, on="organisation")
def handle(request: HttpRequest, pk: int, nummer: str = "", it: int = 0) -> HttpResponse:
    place = find_owner(request, nummer, it)
    require(request.user, EDIT, on=place)
    alerts = ContractAlert.objects.of(place).filter(closed_on=None)
    alert = get_object_or_404(alerts.select_related("use__product", "use__area"), pk=pk)
    form = HandleAlertForm(request.POST if request.method == "POST" else None)
    back = own_url(place, "contract_alerts")
    if form.is_valid():
        actions.handle(alert=alert, note=form.cleaned_data["note"], by=request.user)
        messages.success(request, _("The alert is dealt with. That day is not told of again."))
        return redirect(back)
    context: dict[str, Any] = {
        "municipality": place,
        "collaboration": collaboration_of(request.user, place),
        "form": form,
        "alert": alert,
        "title": _("Mark as dealt with"),
        "parent": _("Alerts of contracts"),
        "back": back,
        "draft": f"avtalevarsel-{alert.pk}",
    }
    return TemplateResponse(request, "surveys/procurement/form.html", context)


def _handle_url(place: Organisation, alert: ContractAlert) -> str:
    return own_url(place, "contract_alert_handle", alert.pk)
