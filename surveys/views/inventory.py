"""«Våre systemer»: a municipality's own people fill in, copy from the neighbours and submit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Collaboration, Organisation
from surveys import progress, readers, sharing, snapshots
from surveys.forms.inventory import OwnFilter
from surveys.inventory_tables import OwnTable
from surveys.models import Inventory, SystemUse
from surveys.models.inventory import soon
from surveys.shared_tables import SharedUses
from surveys.views.own import EDIT, SEE, collaborations_of, edits, frame, owned, waiting_in

__all__ = ["EDIT", "inventory", "narrowed"]


@needs(SEE, on="organisation")
def inventory(request: HttpRequest, **whose: Any) -> HttpResponse:
    place, own = owned(request, SEE, **whose)
    if request.GET.get("format") == "xlsx" and request.GET.get("hva") == "alt":
        return _everything(request, own)
    form = OwnFilter(request.GET)
    uses = narrowed(SystemUse.objects.counted().filter(inventory=own), form).in_order()
    table = tables.page(
        request,
        OwnTable(
            uses.select_related(
                "area", "product", "supplier", "inventory__municipality", "through__inventory__municipality"
            )
        ),
    )
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"systemer-{_name_of(place)}.xlsx")
    context = frame(request, place, own) | {"table": table, "filter": form, "edits": edits(request, own)}
    context["shared"] = [(one, sharing.in_words(one)) for one in collaborations_of(request.user, place)]
    context["seen"] = readers.of_inventory(place, [one for one, _words in context["shared"]])
    return TemplateResponse(request, "surveys/inventory/own.html", context | facts_of(own))


@needs(SEE, on="organisation")
def as_others(request: HttpRequest, nummer: str) -> HttpResponse:
    """«Se som de andre»: the own list with exactly what the rule of a collaboration lets the others see."""
    place, own = owned(request, SEE, nummer=nummer)
    there = list(collaborations_of(request.user, place))
    chosen = next((one for one in there if one.slug == request.GET.get("samarbeid")), there[0] if there else None)
    context = frame(request, place, own) | {"collaborations": there, "chosen": chosen}
    if chosen:
        context |= {"table": _shared(request, own, chosen), "words": sharing.in_words(chosen), "collaboration": chosen}
    return TemplateResponse(request, "surveys/inventory/as_others.html", context)


def _shared(request: HttpRequest, own: Inventory, collaboration: Collaboration) -> Any:
    uses = SystemUse.objects.counted().filter(inventory=own).in_order()
    return tables.page(request, SharedUses.of(uses, collaboration))


def narrowed(uses: Any, form: OwnFilter) -> Any:
    """The list as the filter asks for it."""
    if not form.is_valid():
        return uses
    wanted, today = form.cleaned_data, timezone.localdate()
    if wanted["q"]:
        uses = uses.filter(Q(product__name__icontains=wanted["q"]) | Q(supplier__name__icontains=wanted["q"]))
    if wanted["tjeneste"]:
        uses = uses.filter(area__service_area=wanted["tjeneste"])
    if wanted.get("kommune"):
        uses = uses.filter(inventory__municipality=wanted["kommune"])
    ends = {
        "18": Q(contract_end__gte=today, contract_end__lte=soon()),
        "ukjent": Q(end_unknown=True),
        "utlopt": Q(contract_end__lt=today),
    }
    return uses.filter(ends[wanted["utlop"]]) if wanted["utlop"] else uses


def facts_of(own: Inventory) -> dict[str, Any]:
    """How far one has come, and what presses."""
    counted = own.uses.counted()
    groups = progress.progress(own)
    return {
        "progress": groups,
        "answered": sum(group.answered for group in groups),
        "total": sum(group.total for group in groups),
        "systems": counted.systems().values("product").distinct().count(),
        "ending": counted.systems().ending_soon().count(),
        "unknown": counted.filter(end_unknown=True).count(),
        "waiting": waiting_in(own).count(),
        "examples": counted.filter(example=True).exists(),
        "snapshot": own.snapshots.select_related("document").first(),
        "reviews": own.reviews.select_related("meeting__body"),
    }


def _everything(request: HttpRequest, own: Inventory) -> HttpResponse:
    """The own data whole, in the form that can be uploaded again."""
    record("inventory_exported", by=request.user, on=own)
    sheet = writing.SheetSpec(_("Systems"), snapshots.header(), snapshots.rows(own))
    return writing.response([sheet], file_name=f"kartlegging-{_name_of(own.municipality)}.xlsx")


def _name_of(place: Organisation) -> str:
    """What a file is called after; an IT collaboration has no number."""
    return place.number or f"it-samarbeid-{place.pk}"
