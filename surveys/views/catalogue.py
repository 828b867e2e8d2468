"""The catalogue of systems and suppliers, shared by all collaborations: read by members, edited by who keeps it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import whole
from surveys import catalogue_reading as reading
from surveys import doubles as alike
from surveys.actions import catalogue as actions
from surveys.actions import merging
from surveys.catalogue_tables import ProductTable, SupplierTable
from surveys.forms.catalogue import (
    AliasForm,
    MergeForm,
    ProductFilter,
    ProductForm,
    SupplierFilter,
    SupplierForm,
)
from surveys.models import Product, Supplier
from surveys.models.catalogue import key_of
from surveys.views.finding import find_collaboration

SEE, EDIT = "governance.view_collaboration", "governance.manage_surveys"


@needs(SEE)
def products(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = ProductFilter(request.GET)
    shown = _narrowed(reading.products_of(found), form)
    table = tables.page(request, ProductTable(shown, collaboration=found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"katalog-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "edits": holds(request.user, EDIT, found)}
    return TemplateResponse(request, "surveys/catalogue/products.html", context)


def _narrowed(shown: Any, form: ProductFilter) -> Any:
    said = form.cleaned_data if form.is_valid() else {}
    if said.get("q"):
        shown = shown.filter(reading.named(said["q"]))
    for name, field in (("fag", "area"), ("leverandor", "supplier"), ("familie", "family")):
        if said.get(name):
            shown = shown.filter(**{field: said[name]})
    only: dict[str, dict[str, Any]] = {
        "ja": {"users__gt": 0}, "nei": {"users": 0}, "import": {"added_by_import__isnull": False},
        "uten": {"supplier": None},
    }  # fmt: skip
    return shown.filter(**only.get(said.get("bruk", ""), {}))


@needs(SEE)
def product(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """A system with its names, its kin, who uses it, and its history; a double leads to the one that is kept."""
    found = find_collaboration(request, samarbeid)
    shown = _find_product(pk)
    if shown.merged_into_id:
        messages.info(
            request, _("«%(gone)s» is the same as «%(kept)s».") % {"gone": shown, "kept": shown.merged_into}
        )  # fmt: skip
        return redirect("product", found.slug, shown.merged_into_id)
    edits = holds(request.user, EDIT, found)
    context = {
        "collaboration": found, "product": shown, "edits": edits,
        "aliases": reading.names_of(shown, found),
        "modules": shown.modules.standing(), "predecessors": shown.predecessors.standing(),
        "uses": reading.shared_uses(shown, found),
        "merges": shown.merges.filter(undone_at=None).select_related("gone", "by"),
        "form": AliasForm(collaboration=found) if edits else None,
    }  # fmt: skip
    return TemplateResponse(request, "surveys/catalogue/product.html", context)


@needs(EDIT)
def product_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = ProductForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.add_product(collaboration=found, by=request.user, **form.said())
        messages.success(request, _("%(system)s is in the catalogue.") % {"system": made})
        return redirect("product", found.slug, made.pk)
    return TemplateResponse(request, "surveys/catalogue/product_form.html", _known(found) | {"form": form})


@needs(EDIT)
def product_change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    changed = _find_product(pk)
    form = ProductForm(request.POST if request.method == "POST" else None, product=changed)
    if form.is_valid():
        actions.change_product(
            product=changed, collaboration=found, version=form.cleaned_data["version"], by=request.user, **form.said()
        )
        messages.success(request, _("The change is saved."))
        return redirect("product", found.slug, pk)
    context = _known(found) | {"form": form, "product": changed}
    return TemplateResponse(request, "surveys/catalogue/product_form.html", context)


@require_POST
@needs(EDIT)
def alias_add(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = AliasForm(request.POST, collaboration=found)
    if not form.is_valid():
        raise NotAllowedNow(" ".join(str(error) for errors in form.errors.values() for error in errors))
    alias = actions.add_alias(product=_find_product(pk), collaboration=found, by=request.user, **form.cleaned_data)
    messages.success(request, _("«%(name)s» means this system from now on.") % {"name": alias.name})
    return redirect("product", found.slug, pk)


@require_POST
@needs(EDIT)
def alias_remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    known = reading.names_of(_find_product(pk), found).filter(pk=_number(request, "navn")).first()
    if known is None:
        raise NotAllowedNow(_("The name is removed already."))
    actions.remove_alias(alias=known, collaboration=found, by=request.user)
    messages.success(request, _("«%(name)s» no longer means this system.") % {"name": known.name})
    return redirect("product", found.slug, pk)


@needs(EDIT)
def product_merge(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Say that this system is a double of another."""
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    gone = _find_product(pk)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = merging.merge(gone=gone, kept=form.cleaned_data["kept"], collaboration=found, by=request.user)
        messages.success(request, _("«%(gone)s» is the same as «%(kept)s».") % {"gone": gone, "kept": done.kept})
        return redirect("product", found.slug, done.kept_id)
    context = _known(found) | {"form": form, "product": gone, "uses": reading.shared_uses(gone, found).count()}
    return TemplateResponse(request, "surveys/catalogue/merge.html", context)


