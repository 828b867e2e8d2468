"""How far a round of confirmation has come: in a municipality group by group, and for all municipalities at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from governance.models import Organisation
from surveys.models import Area, Confirmation, ConfirmationRound, Inventory, ServiceArea, SystemUse


class _Counted:
    """Lines looked over, of all there are; an area without an answer is a line to look over too."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def state(self) -> str:
        return "done" if self.done == self.total else "begun" if self.done else "not started"


@dataclass
class Group(_Counted):
    """One service area of the own list."""

    group: ServiceArea
    done: int = 0
    total: int = 0


@dataclass
class Line:
    """One area of a group: what stands there, each with whether it is looked over; an empty one has what is near."""

    area: Area
    uses: list[tuple[SystemUse, Confirmation | None]] = field(default_factory=list)
    near: list[SystemUse] = field(default_factory=list)


@dataclass
class Progress(_Counted):
    """How far one municipality has come."""

    municipality: Organisation
    inventory: Inventory | None
    done: int
    total: int
    delivered: bool


def groups(round: ConfirmationRound, inventory: Inventory) -> list[Group]:
    """The service areas with how many lines are looked over, in their order."""
    lines = _lines(inventory).values_list("area", "area__service_area", "through")
    looked_over = Counter(
        Confirmation.objects.filter(round=round, use__inventory=inventory, use__awaits=None).values_list(
            "use__area__service_area", flat=True
        )
    )
    uses: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    answered = set()
    for area, group, through in lines:
        uses[group] += 1
        covered[group] += through is not None
        answered.add(area)
    empty = Counter(group for area, group in Area.objects.values_list("pk", "service_area") if area not in answered)
    found = [
        Group(group, looked_over[group.pk] + covered[group.pk], uses[group.pk] + empty[group.pk])
        for group in ServiceArea.objects.all()
    ]
    return [one for one in found if one.total]


def lines(round: ConfirmationRound, inventory: Inventory, group: ServiceArea) -> list[Line]:
    """The areas of one group with what stands there."""
    uses = (
        _lines(inventory)
        .filter(area__service_area=group)
        .select_related("product", "supplier", "through__inventory__municipality")
    )
    said = {one.use_id: one for one in Confirmation.objects.filter(round=round, use__in=uses).select_related("by")}
    found = {area.pk: Line(area) for area in group.areas.all()}
    for use in uses.order_by("product__sort_key"):
        found[use.area_id].uses.append((use, said.get(use.pk)))
    return list(found.values())


def progress(round: ConfirmationRound) -> list[Progress]:
    """Every member, with how far it has come; the same few queries however many they are."""
    members = list(round.collaboration.members())
    there = {one.municipality_id: one for one in Inventory.objects.filter(municipality__in=members)}
    areas = Area.objects.count()
    counted = {one["inventory__municipality"]: one for one in _counts(round, members)}
    found = []
    for place in members:
        figures = counted.get(place.pk, {"lines": 0, "answered": 0, "done": 0})
        total = figures["lines"] + areas - figures["answered"]
        own = there.get(place.pk)
        found.append(Progress(place, own, figures["done"], total, is_delivered(round, own)))
    return found


def is_delivered(round: ConfirmationRound, inventory: Inventory | None) -> bool:
    """Submitted since the round opened, and not opened for changes again."""
    if inventory is None or inventory.is_draft or inventory.submitted_at is None:
        return False
    since_first_day = timezone.localdate(inventory.submitted_at) >= round.opens_on
    return since_first_day and inventory.submitted_at >= round.opened_at


def _counts(round: ConfirmationRound, members: list[Organisation]) -> Any:
    uses = SystemUse.objects.counted().filter(inventory__municipality__in=members).order_by()
    looked_over = Q(pk__in=Confirmation.objects.filter(round=round).values("use")) | Q(through__isnull=False)
    return uses.values("inventory__municipality").annotate(
        lines=Count("pk"), answered=Count("area", distinct=True), done=Count("pk", filter=looked_over)
    )


def _lines(inventory: Inventory) -> Any:
    return SystemUse.objects.counted().filter(inventory=inventory)
