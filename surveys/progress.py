"""How far a municipality has come with its inventory, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from surveys.models import Area, Inventory, ServiceArea, SystemUse

IN_ORDER = ("service_area__position", "service_area__sort_key", "position", "sort_key")


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
