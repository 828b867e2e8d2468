"""«Våre systemer»: a municipality's own people fill in, copy from the neighbours and submit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Organisation
from surveys import neighbours, progress, snapshots
from surveys.actions import inventory as actions
from surveys.forms.inventory import SHOWN_SUGGESTIONS, OwnFilter, SystemForm
from surveys.inventory_tables import OwnTable
from surveys.models import Area, Inventory, Product, Supplier, SystemUse
from surveys.models.inventory import soon
from surveys.views.finding import collaboration_of, find_municipality, find_use, version_of

SEE, EDIT, CONFIRM = "governance.view_organisation", "governance.edit_inventory", "governance.confirm_inventory"


@needs(SEE, on="organisation")
def inventory(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, SEE, on=place)
    own = actions.inventory_of(place)
    if request.GET.get("format") == "xlsx" and request.GET.get("hva") == "alt":
        return _everything(request, own)
    form = OwnFilter(request.GET)
    uses = narrowed(SystemUse.objects.counted().filter(inventory=own), form).in_order()
    table = tables.page(
        request, OwnTable(uses.select_related("area", "product", "supplier", "inventory__municipality"))
    )
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"systemer-{place.number}.xlsx")
    context = _frame(request, place, own) | {"table": table, "filter": form, "edits": _edits(request, own)}
    return TemplateResponse(request, "surveys/inventory/own.html", context | _facts(own))


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


@needs(EDIT, on="organisation")
def unanswered(request: HttpRequest, nummer: str) -> HttpResponse:
    place, own = _mine(request, nummer)
    page = Paginator(progress.unanswered(own), tables.PER_PAGE).get_page(request.GET.get("page"))
    near = neighbours.suggestions(own, list(page), request.user)
    rows = [(area, near.get(area.pk, [])) for area in page]
    context = _frame(request, place, own) | {"page": page, "rows": rows}
    return TemplateResponse(request, "surveys/inventory/unanswered.html", context)


@needs(EDIT, on="organisation")
def add(request: HttpRequest, nummer: str) -> HttpResponse:
    place, own = _mine(request, nummer)
    data = request.POST if request.method == "POST" else None
    form = SystemForm(data, inventory=own, initial={"area": request.GET.get("fagomrade")})
    if form.is_valid():
        use = actions.add_system(inventory=own, by=request.user, **form.said())
        messages.success(request, _("%(system)s is registered.") % {"system": use.product})
        if "another" in request.POST:
            return redirect("system_new", place.number)
        return redirect("inventory", place.number)
    context = _frame(request, place, own) | _suggested() | {"form": form}
    return TemplateResponse(request, "surveys/inventory/add.html", context)


@needs(SEE, on="organisation")
def system(request: HttpRequest, nummer: str, pk: Any) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, SEE, on=place)
    use = find_use(place, pk)
    if request.method == "POST":
        require(request.user, EDIT, on=place)
    data = request.POST if request.method == "POST" else None
    form = SystemForm(data, inventory=use.inventory, use=use, initial=_initial(use))
    if form.is_valid():
        actions.change_system(use=use, version=form.cleaned_data["version"], by=request.user, **form.said())
        messages.success(request, _("The changes are saved."))
        return redirect("inventory", place.number)
    context = _frame(request, place, use.inventory) | _suggested()
    context |= {"form": form, "use": use, "edits": _edits(request, use.inventory) and use.answer == "system"}
    return TemplateResponse(request, "surveys/inventory/system.html", context | {"facts": _said(use)})


@require_POST
@needs(EDIT, on="organisation")
def remove(request: HttpRequest, nummer: str, pk: Any) -> HttpResponse:
    place, _own = _mine(request, nummer)
    use = find_use(place, pk)
    actions.remove_system(use=use, by=request.user)
    return redirect(f"{reverse('inventory', args=[place.number])}?fjernet={pk}")


@require_POST
@needs(EDIT, on="organisation")
def restore(request: HttpRequest, nummer: str, pk: Any) -> HttpResponse:
    place, own = _mine(request, nummer)
    use = actions.restore_system(inventory=own, pk=pk, by=request.user)
    messages.success(request, _("%(system)s stands in the list again.") % {"system": use.product or use.area})
    return redirect("inventory", place.number)


@require_POST
@needs(EDIT, on="organisation")
def copy(request: HttpRequest, nummer: str, pk: Any) -> HttpResponse:
    place, own = _mine(request, nummer)
    shared = SystemUse.objects.counted().systems().filter(inventory__in=neighbours.neighbours(own, request.user))
    like = get_object_or_404(shared.select_related("area", "product", "supplier", "inventory__municipality"), pk=pk)
    use = actions.copy_system(inventory=own, like=like, by=request.user)
    text = _("%(area)s: %(system)s, the same as %(municipality)s. Fill in when your own contract ends.")
    messages.success(
        request, text % {"area": use.area, "system": use.product, "municipality": like.inventory.municipality}
    )
    return redirect("inventory_unanswered", place.number)


@require_POST
@needs(EDIT, on="organisation")
def answer(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place, own = _mine(request, nummer)
    said = SystemUse.Answer.NOT_RELEVANT if request.POST.get("answer") == "irrelevant" else SystemUse.Answer.NONE
    use = actions.answer_area(inventory=own, area=get_object_or_404(Area, pk=pk), answer=said, by=request.user)
    messages.success(request, f"{use.area}: {use.get_answer_display()}")
    return redirect("inventory_unanswered", place.number)


@needs(CONFIRM, on="organisation")
def submit(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, CONFIRM, on=place)
    own = actions.inventory_of(place)
    if request.method == "POST":
        actions.submit(inventory=own, version=version_of(request), by=request.user)
        return redirect("inventory_receipt", place.number)
    missing = progress.unanswered(own)
    context = _frame(request, place, own) | {"missing": missing, "waiting": _waiting(own).count()}
    return TemplateResponse(request, "surveys/inventory/submit.html", context | _facts(own))


@needs(SEE, on="organisation")
def receipt(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, SEE, on=place)
    own = get_object_or_404(Inventory, municipality=place)
    snapshot = own.snapshots.select_related("document", "taken_by").first()
    if snapshot is None:
        return redirect("inventory", place.number)
    same = neighbours.same_systems(own, request.user)
    others = list({other.pk: other for row in same for other in row.others}.values())
    people = neighbours.contacts(others)
    context = _frame(request, place, own) | {
        "snapshot": snapshot,
        "ending": own.uses.counted().systems().ending_soon().count(),
        "until": soon(),
        "same": same[:50],
        "same_more": max(len(same) - 50, 0),
        "others": [(other, people.get(other.pk)) for other in sorted(others, key=lambda one: one.sort_key)],
    }
    return TemplateResponse(request, "surveys/inventory/receipt.html", context)


@require_POST
@needs(CONFIRM, on="organisation")
def reopen(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, CONFIRM, on=place)
    own = get_object_or_404(Inventory, municipality=place)
    actions.reopen(inventory=own, version=version_of(request), by=request.user)
    messages.success(request, _("The inventory is open for changes. What you submitted is kept as it was."))
    return redirect("inventory", place.number)


@needs(CONFIRM, on="organisation")
def waiting(request: HttpRequest, nummer: str) -> HttpResponse:
    """What somebody has uploaded on the municipality's behalf: nothing of it counts before it is confirmed (rule 9)."""
    place = find_municipality(request, nummer)
    require(request.user, CONFIRM, on=place)
    own = actions.inventory_of(place)
    if request.method == "POST":
        return _decide(request, own)
    uses = _waiting(own).select_related("area", "product", "supplier", "inventory__municipality", "awaits__asked_by")
    page = Paginator(uses.in_order(), tables.PER_PAGE).get_page(request.GET.get("page"))
    keys = {(use.area_id, use.product_id) for use in page}
    standing = own.uses.counted().filter(area__in=[area for area, _product in keys]).select_related("supplier")
    before = {(use.area_id, use.product_id): use for use in standing}
    rows = [(use, before.get((use.area_id, use.product_id))) for use in page]
    context = _frame(request, place, own) | {"page": page, "rows": rows}
    return TemplateResponse(request, "surveys/inventory/waiting.html", context)


