"""How good the answers of each municipality are: five parts, each a share, and their mean as the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from governance.models import Organisation
from surveys.models import Area, Confirmation, Inventory, SystemUse
from surveys.models.inventory import used_on

FRESH_DAYS = 365
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Quality:
    """What one municipality has answered, and how well it is known. A share of nothing is nought.

    What is known of systems is counted among those in use; one that is gone is an answer, and needs no contract end.
    Confirmed: the line was looked over in a round within twelve months, or the inventory was submitted within them.
    Quality-assured: the meeting with the IT leaders has gone through it (R30).
    """

    place: Organisation
    areas: int
    answered: int = 0
    systems: int = 0
    ends_known: int = 0
    suppliers_known: int = 0
    lines: int = 0
    confirmed: int = 0
    assured: bool = False
    example: bool = False

    @property
    def parts(self) -> list[Decimal]:
        return [self.coverage, self.ends, self.suppliers, self.fresh, Decimal(self.assured)]

    @property
    def coverage(self) -> Decimal:
        return _share(self.answered, self.areas)

    @property
    def ends(self) -> Decimal:
        return _share(self.ends_known, self.systems)

    @property
    def suppliers(self) -> Decimal:
        return _share(self.suppliers_known, self.systems)

    @property
    def fresh(self) -> Decimal:
        return _share(self.confirmed, self.lines)

    @property
    def score(self) -> Decimal:
        return (sum(self.parts, Decimal(0)) / len(self.parts)).quantize(THOUSANDTH)


def of_municipalities(places: Sequence[Organisation], today: date | None = None) -> list[Quality]:
    """In the order given; three reads however many."""
    day = today or timezone.localdate()
    since = day - timedelta(days=FRESH_DAYS)
    lists = {one.municipality_id: one for one in Inventory.objects.filter(municipality__in=places)}
    areas = Area.objects.count()
    counted = {row["inventory"]: row for row in _counted([one.pk for one in lists.values()], day, since)}
    return [_of(place, areas, lists.get(place.pk), counted, since) for place in places]


def _of(place: Organisation, areas: int, own: Inventory | None, counted: dict[Any, Any], since: date) -> Quality:
    if own is None or own.pk not in counted:
        return Quality(place, areas)
    row = {name: value for name, value in counted[own.pk].items() if name != "inventory"}
    made_up = row.pop("made_up") > 0
    submitted = own.submitted_at is not None and timezone.localdate(own.submitted_at) >= since
    if submitted and not own.is_draft:
        row["confirmed"] = row["lines"]
    return Quality(place, areas, assured=own.state == Inventory.State.ASSURED, example=made_up, **row)


def _counted(inventories: list[int], day: date, since: date) -> Any:
    recent = Confirmation.objects.filter(use=OuterRef("pk"), at__date__gte=since)
    systems = Q(answer=SystemUse.Answer.SYSTEM) & used_on(day)
    return (
        SystemUse.objects.counted()
        .filter(inventory__in=inventories)
        .annotate(looked_over=Exists(recent))
        .order_by()
        .values("inventory")
        .annotate(
            answered=Count("area", distinct=True),
            lines=Count("pk"),
            systems=Count("pk", filter=systems),
            ends_known=Count("pk", filter=systems & (Q(contract_end__isnull=False) | Q(end_running=True))),
            suppliers_known=Count("pk", filter=systems & Q(supplier__isnull=False)),
            confirmed=Count("pk", filter=Q(looked_over=True)),
            made_up=Count("pk", filter=Q(example=True)),
        )
    )


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(THOUSANDTH) if whole else Decimal(0)