@require_POST
@needs(EDIT)
def merge_undo(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The system was no double after all."""
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    gone = _find_product(pk)
    done = reading.merging_of(gone)
    if done is None:
        raise NotAllowedNow(_("The merging is undone already."))
    merging.undo_merge(merging=done, collaboration=found, by=request.user)
    messages.success(request, _("«%(gone)s» stands for itself again.") % {"gone": gone})
    return redirect("product", found.slug, gone.pk)


@needs(EDIT)
def doubles(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Pairs that look alike: the same, or not."""
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    if request.method == "POST":
        return _said(request, found)
    pairs = alike.pairs()
    users = reading.used_by({one.pk for pair in pairs for one in (pair.one, pair.other)}, found)
    lines = [(pair, users.get(pair.one.pk, []), users.get(pair.other.pk, [])) for pair in pairs]
    return TemplateResponse(request, "surveys/catalogue/doubles.html", {"collaboration": found, "lines": lines})


def _said(request: HttpRequest, found: Any) -> HttpResponse:
    both = Product.objects.in_bulk([_number(request, name) for name in ("ett", "annet")])
    one, other = (both.get(_number(request, name)) for name in ("ett", "annet"))
    if one is None or other is None:
        raise NotAllowedNow(_("One of them was merged meanwhile. Look at the list again."))
    if request.POST.get("svar") == "ulike":
        merging.say_different(one=one, other=other, collaboration=found, by=request.user)
        messages.success(request, _("Remembered: «%(one)s» and «%(other)s» are two.") % {"one": one, "other": other})
    else:
        merging.merge(gone=other, kept=one, collaboration=found, by=request.user)
        messages.success(request, _("«%(gone)s» is the same as «%(kept)s».") % {"gone": other, "kept": one})
    return redirect("doubles", found.slug)


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name, "")) or 0


@needs(SEE)
def suppliers(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    form = SupplierFilter(request.GET)
    shown = reading.suppliers_of(found)
    if form.is_valid() and form.cleaned_data["q"]:
        shown = shown.filter(key__contains=key_of(form.cleaned_data["q"]))
    table = tables.page(request, SupplierTable(shown, collaboration=found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"leverandorer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form}
    return TemplateResponse(request, "surveys/catalogue/suppliers.html", context)


@needs(SEE)
def supplier(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = get_object_or_404(Supplier.objects.select_related("successor"), pk=pk)
    table = tables.page(request, ProductTable(reading.products_of(found).filter(supplier=shown), collaboration=found))
    context = {
        "collaboration": found, "supplier": shown, "table": table, "edits": holds(request.user, EDIT, found),
        "predecessors": shown.predecessors.all(),
    }  # fmt: skip
    return TemplateResponse(request, "surveys/catalogue/supplier.html", context)


@needs(EDIT)
def supplier_change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    changed = get_object_or_404(Supplier, pk=pk)
    form = SupplierForm(request.POST if request.method == "POST" else None, supplier=changed)
    if form.is_valid():
        actions.change_supplier(
            supplier=changed, collaboration=found, version=form.cleaned_data["version"], by=request.user, **form.said()
        )
        messages.success(request, _("The change is saved."))
        return redirect("supplier", found.slug, pk)
    context = {"collaboration": found, "form": form, "supplier": changed}
    return TemplateResponse(request, "surveys/catalogue/supplier_form.html", context)


def _find_product(pk: int) -> Product:
    """The catalogue is the same for all who see a collaboration."""
    shown = Product.objects.select_related("supplier", "family", "area", "module_of", "successor", "merged_into")
    return get_object_or_404(shown, pk=pk)


def _known(found: Any) -> dict[str, Any]:
    return {
        "collaboration": found, "systems_known": reading.suggestions(), "suppliers_known": reading.supplier_names(),
        "families_known": reading.family_names(),
    }  # fmt: skip
