"""What every page of the own inventory begins with: whose it is, what one may do there, and its frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from digivesteralen.accounts.access import holds, require
from governance.models import Collaboration, Membership, Organisation
from surveys.actions import inventory as actions
from surveys.actions import looking_over
from surveys.addresses import own_url
from surveys.models import Inventory, SystemUse
from surveys.views.finding import collaboration_of, find_municipality

SEE, EDIT, CONFIRM = "governance.view_organisation", "governance.edit_inventory", "governance.confirm_inventory"
IT_COLLABORATION = Organisation.Kind.IT_COLLABORATION


def find_owner(request: HttpRequest, nummer: str = "", it: int = 0) -> Organisation:
    """A municipality by its number, or an IT collaboration by its own address (404 for who may not see it)."""
    if nummer:
        return find_municipality(request, nummer)
    there = Organisation.objects.visible_to(request.user).filter(kind=IT_COLLABORATION)
    return get_object_or_404(there, pk=it)


def owned(request: HttpRequest, right: str, **whose: Any) -> tuple[Organisation, Inventory]:
    """The inventory, for those who hold the right on its owner."""
    place = find_owner(request, **whose)
    require(request.user, right, on=place)
    return place, actions.inventory_of(place)


def waiting_in(own: Inventory) -> Any:
    """What somebody has uploaded on the owner's behalf."""
    return SystemUse.objects.awaiting().filter(inventory=own)


def edits(request: HttpRequest, own: Inventory) -> bool:
    return own.is_draft and holds(request.user, EDIT, own.municipality)


def collaborations_of(user: Any, place: Organisation) -> Any:
    """The collaborations that the user sees and the municipality is a member of: there its systems are shared."""
    memberships = Membership.objects.active().filter(organisation=place)
    return Collaboration.objects.visible_to(user).filter(memberships__in=memberships).order_by("pk")


def frame(request: HttpRequest, place: Organisation, own: Inventory) -> dict[str, Any]:
    is_municipality = place.kind != IT_COLLABORATION
    return {
        "municipality": place,
        "inventory": own,
        "is_municipality": is_municipality,
        "collaboration": collaboration_of(request.user, place),
        "confirms": is_municipality and holds(request.user, CONFIRM, place),
        "removed": removed(request),
        "rounds": looking_over.open_for(place) if is_municipality else (),
    }


def came_from(request: HttpRequest, place: Organisation, otherwise: str) -> str:
    """Back to the page of the own list that a button was pressed on, as a round; else where one always goes."""
    path = request.POST.get("tilbake", "")
    runde = request.GET.get("runde", "")
    if runde.isdecimal() and len(runde) < 10 and place.number:
        gruppe = urlencode({"gruppe": request.GET.get("gruppe", "")})
        return f"{own_url(place, 'round_own', int(runde))}?{gruppe}"
    ours = path.startswith(own_url(place, "inventory")) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else otherwise


def removed(request: HttpRequest) -> UUID | None:
    """The system that was just taken away, so that it can be taken back."""
    try:
        return UUID(request.GET.get("fjernet", ""))
    except ValueError:
        return None
