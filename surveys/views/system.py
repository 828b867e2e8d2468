"""One system of the own list: add, look at, correct, take away and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui.numbers import version_in
from surveys import sharing, system_facts
from surveys.actions import inventory as actions
from surveys.addresses import own_url
from surveys.forms.systems import SystemForm
from surveys.models import Inventory, Product, Supplier, SystemUse
from surveys.models.catalogue import key_of
from surveys.naming import resembling
from surveys.views.finding import find_use
from surveys.views.own import EDIT, SEE, came_from, collaborations_of, edits, find_owner, frame, owned

SHOWN_SUGGESTIONS = 500
# Which name is meant when it resembles known ones; pressed once, and the form is not asked again.
MEANT = "mente"


@needs(EDIT, on="organisation")
def add(request: HttpRequest, **whose: Any) -> HttpResponse:
    place, own = owned(request, EDIT, **whose)
    form = _form(request, own, initial={"area": request.GET.get("fagomrade")})
    alike = _alike(request, form)
    if form.is_valid() and not alike:
        use = actions.add_system(inventory=own, by=request.user, **form.said())
        messages.success(request, _("%(system)s is registered.") % {"system": use.product})
        if "another" in request.POST:
            return redirect(own_url(place, "system_new"))
        return redirect(came_from(request, place, own_url(place, "inventory")))
    context = frame(request, place, own) | _suggested() | {"form": form, "alike": alike}
    return TemplateResponse(request, "surveys/inventory/add.html", context)


@needs(SEE, on="organisation")
def system(request: HttpRequest, pk: Any, **whose: Any) -> HttpResponse:
    place = find_owner(request, **whose)
    require(request.user, SEE, on=place)
    use = find_use(place, pk)
    if request.method == "POST":
        require(request.user, EDIT, on=place)
    form = _form(request, use.inventory, use=use)
    alike = _alike(request, form)
    if form.is_valid() and not alike:
        actions.change_system(use=use, version=form.cleaned_data["version"], by=request.user, **form.said())
        messages.success(request, _("The changes are saved."))
        return redirect(came_from(request, place, own_url(place, "inventory")))
    context = frame(request, place, use.inventory) | _suggested() | {"form": form, "use": use, "alike": alike}
    changes = edits(request, use.inventory) and use.answer == SystemUse.Answer.SYSTEM and not use.is_covered
    context |= {"edits": changes, "removes": edits(request, use.inventory) and not use.is_covered}
    context |= {"head": system_facts.head(use), "groups": system_facts.groups(use)}
    return TemplateResponse(request, "surveys/inventory/system.html", context | _links(use))


@require_POST
@needs(EDIT, on="organisation")
def remove(request: HttpRequest, pk: Any, **whose: Any) -> HttpResponse:
    place, _own = owned(request, EDIT, **whose)
    actions.remove_system(use=find_use(place, pk), version=version_in(request), by=request.user)
    return redirect(f"{own_url(place, 'inventory')}?fjernet={pk}")


@require_POST
@needs(EDIT, on="organisation")
def restore(request: HttpRequest, pk: Any, **whose: Any) -> HttpResponse:
    place, own = owned(request, EDIT, **whose)
    use = actions.restore_system(inventory=own, pk=pk, by=request.user)
    messages.success(request, _("%(system)s stands in the list again.") % {"system": use.product or use.area})
    return redirect(own_url(place, "inventory"))


def _form(request: HttpRequest, own: Inventory, use: SystemUse | None = None, **more: Any) -> SystemForm:
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and request.POST.get(MEANT):
        data["product"] = request.POST[MEANT]
    if use:
        names = {"product": use.product and use.product.name, "supplier": use.supplier and use.supplier.name}
        more = {"initial": names, **more}
    shared = sharing.costs_are_shared(collaborations_of(request.user, own.municipality))
    return SystemForm(data, inventory=own, use=use, costs_shared=shared, **more)


def _alike(request: HttpRequest, form: SystemForm) -> list[Product]:
    """Known systems that a new name resembles: asked once, before another spelling becomes another system."""
    if not form.is_valid() or request.POST.get(MEANT):
        return []
    name = form.cleaned_data["product"]
    if Product.objects.by_key([name], form.inventory.municipality):
        return []
    if form.use and form.use.product and form.use.product.key == key_of(name):
        return []
    return list(resembling(name))


def _links(use: SystemUse) -> dict[str, Any]:
    """«Same as»: whose row this one was copied from, and who has copied it."""
    copies = use.copies.counted().select_related("inventory__municipality")
    return {"same_as": use.same_as, "copies": copies, "through": use.through}


def _suggested() -> dict[str, Any]:
    return {
        "systems_known": Product.objects.standing().values_list("name", flat=True)[:SHOWN_SUGGESTIONS],
        "suppliers_known": Supplier.objects.values_list("name", flat=True)[:SHOWN_SUGGESTIONS],
    }
