"""What the neighbours have: «same as Hadsel», who else uses our systems, and whom to ring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.models import Appointment, Collaboration, Membership, Organisation, Role
from surveys.models import Area, Inventory, SystemUse


def suggestions(inventory: Inventory, areas: Sequence[Area], user: Any) -> dict[int, list[SystemUse]]:
    """For each area what the neighbours use, each system once: «same as Hadsel»."""
    uses = (
        SystemUse.objects.counted()
        .systems()
        .filter(area__in=areas, inventory__in=neighbours(inventory, user))
        .select_related("product", "inventory__municipality")
        .only("area_id", "product__name", "inventory__municipality__name", "inventory__municipality__number")
        .order_by("inventory__municipality__sort_key")
    )
    found: dict[int, dict[int, SystemUse]] = defaultdict(dict)
    for use in uses:
        assert use.product_id is not None
        found[use.area_id].setdefault(use.product_id, use)
    return {area: list(by_product.values())[:3] for area, by_product in found.items()}


def neighbours(inventory: Inventory, user: Any) -> Any:
    """The inventories of those who share a collaboration with the municipality, as far as the user may see them."""
    mine = Membership.objects.active().filter(organisation=inventory.municipality)
    collaborations = Collaboration.objects.visible_to(user).filter(memberships__in=mine)
    members = Membership.objects.sharing().filter(collaboration__in=collaborations)
    return Inventory.objects.filter(municipality__in=members.values("organisation")).exclude(pk=inventory.pk)


@dataclass
class Same:
    """A system of one's own, and who else has it."""

    use: SystemUse
    others: list[Organisation]


def same_systems(inventory: Inventory, user: Any) -> list[Same]:
    """The own systems that neighbours use too, contracts that end first on top."""
    own = inventory.uses.counted().systems().select_related("area", "product")
    theirs = (
        SystemUse.objects.counted()
        .systems()
        .filter(inventory__in=neighbours(inventory, user), product__in=own.values("product"))
        .order_by("inventory__municipality__sort_key")
        .values_list("product_id", "inventory__municipality_id")
    )
    places = Organisation.objects.in_bulk({place for _product, place in theirs})
    by_product: dict[int, list[Organisation]] = defaultdict(list)
    for product, place in theirs:
        if places[place] not in by_product[product]:
            by_product[product].append(places[place])
    far = date.max
    rows = [Same(use, by_product[use.product_id]) for use in own if use.product_id and by_product[use.product_id]]
    return sorted(rows, key=lambda row: (row.use.contract_end or far, row.use.area.sort_key))


def contacts(municipalities: Sequence[Organisation]) -> dict[int, Any]:
    """Whom to ring: the IT leader of each municipality today."""
    leaders = Appointment.objects.active().filter(role=Role.IT_LEADER, organisation__in=municipalities)
    found: dict[int, Any] = {}
    for leader in leaders.select_related("person").order_by("-is_chair", "-pk"):
        assert leader.organisation_id is not None
        found[leader.organisation_id] = leader.person
    return found
