"""The PDFs: minutes of twenty cases, and the final report."""

from __future__ import annotations

import functools
from collections.abc import Callable

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import World
from digivesteralen.documents import pdf
from digivesteralen.documents.models import Job
from digivesteralen.reports import final_report
from digivesteralen.reports.models import Report
from governance import minutes, minutes_preview, papers
from governance.models import Collaboration, Meeting

MINUTES_IN = 3
# Municipalities, seconds, MiB.
REPORTS = [(6, 15, 1024), (47, 60, 1024)]


def measure(world: World, *, runs: int, quick: bool) -> list[Row]:
    _plain()  # the first one loads the library
    plain = timed(_plain, runs)
    told = papers.meeting_of(str(world.held.pk))
    took, memory = _watched(lambda: minutes.render(told), runs)
    rows = [
        Row("PDF of one plain page", plain, 1.0),
        Row(
            "minutes of 20 cases", took, took / plain, memory=memory,
            target=f"< {MINUTES_IN} s", good=took < MINUTES_IN,
        ),
        _preview(told, plain, runs),
    ]  # fmt: skip
    sizes = [(world.report, len(world.municipalities))]
    if not quick:
        founding = Report.objects.filter(collaboration=Collaboration.objects.get(slug="vesteralen")).earliest("pk")
        sizes.insert(0, (founding, 6))
    for report, count in (size for size in sizes if size[1] <= REPORTS[-1][0]):
        took, memory = _watched(functools.partial(final_report.render, report), 1)
        rows.append(_final(f"final report, {report.collaboration.name}", took, memory, plain, count))
    return rows


def _preview(meeting: Meeting, plain: float, runs: int) -> Row:
    """What the secretary waits for after «Vis som PDF»: the work, without the queue."""
    job = Job(kind=minutes_preview.KIND, subject=str(meeting.pk))
    took, memory = _watched(lambda: minutes_preview.make(job, lambda _percent, _what=None: None), runs)
    good = took < MINUTES_IN
    return Row("preview of those minutes", took, took / plain, memory=memory, target=f"< {MINUTES_IN} s", good=good)


def _final(what: str, took: float, memory: int, plain: float, municipalities: int) -> Row:
    row = Row(what, took, took / plain, memory=memory)
    _count, seconds, mib = next(limit for limit in REPORTS if municipalities <= limit[0])
    row.target, row.good = f"< {seconds} s, < {mib} MiB", took < seconds and memory < mib * MIB
    return row


def _watched(work: Callable[[], object], runs: int) -> tuple[float, int]:
    forget_the_peak()
    return timed(work, runs), peak()


def _plain() -> None:
    pdf.render("pdf/base.html", {}, title="Én side")
