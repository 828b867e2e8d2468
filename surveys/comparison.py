"""Who has what: the municipalities side by side, by the sharing rule (area, system, supplier, contract end)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from governance.models import Collaboration, Organisation
from surveys.models import Area, SystemUse
from surveys.models.inventory import SOON_IN_MONTHS, soon

SHARED_BY = 4
IN_ORDER = ("service_area__position", "service_area__sort_key", "position", "sort_key")

# Nothing else of a row leaves its municipality (rule 9): reads for others name these and no more.
SHARED = (
    "pk", "area_id", "answer", "product_id", "product__name", "supplier__name", "contract_end", "example",
    "inventory__municipality_id",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One municipality's answer in one area, as the others see it."""

    name: str
    ends: date | None = None
    soon: bool = False
    shared: bool = False
    example: bool = False


@dataclass
class MatrixRow:
    """One area, with a list of answers for each municipality; no answer is an empty list."""

    area: Area
    cells: list[list[Cell]]
    different: int


def areas_of(collaboration: Collaboration) -> Any:
    """All areas, with how many different systems the members use, and how many members have answered."""
    uses = Q(uses__awaits=None, uses__inventory__municipality__in=collaboration.members())
    systems = uses & Q(uses__answer="system")
    return (
        Area.objects.select_related("service_area")
        .annotate(
            different=Count("uses__product", distinct=True, filter=systems),
            answered=Count("uses__inventory", distinct=True, filter=uses),
        )
        .order_by(*IN_ORDER)
    )


def matrix(
    collaboration: Collaboration, areas: Sequence[Area], municipalities: Sequence[Organisation]
) -> list[MatrixRow]:
    """The rows of the areas given, with the answers of the municipalities given."""
    common = shared_products(collaboration, areas)
    cells: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    uses = SystemUse.objects.counted().filter(area__in=areas, inventory__municipality__in=municipalities)
    today, last = timezone.localdate(), soon()
    for use in uses.order_by("product__sort_key").values(*SHARED):
        ends = use["contract_end"]
        answer = SystemUse.Answer(use["answer"])
        cells[use["area_id"], use["inventory__municipality_id"]].append(
            Cell(
                name=use["product__name"] or str(answer.label),
                ends=ends,
                soon=ends is not None and today <= ends <= last,
                shared=(use["area_id"], use["product_id"]) in common,
                example=use["example"],
            )
        )
    return [
        MatrixRow(area, [cells[area.pk, place.pk] for place in municipalities], getattr(area, "different", 0))
        for area in areas
    ]


def shared_products(collaboration: Collaboration, areas: Sequence[Area] | None = None) -> set[tuple[int, int]]:
    """The systems that at least four municipalities use in the same area, as (area, system)."""
    uses = SystemUse.objects.of(collaboration).counted().systems()
    if areas is not None:
        uses = uses.filter(area__in=areas)
    counted = uses.order_by().values("area_id", "product_id").annotate(users=Count("inventory", distinct=True))
    return {(one["area_id"], one["product_id"]) for one in counted.filter(users__gte=SHARED_BY)}


@dataclass
class Window:
    """The contracts of one area that end within the same 18 months: who can buy together."""

    area: Area
    uses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(use["inventory__municipality__name"] for use in self.uses))

    @property
    def first(self) -> date:
        return min(use["contract_end"] for use in self.uses)

    @property
    def last(self) -> date:
        return max(use["contract_end"] for use in self.uses)


def windows(collaboration: Collaboration, months: int = SOON_IN_MONTHS) -> list[Window]:
    """The areas where at least two municipalities have a contract that ends in time to buy together, the most first."""
    uses = SystemUse.objects.of(collaboration).counted().systems().ending_soon(months)
    areas = Area.objects.in_bulk(uses.order_by().values_list("area_id", flat=True).distinct())
    found: dict[int, Window] = {}
    names = (*SHARED, "inventory__municipality__name")
    for use in uses.order_by("contract_end", "inventory__municipality__sort_key").values(*names):
        found.setdefault(use["area_id"], Window(areas[use["area_id"]])).uses.append(use)
    together = [window for window in found.values() if len(window.names) > 1]
    return sorted(together, key=lambda window: (-len(window.names), window.first, window.area.sort_key))
