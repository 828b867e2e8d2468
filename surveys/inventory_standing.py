"""What the inventories hold already, in the form that a row of an import keeps, and what a file leaves unsaid."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from governance.models import Organisation
from surveys.models import ImportJob, Integration, Inventory, SystemUse
from surveys.models.catalogue import key_of

Key = tuple[int, int, str]

# What an answer says where a file says nothing, in the form that a row of an import keeps.
EMPTY_SAID: dict[str, Any] = {
    field.attname: field.get_default() for field in SystemUse._meta.concrete_fields if field.attname in SystemUse.SAID
} | {"end_unknown": True, "example": False, "supplier": "", "integrations": {}}
del EMPTY_SAID["supplier_id"]
_COLUMNS = [name for name in EMPTY_SAID if name not in ("supplier", "integrations")]
# A file that has lost more than every fifth of what was there is most likely not the whole list.
FAR_FEWER = 0.8
MOST_TOLD = 100


def revisions_of(municipalities: Any) -> dict[str, int]:
    """The state of the inventories that a check looked at; one that is not there yet is as one just begun."""
    found = Inventory.objects.filter(municipality__in=municipalities)
    begun = {str(pk): revision for pk, revision in found.values_list("municipality_id", "revision")}
    return {str(place.pk): 0 for place in municipalities} | begun


def kept(value: Any) -> Any:
    """A value of the table as JSON keeps it."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | uuid.UUID) else value


def alike(name: str, one: Any, other: Any) -> bool:
    """Whether two values say the same: a supplier by its key, a text whatever its blanks."""
    if name == "supplier":
        return key_of(one) == key_of(other)
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return bool(one == other)


class Standing:
    """Each answer by municipality, area and system; on behalf, what awaits confirmation goes before what counts."""

    def __init__(self, job: ImportJob, places: Sequence[Organisation]) -> None:
        self.job = job
        self.rows: dict[Key, dict[str, Any]] = {}
        uses = SystemUse.objects.filter(inventory__municipality__in=places)
        uses = uses if job.on_behalf else uses.counted()
        names = ["inventory__municipality_id", "area_id", "product__key", "product__name", "pk", "version",
                 "awaits_id", "through_id", "supplier__name", *_COLUMNS]  # fmt: skip
        for values in uses.order_by("awaits__asked_at").values(*names):
            key = (values["inventory__municipality_id"], values["area_id"], values["product__key"] or "")
            if values["awaits_id"] or key not in self.rows:
                self.rows[key] = values
        self.answered = {key[:2] for key in self.rows if key[2]}
        self.integrations = _integrations(uses)

    def said(self, key: Key) -> dict[str, Any] | None:
        """What stands there, as a row of an import keeps it."""
        values = self.rows.get(key)
        if values is None:
            return None
        supplier, connected = values["supplier__name"] or "", self.integrations.get(values["pk"], {})
        return {name: kept(values[name]) for name in _COLUMNS} | {"supplier": supplier, "integrations": connected}

    def only_area_of(self, place: int, product: str) -> int | None:
        """The area in which a municipality has a system, if it has it in one alone."""
        areas = {area for municipality, area, key in self.rows if (municipality, key) == (place, product)}
        return areas.pop() if len(areas) == 1 else None

    def absent(self, seen: Iterable[Key], places: Iterable[int]) -> list[tuple[int, str]]:
        """Area and name of each system of the municipalities that the file does not mention."""
        in_file, about = set(seen), set(places)
        return [
            (key[1], values["product__name"])
            for key, values in self.rows.items()
            if key[2] and key[0] in about and key not in in_file and values["through_id"] is None
        ]


class Neighbours:
    """What the other members have in an area, for «samme som Hadsel»: system and supplier, which all may see."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, list[tuple[str, str, uuid.UUID]]]] = {}

    def systems(self, place: int, area: int) -> list[tuple[str, str, uuid.UUID]]:
        """Name, supplier and id of each system of a municipality in an area."""
        if place not in self._of:
            found: dict[int, list[tuple[str, str, uuid.UUID]]] = defaultdict(list)
            uses = SystemUse.objects.counted().systems().filter(inventory__municipality=place).in_order()
            for values in uses.values_list("area_id", "product__name", "supplier__name", "pk"):
                found[values[0]].append((values[1], values[2] or "", values[3]))
            self._of[place] = found
        return self._of[place].get(area, [])


def _integrations(uses: Any) -> dict[uuid.UUID, dict[str, str]]:
    found: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    rows = Integration.objects.filter(use__in=uses).values_list("use_id", "solution_id", "state")
    for use, solution, state in rows:
        found[use][str(solution)] = state
    return found
