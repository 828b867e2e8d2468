"""The windows of joint procurement that can still be used, as a timeline needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Sum
from django.utils import timezone

from governance.models import Collaboration
from surveys.models import Inventory, OwnPurchase, ProcurementHabits
from surveys.windows import Kind, windows

# To reckon them anew over 20 000 systems takes more than a second; nothing here says more than the inventories do.
KEPT_FOR = 60 * 60


@dataclass(frozen=True)
class Ahead:
    """One window: in which area, between which days, and when the procurement must begin."""

    area: str
    first: date | None
    last: date | None
    begin: date
    in_use: date
    example: bool


def windows_ahead(collaboration: Collaboration) -> list[Ahead]:
    """The one that must begin first comes first; reckoned anew when an inventory has changed, and each day."""
    key = f"windows-ahead:{collaboration.pk}:{_stamp(collaboration)}"
    return cache.get_or_set(key, lambda: _reckoned(collaboration), KEPT_FOR) or []


def _stamp(collaboration: Collaboration) -> str:
    """Changes with every change of what the windows are reckoned from."""
    inventories = Inventory.objects.of(collaboration).aggregate(Sum("revision"), Count("pk"))
    purchases = OwnPurchase.objects.of(collaboration).aggregate(Sum("version"), Count("pk"))
    lead = ProcurementHabits.objects.of(collaboration).lead_months
    parts = [timezone.localdate(), lead, *inventories.values(), *purchases.values()]
    return "-".join(str(part) for part in parts)


def _reckoned(collaboration: Collaboration) -> list[Ahead]:
    found = [
        Ahead(one.area.name, one.first, one.last, one.procure_by, one.starts_on, one.example)
        for one in windows(collaboration)
        if one.procure_by and one.starts_on and one.kind not in (Kind.LATE, Kind.NONE)
    ]
    return sorted(found, key=lambda one: (one.begin, one.area))