def _decide(request: HttpRequest, own: Inventory) -> HttpResponse:
    if "discard" in request.POST:
        number = actions.discard_upload(inventory=own, by=request.user)
        messages.success(request, _("%(count)s uploaded rows are discarded.") % {"count": number})
    else:
        number = actions.confirm_upload(inventory=own, by=request.user)
        messages.success(request, _("%(count)s uploaded rows are confirmed and count from now on.") % {"count": number})
    return redirect("inventory", own.municipality.number)


def _mine(request: HttpRequest, nummer: str) -> tuple[Organisation, Inventory]:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    return place, actions.inventory_of(place)


def _waiting(own: Inventory) -> Any:
    return SystemUse.objects.awaiting().filter(inventory=own)


def _edits(request: HttpRequest, own: Inventory) -> bool:
    return own.is_draft and holds(request.user, EDIT, own.municipality)


def _frame(request: HttpRequest, place: Organisation, own: Inventory) -> dict[str, Any]:
    return {
        "municipality": place,
        "inventory": own,
        "collaboration": collaboration_of(request.user, place),
        "confirms": holds(request.user, CONFIRM, place),
        "removed": _removed(request),
    }


def _removed(request: HttpRequest) -> UUID | None:
    """The system that was just taken away, so that it can be taken back."""
    try:
        return UUID(request.GET.get("fjernet", ""))
    except ValueError:
        return None


