"""Rows with a place in a list, which people move one step up or down."""

from __future__ import annotations

from typing import Any

from django.db.models import Max


def next_place(rows: Any, column: str = "position") -> int:
    last: int | None = rows.aggregate(last=Max(column))["last"]
    return (last or 0) + 1


def move(row: Any, rows: Any, *, up: bool) -> None:
    """One step among these rows; the first and the last stay where they are."""
    beside = rows.select_for_update()
    beside = beside.filter(position__lt=row.position) if up else beside.filter(position__gt=row.position)
    other = beside.order_by("-position" if up else "position").first()
    if other is None:
        return
    row.position, other.position = other.position, row.position
    for one in (row, other):
        one.version += 1
        one.save(update_fields=["position", "version"])
