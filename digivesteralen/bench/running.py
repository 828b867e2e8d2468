"""The whole measuring: the demo, a small and a large collaboration beside it, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digivesteralen.bench import answers, everybody, insight, pages, papers, portfolio, sheets
from digivesteralen.bench.measuring import Row, table
from digivesteralen.bench.world import Size, World, build
from digivesteralen.demo.loading import load

RUNS, QUICK_RUNS = 7, 1
SMALL = Size(6, thinned=2)


@dataclass
class Measured:
    """What came out, for the table and for a test."""

    rows: Sequence[Row]
    municipalities: int

    @property
    def table(self) -> str:
        header = [
            f"At {self.municipalities} municipalities", "queries", "with little", "time", "ratio", "memory",
            "target",
        ]  # fmt: skip
        return table(self.rows, header)


def run(municipalities: int, *, quick: bool = False) -> Measured:
    large, small = worlds(municipalities, quick=quick)
    runs = QUICK_RUNS if quick else RUNS
    rows = [
        *pages.measure(large, small, runs=runs),
        *papers.measure(large, runs=min(runs, 3), quick=quick),
        *portfolio.measure(large, runs=min(runs, 3), quick=quick),
        *everybody.measure(*everywhere(large, small, municipalities), runs=runs),
        *insight.measure(large, small, runs=runs),
        *answers.measure(large, quick=quick),
        *sheets.measure(large, quick=quick),
    ]
    return Measured(rows, municipalities)


def worlds(municipalities: int, *, quick: bool) -> tuple[World, World]:
    """The one asked for, and a small one to compare with; the numbers of neither are in use in Norway."""
    load("vesteralen" if quick else "all")
    small = build("maling-liten", SMALL, first_number=9900)
    return build("maling", Size(municipalities), first_number=9001), small


def everywhere(large: World, small: World, municipalities: int) -> tuple[World, World]:
    """The same municipalities, all of them asked about all projects."""
    return everybody.build(large, Size(municipalities)), everybody.build(small, SMALL)
