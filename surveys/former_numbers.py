"""The numbers municipalities had before: old sheets and archives still use them.

Changes of Statistics Norway's classification 131 from 2008 to 2025 (open data, CC BY 4.0); a municipality that was
divided between several has no successor here, since its number names none of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "former_numbers.csv"


@cache
def _before() -> dict[str, set[str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        found: dict[str, set[str]] = defaultdict(set)
        for row in csv.DictReader(file, delimiter=";"):
            found[row["senere"]].add(row["tidligere"])
        return found


def former_numbers(number: str) -> set[str]:
    """Every number that has become this one, straight or by way of others: 1601 is 5001 now."""
    found: set[str] = set()
    ahead = [number]
    while ahead:
        for earlier in _before().get(ahead.pop(), set()) - found:
            found.add(earlier)
            ahead.append(earlier)
    return found - {number}
