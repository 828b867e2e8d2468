"""Figures for those who watch the installation, as Prometheus reads them: numbers only, about nobody."""

import os
from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from digivesteralen.documents.models import Job
from digivesteralen.operations import standing
from surveys.models import ImportJob

# Where each of gunicorn's processes writes its counts; one process alone keeps them in memory.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_own = CollectorRegistry()
REQUESTS = Counter("portal_requests", "Requests answered", ["view", "method", "status"], registry=_own)
SECONDS = Histogram(
    "portal_request_seconds",
    "Seconds that a request took",
    ["method"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)
QUERIES = Counter("portal_queries", "Questions to the database", ["view"], registry=_own)


def count(view: str, method: str, status: int, seconds: float, queries: int) -> None:
    REQUESTS.labels(view, method, str(status)).inc()
    SECONDS.labels(method).observe(seconds)
    QUERIES.labels(view).inc(queries)


def page() -> bytes:
    """All processes of this machine together, and what the database knows."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(registry)
        counted = generate_latest(registry)
    else:
        counted = generate_latest(_own)
    known = CollectorRegistry()
    known.register(Known())
    return counted + generate_latest(known)


class Known(Collector):
    """What is read from the rows at the moment of asking: the same answer from each machine."""

    def collect(self) -> Iterator[Any]:
        yield from _jobs()
        yield _by_state("portal_imports", "Imports", ImportJob.objects.values_list("state").annotate(Count("pk")))
        letters = GaugeMetricFamily("portal_mail", "Letters", labels=["state"])
        for state, number in standing.mail():
            letters.add_metric([state.value], number)
        yield letters
        yield from _regular_work()
        space = GaugeMetricFamily("portal_bytes", "Bytes", labels=["what"])
        disk = standing.disk()
        for what in ("total", "free", "documents", "database"):
            space.add_metric([what], getattr(disk, what))
        yield space


def _jobs() -> Iterator[Any]:
    waiting = GaugeMetricFamily("portal_jobs", "Jobs that are not finished", labels=["queue", "state"])
    age = GaugeMetricFamily("portal_oldest_job_seconds", "Age of the oldest unfinished job", labels=["queue"])
    for queue in standing.queues():
        for state in ("waiting", "running", "left_behind"):
            waiting.add_metric([queue.name, state], getattr(queue, state))
        age.add_metric([queue.name], queue.age.total_seconds())
    yield from (waiting, age)
    since = timezone.now() - standing.LATELY
    ended = Job.objects.filter(finished_at__gte=since).values_list("state").annotate(Count("pk"))
    yield _by_state("portal_jobs_ended", "Jobs that ended in the last two weeks", ended)


def _by_state(name: str, told: str, rows: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=["state"])
    for state, number in rows.order_by():
        family.add_metric([state], number)
    return family


def _regular_work() -> Iterator[Any]:
    done = GaugeMetricFamily("portal_regular_work_done_at", "When it was last done, in epoch seconds", labels=["name"])
    broken = GaugeMetricFamily("portal_regular_work_broken", "1 when its last run failed", labels=["name"])
    for one in standing.rhythms():
        if one.work and one.work.done_at:
            done.add_metric([one.name], one.work.done_at.timestamp())
        broken.add_metric([one.name], bool(one.work and one.work.fault))
    yield from (done, broken)
