"""What the catalogue's pages tell: who uses a system, and which names there are to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from governance.models import Collaboration
from surveys.models import Product, SystemUse

MOST_SUGGESTIONS = 1000


def used_by(products: Collection[int], collaboration: Collaboration) -> dict[int, list[str]]:
    """For each system the municipalities of the collaboration that use it; all may see that (rule 9)."""
    uses = SystemUse.objects.of(collaboration).counted().systems().filter(product__in=products)
    places: dict[int, list[str]] = defaultdict(list)
    rows = uses.order_by("inventory__municipality__sort_key").values_list("product", "inventory__municipality__name")
    for product, place in rows:
        if product is not None and place not in places[product]:
            places[product].append(place)
    return places


def suggestions() -> list[str]:
    """The names of systems to choose from while one writes."""
    return list(Product.objects.standing().values_list("name", flat=True)[:MOST_SUGGESTIONS])
