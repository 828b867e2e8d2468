"""The lines of the order on a page: with points, and where the buttons of each lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.candidates import Entry, Points, points
from portfolio.models import CriteriaSet


@dataclass(frozen=True)
class Row:
    """One candidate; ``up`` and ``down`` are the places of its neighbours among those that are shown."""

    entry: Entry
    points: Points | None
    up: int | None
    down: int | None


def rows(page: Any, shown: Sequence[Entry], edition: CriteriaSet | None) -> list[Row]:
    """Within a focus area a line passes its neighbour there, however many of the others stand between."""
    entries = list(page.object_list)
    given = points(edition, [entry.candidate for entry in entries if entry.candidate])
    first = page.start_index() - 1
    return [
        Row(
            entry,
            given.get(entry.candidate),
            shown[at - 1].place if at else None,
            shown[at + 1].place if at + 1 < len(shown) else None,
        )
        for at, entry in enumerate(entries, first)
    ]
