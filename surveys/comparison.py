"""Who has what: the municipalities side by side, by the sharing rule (area, system, supplier, contract end)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from governance.models import Appointment, Collaboration, Organisation, Role
from surveys.models import Area, Inventory, ServiceArea, SystemUse
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


@dataclass(frozen=True)
class Progress:
    """How far a municipality has come in one service area."""

    name: str
    answered: int
    total: int

    @property
    def state(self) -> str:
        return "done" if self.answered == self.total else "begun" if self.answered else "not started"


def progress(inventory: Inventory) -> list[Progress]:
    """Answered areas of each service area; «no system» and «not relevant» are answers too."""
    answered = Q(areas__uses__inventory=inventory, areas__uses__awaits=None)

    groups = ServiceArea.objects.annotate(
        total=Count("areas", distinct=True), answered=Count("areas", distinct=True, filter=answered)
    )
    return [Progress(group.name, group.answered, group.total) for group in groups if group.total]


def unanswered(inventory: Inventory) -> Any:
    """The areas that the municipality has not answered for."""
    counted = SystemUse.objects.counted().filter(inventory=inventory)
    areas = Area.objects.select_related("service_area").exclude(pk__in=counted.values("area"))
    return areas.order_by(*IN_ORDER)


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
    today = timezone.localdate()
    collaborations = Collaboration.objects.visible_to(user).filter(memberships__organisation=inventory.municipality)
    members = Organisation.objects.filter(
        Q(memberships__until=None) | Q(memberships__until__gte=today), memberships__collaboration__in=collaborations
    )
    return Inventory.objects.filter(municipality__in=members).exclude(pk=inventory.pk)


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
