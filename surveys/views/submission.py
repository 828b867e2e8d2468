"""Handing the own inventory in: what is left, the receipt, earlier deliveries, and what others uploaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from surveys import deliveries, neighbours, progress, rounds, uploads
from surveys.actions import inventory as actions
from surveys.addresses import own_url
from surveys.models import Inventory
from surveys.models.inventory import soon
from surveys.views.finding import find_municipality
from surveys.views.inventory import facts_of
from surveys.views.own import CONFIRM, SEE, came_from, frame, owned, waiting_in


@needs(CONFIRM, on="organisation")
def submit(request: HttpRequest, nummer: str) -> HttpResponse:
    place, own = owned(request, CONFIRM, nummer=nummer)
    if request.method == "POST":
        actions.submit(inventory=own, version=version_in(request), by=request.user)
        return redirect("inventory_receipt", place.number)
    missing = progress.unanswered(own)
    context = frame(request, place, own) | {"missing": missing, "waiting": waiting_in(own).count()}
    context |= {"left": _left(own, context["rounds"])}
    return TemplateResponse(request, "surveys/inventory/submit.html", context | facts_of(own))


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
    context = frame(request, place, own) | {
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
    actions.reopen(inventory=own, version=version_in(request), by=request.user)
    messages.success(request, _("The inventory is open for changes. What you submitted is kept as it was."))
    return redirect(came_from(request, place, own_url(place, "inventory")))


@needs(CONFIRM, on="organisation")
def waiting(request: HttpRequest, nummer: str) -> HttpResponse:
    """What somebody has uploaded on the municipality's behalf: nothing of it counts before it is confirmed (rule 9)."""
    place, own = owned(request, CONFIRM, nummer=nummer)
    if request.method == "POST":
        return _decide(request, own)
    page = Paginator(_whole(waiting_in(own)).in_order(), tables.PER_PAGE).get_page(request.GET.get("page"))
    uses = list(page)
    standing = _whole(own.uses.counted()).filter(area__in=[use.area_id for use in uses])
    before, said = {(use.area_id, use.product_id): use for use in standing}, uploads.brought(uses)
    pairs = [(use, before.get((use.area_id, use.product_id))) for use in uses]
    rows = [(use, stands, uploads.changes(use, stands, said[use.pk])) for use, stands in pairs]
    context = frame(request, place, own) | {"page": page, "rows": rows}
    return TemplateResponse(request, "surveys/inventory/waiting.html", context)


def _whole(uses: Any) -> Any:
    """With all that is told of a row before somebody confirms it."""
    told = ("area", "product", "supplier", "inventory__municipality", "awaits__asked_by")
    return uses.select_related(*told, "same_as__inventory__municipality").prefetch_related("integrations__solution")


def _decide(request: HttpRequest, own: Inventory) -> HttpResponse:
    if "discard" in request.POST:
        number = actions.discard_upload(inventory=own, by=request.user)
        messages.success(request, _("%(count)s uploaded rows are discarded.") % {"count": number})
    else:
        number = actions.confirm_upload(inventory=own, by=request.user)
        messages.success(request, _("%(count)s uploaded rows are confirmed and count from now on.") % {"count": number})
    return redirect("inventory", own.municipality.number)


def _left(own: Inventory, open_rounds: Any) -> list[tuple[Any, int]]:
    """The open rounds, each with how many lines nobody has looked over."""
    found = [(one, sum(group.left for group in rounds.groups(one, own))) for one in open_rounds]
    return [(one, left) for one, left in found if left]


@needs(SEE, on="organisation")
def delivered(request: HttpRequest, nummer: str) -> HttpResponse:
    """What was submitted, day by day, and what came, went and changed between two of them."""
    place, own = owned(request, SEE, nummer=nummer)
    found = list(own.snapshots.select_related("document", "taken_by"))
    first, second = _two(request, found)
    difference = deliveries.compare(first, second) if first and second else None
    context = frame(request, place, own) | {"snapshots": found, "first": first, "second": second}
    return TemplateResponse(request, "surveys/inventory/delivered.html", context | {"difference": difference})


def _two(request: HttpRequest, found: list[Any]) -> tuple[Any, Any]:
    """The two that were chosen, the earlier first; else the last two."""
    by_pk = {str(one.pk): one for one in found}
    chosen = [by_pk[pk] for pk in (request.GET.get("fra", ""), request.GET.get("til", "")) if pk in by_pk]
    if len(chosen) != 2 or chosen[0] == chosen[1]:
        chosen = found[:2]
    return tuple(sorted(chosen, key=lambda one: one.taken_at)) if len(chosen) == 2 else (None, None)
