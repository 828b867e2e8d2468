"""How the installation stands just now: its servers, its queues, its disk, its versions. No business content."""

import importlib.metadata
import logging
import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as once
from pathlib import Path
from typing import Any, cast

import django
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerIsAway
from redis.exceptions import RedisError

from digivesteralen.audit.chain import outside
from digivesteralen.celery import app
from digivesteralen.documents import registry
from digivesteralen.documents.models import Document, Job
from digivesteralen.mail.models import Letter
from digivesteralen.operations import regular
from digivesteralen.operations.models import RegularWork
from digivesteralen.servers.cache import ForgivingCache

logger = logging.getLogger(__name__)

# A worker that lives answers at once; the others are waited for this long.
PATIENCE = 0.5
LATELY = timedelta(days=14)
# Of these the portal's own version says nothing.
LIBRARIES = ["celery", "weasyprint", "django-allauth", "django-guardian", "gunicorn"]


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("the database does not answer")
        return False
    return True


def migrations_missing() -> int:
    """How many are not applied: the code is newer than the tables, or the upgrade is not finished."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


_applied = False


def migrations_missing_once() -> int:
    """For those who ask each few seconds: once nothing is missing, nothing will be until the next start."""
    global _applied  # noqa: PLW0603 -- this process runs this code as long as it lives
    missing = 0 if _applied else migrations_missing()
    _applied = not missing
    return missing


def details() -> dict[str, Any]:
    """For the watch: what does not stop the portal, and should be seen to."""
    there = workers()
    return {
        "queue": "away" if there is None else "ok",
        "cache": "ok" if cache_answers() else "away",
        "workers": len(there or []),
        "late": [one.name for one in rhythms() if one.is_late],
        "disk_percent_free": disk().percent_free,
        "version": portal_version(),
    }


def cache_answers() -> bool:
    """Asked by counting: a cache that is away answers all else as if it were empty."""
    return cast(ForgivingCache, caches["default"]).count("is-it-there", seconds=60) != [0]


def workers() -> list[str] | None:
    """The names of the workers that answer; None when the queue itself does not."""
    try:
        answers = app.control.ping(timeout=PATIENCE)
    except (BrokerIsAway, RedisError, OSError):
        logger.exception("the queue does not answer")
        return None
    return sorted(name for answer in answers for name in answer)


@dataclass(frozen=True)
class Queue:
    """The work of one kind of worker, counted by state."""

    name: str
    waiting: int
    running: int
    left_behind: int
    oldest: datetime | None

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.oldest if self.oldest else timedelta()


def queues() -> list[Queue]:
    """What is not finished, by queue; a kind that nobody registers any more is shown under no queue."""
    left = Q(state=Job.State.RUNNING, lease_until__lt=timezone.now())
    rows = (
        Job.objects.unfinished()
        .values("kind")
        .annotate(
            waiting=Count("pk", filter=Q(state=Job.State.ASKED)),
            running=Count("pk", filter=Q(state=Job.State.RUNNING) & ~left),
            left_behind=Count("pk", filter=left),
            oldest=Min("asked_at"),
        )
    )
    found: dict[str, list[Any]] = {name: [] for name in registry.queues()}
    for row in rows:
        kind = registry.find(row["kind"])
        found.setdefault(kind.queue if kind else "", []).append(row)
    return [_queue(name, each) for name, each in sorted(found.items())]


def _queue(name: str, rows: list[Any]) -> Queue:
    counted = {word: sum(row[word] for row in rows) for word in ("waiting", "running", "left_behind")}
    return Queue(name, **counted, oldest=min((row["oldest"] for row in rows), default=None))


def failures() -> Any:
    """What failed lately, with the number of the fault; the sentence is for the one who asked."""
    since = timezone.now() - LATELY
    return Job.objects.filter(state=Job.State.FAILED, finished_at__gte=since).order_by("-finished_at", "pk")


@dataclass(frozen=True)
class Rhythm:
    """One piece of regular work with its last run."""

    name: str
    work: RegularWork | None
    seconds: float
    # When what has never been done could first have begun to wait for its turn.
    since: datetime
    next_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Not done for twice its rhythm, with some minutes for what runs often."""
        done = (self.work and self.work.done_at) or self.since
        return timezone.now() - done > timedelta(seconds=max(2 * self.seconds, 300))


def rhythms() -> list[Rhythm]:
    """What beat starts, and the backup, each with how it went."""
    done = {work.name: work for work in RegularWork.objects.all()}
    schedules = regular.planned()
    planned = {name: regular.rhythm(schedule) for name, schedule in schedules.items()}
    planned |= {name: 24.0 * 60 * 60 for name in [regular.BACKUP, *done] if name not in planned}
    since = installed()
    return [
        Rhythm(name, done.get(name), seconds, since, regular.next_time(schedules.get(name)))
        for name, seconds in sorted(planned.items())
    ]


def installed() -> datetime:
    """When the tables were made or last upgraded: before that, work that is new had no turn."""
    found = MigrationRecorder(connection).migration_qs.aggregate(last=Max("applied"))["last"]
    return cast(datetime, found)


def erasures_to_tell() -> int | None:
    """How many are not told outside the database yet, where a restore would bring back the contact data; None when
    the file of the chain can't be read."""
    try:
        return len(outside.untold_erasures())
    except OSError:
        logger.exception("the file of the chain can't be read")
        return None


def mail() -> list[tuple[Any, int]]:
    """How many letters stand in each state; none of their receivers."""
    counted = dict(Letter.objects.order_by().values_list("state").annotate(Count("pk")))
    return [(Letter.State(state), counted.get(state, 0)) for state in Letter.State.values]


@dataclass(frozen=True)
class Disk:
    """The place where files are kept."""

    total: int
    free: int
    documents: int
    database: int

    @property
    def percent_free(self) -> int:
        return round(100 * self.free / self.total) if self.total else 0

    @property
    def is_short(self) -> bool:
        return self.percent_free < 10


def disk() -> Disk:
    place = next(folder for folder in [settings.VAR_DIR, *Path(settings.VAR_DIR).parents] if folder.exists())
    space = shutil.disk_usage(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    kept = Document.objects.filter(erased_at=None).aggregate(size=Sum("size"))["size"] or 0
    return Disk(total=space.total, free=space.free, documents=kept, database=size)


def versions() -> Iterator[tuple[str, str]]:
    yield "DigiVesterålen", portal_version()
    yield "Python", platform.python_version()
    yield "Django", django.get_version()
    for name in LIBRARIES:
        yield name, importlib.metadata.version(name)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        yield "PostgreSQL", cursor.fetchone()[0]


@once
def portal_version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])
