"""The minute itself, and what is counted afterwards in the database."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from django.db.models import Count

from digivesteralen.bench.measuring import Row, table
from digivesteralen.documents.models import Job
from digivesteralen.load import people
from digivesteralen.load.visiting import Director, Visit
from governance.models import Opinion

MOST_SECONDS = 1.0
# A director begins no later than this part of the time, so that the last pages are asked within it as well.
BEGUN_BY = 0.88
IDLE = 5  # directors who come alone first
WORK_ENDS_WITHIN = 240  # seconds
# The second press of one button is told that the answer stands already.
WELL = {"answer again": {200, 409}}


def run(port: int, *, directors: int, seconds: int) -> int:
    """0 when nothing failed, nothing was lost and nothing is there twice; the times are printed and judged beside."""
    print(f"Making a collaboration of {directors} municipalities …", flush=True)
    load = people.prepare(port, directors)
    alone, rest = load.directors[:IDLE], load.directors[IDLE:]
    for director in alone:
        director.work(pause=0)
    asked = people.begin(load)
    print(f"{len(rest)} directors in {seconds} seconds, two reports and an import …", flush=True)
    begun = time.monotonic()
    _all_come(rest, seconds)
    took = time.monotonic() - begun
    ended = _when_done(asked)
    idle, busy = _visits(alone), _visits(rest)
    print(table(_rows(idle, busy), ["", "", "", "p95", "to idle", "", "target"]))
    wrong = [*_failed(idle + busy), *_answers(load), *_work(asked)]
    print(f"{len(busy)} pages in {took:.0f} s; reports and import done after {ended - begun:.0f} s.")
    print("\n".join(wrong) or "0 errors; every answer is there, once.")
    return 1 if wrong else 0


def _all_come(directors: Sequence[Director], seconds: int) -> None:
    """Each at a moment of one's own, evenly over the time."""

    def come(number: int) -> None:
        time.sleep(number / len(directors) * seconds * BEGUN_BY)
        directors[number].work()

    with ThreadPoolExecutor(max_workers=len(directors)) as pool:
        list(pool.map(come, range(len(directors))))


def _when_done(asked: list[Any]) -> float:
    end = time.monotonic() + WORK_ENDS_WITHIN
    while time.monotonic() < end and Job.objects.filter(pk__in=[job.pk for job in asked]).unfinished().exists():
        time.sleep(0.5)
    return time.monotonic()


def _visits(directors: Sequence[Director]) -> list[Visit]:
    return [visit for director in directors for visit in director.visits]


def _rows(idle: list[Visit], busy: list[Visit]) -> list[Row]:
    kinds = dict.fromkeys(visit.what for visit in busy)
    parts = [_row(kind, [v for v in idle if v.what == kind], [v for v in busy if v.what == kind]) for kind in kinds]
    whole = _row("all pages", idle, busy)
    whole.target, whole.good = f"< {MOST_SECONDS:.0f} s", whole.seconds < MOST_SECONDS
    return [*parts, whole]


def _row(what: str, idle: list[Visit], busy: list[Visit]) -> Row:
    slow = p95([visit.seconds for visit in busy])
    return Row(what, slow, slow / median(visit.seconds for visit in idle))


def p95(seconds: list[float]) -> float:
    """The time that nineteen of twenty stay within (nearest rank)."""
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def _failed(visits: list[Visit]) -> list[str]:
    wrong = [visit for visit in visits if visit.status not in WELL.get(visit.what, {200})]
    return [f"{visit.what}: {visit.status or 'no answer'} after {visit.seconds:.1f} s" for visit in wrong]


def _answers(load: people.Load) -> list[str]:
    """One view for each municipality, written once, also of those who pressed twice."""
    given = Opinion.objects.filter(case=load.case)
    count, places = given.count(), given.aggregate(n=Count("organisation", distinct=True))["n"]
    expected = len(load.directors)
    return [] if count == places == expected else [f"{count} answers of {places} places stand, not {expected}."]


def _work(asked: list[Any]) -> list[str]:
    jobs = Job.objects.filter(pk__in=[job.pk for job in asked]).exclude(state=Job.State.DONE)
    return [f"{job.kind} is {job.get_state_display()}: {job.error}" for job in jobs]
