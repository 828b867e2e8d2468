"""Timing, counting and the table that is printed."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

MIB = 1024 * 1024


@dataclass
class Row:
    """One thing that was measured, and what was hoped for."""

    what: str
    seconds: float
    ratio: float | None = None
    queries: int | None = None
    queries_small: int | None = None
    memory: int | None = None
    target: str = ""
    good: bool | None = None

    @property
    def cells(self) -> list[str]:
        verdict = {None: "", True: "ok", False: "falls short"}[self.good]
        return [
            self.what,
            "" if self.queries is None else str(self.queries),
            "" if self.queries_small is None else str(self.queries_small),
            f"{self.seconds * 1000:.0f} ms" if self.seconds < 1 else f"{self.seconds:.1f} s",
            "" if self.ratio is None else f"{self.ratio:.1f}",
            "" if self.memory is None else f"{self.memory / MIB:.0f} MiB",
            ": ".join(filter(None, [self.target, verdict])),
        ]


@dataclass
class Count:
    """How many questions were put to the database."""

    queries: int = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)


@contextmanager
def counted() -> Iterator[Count]:
    count = Count()
    with connection.execute_wrapper(count):
        yield count


def timed(work: Callable[[], Any], times: int = 1) -> float:
    """Seconds of the middle one of several runs."""
    return median(_once(work) for _run in range(times))


def _once(work: Callable[[], Any]) -> float:
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def forget_the_peak() -> None:
    """Linux then counts the most memory this process has held anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """The most memory this process has held since, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status tells no VmHWM.")


def table(rows: Sequence[Row], header: Sequence[str]) -> str:
    """Columns of equal width; figures to the right."""
    lines = [list(header), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    last = len(header) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
