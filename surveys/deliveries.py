"""Two submitted lists side by side: what came, what went, and what is said otherwise (S11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents import files
from digivesteralen.spreadsheets import reading
from digivesteralen.ui import wording
from surveys.models import InventorySnapshot

Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True)
class Changed:
    """One system with what is said otherwise: column, before, after."""

    key: Key
    values: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Difference:
    """What came, went and changed, each by area and system."""

    came: list[Key]
    went: list[Key]
    changed: list[Changed]

    @property
    def is_empty(self) -> bool:
        return not (self.came or self.went or self.changed)


def compare(first: InventorySnapshot, second: InventorySnapshot) -> Difference:
    """From the earlier to the later; columns that only one of the two has are no change."""
    before, after = rows(first), rows(second)
    both = [(key, before[key], after[key]) for key in before if key in after]
    changes = [Changed(key, _different(old, new)) for key, old, new in both]
    return Difference(
        came=[key for key in after if key not in before],
        went=[key for key in before if key not in after],
        changed=[one for one in changes if one.values],
    )


def rows(snapshot: InventorySnapshot) -> dict[Key, Row]:
    """The frozen list by area and system, each with its columns as they were called that day."""
    document = snapshot.document
    sheet = reading.read(files.content(document), filename=document.file_name).sheets[0]
    header, *body = (row.values for row in sheet.rows)
    with translation.override("nb"):
        key = (_("Area"), _("System"))
    found = (dict(zip(header, values, strict=False)) for values in body)
    return {(str(row[key[0]]), str(row[key[1]])): row for row in found}


def _different(old: Row, new: Row) -> list[tuple[str, str, str]]:
    common = [name for name in new if name in old]
    return [(name, _words(old[name]), _words(new[name])) for name in common if old[name] != new[name]]


def _words(value: Any) -> str:
    if isinstance(value, date | datetime):
        return wording.short_day(value)
    return str(value) if value not in (None, "") else _("nothing")