def _facts(own: Inventory) -> dict[str, Any]:
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
        "waiting": _waiting(own).count(),
        "examples": counted.filter(example=True).exists(),
        "snapshot": own.snapshots.select_related("document").first(),
        "reviews": own.reviews.select_related("meeting__body"),
    }


def _everything(request: HttpRequest, own: Inventory) -> HttpResponse:
    """The own data whole, in the form that can be uploaded again."""
    record("inventory_exported", by=request.user, on=own)
    sheet = writing.SheetSpec(_("Systems"), snapshots.header(), snapshots.rows(own))
    return writing.response([sheet], file_name=f"kartlegging-{own.municipality.number}.xlsx")


def _suggested() -> dict[str, Any]:
    return {
        "systems_known": Product.objects.values_list("name", flat=True)[:SHOWN_SUGGESTIONS],
        "suppliers_known": Supplier.objects.values_list("name", flat=True)[:SHOWN_SUGGESTIONS],
    }


def _initial(use: SystemUse) -> dict[str, Any]:
    names = ("area", "contract_end", "end_unknown", "end_running", "release", "operation", "operated_by")
    more = ("annual_cost", "planned_replacement", "remark")
    own = {name: getattr(use, name) for name in (*names, *more)}
    return own | {"product": use.product and use.product.name, "supplier": use.supplier and use.supplier.name}


def _said(use: SystemUse) -> list[tuple[str, Any]]:
    """A system as facts, for those who may read but not change."""
    said = [(field.verbose_name, field.value_from_object(use)) for field in use._meta.fields if field.name in SHOWN]
    cost = [(_("Cost per year"), use.annual_cost)] if use.annual_cost is not None else []
    operation = [(_("Operated by"), use.get_operation_display())] if use.operation else []
    head = [(_("Area"), use.area), (_("Supplier"), use.supplier), (_("Contract end"), snapshots.end_of(use))]
    return [(str(label), value) for label, value in [*head, *operation, *said, *cost] if value not in (None, "")]


SHOWN = {"release", "operated_by", "planned_replacement", "remark"}
