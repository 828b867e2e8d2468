"""Writing down that regular work began, and how it ended; beat, workers and commands all tell it here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from digivesteralen import tracing
from digivesteralen.operations.models import RegularWork

logger = logging.getLogger(__name__)

BACKUP = "backup"


def began(name: str) -> None:
    RegularWork.objects.update_or_create(name=name, defaults={"began_at": Now(), "ended_at": None})


def ended(name: str, *, fault: str = "") -> None:
    told: dict[str, Any] = {"ended_at": Now(), "fault": fault}
    RegularWork.objects.filter(name=name).update(**told if fault else {**told, "done_at": Now()})


@contextmanager
def noted(name: str) -> Iterator[None]:
    """Work that a command does: ``with regular.noted(regular.BACKUP): …``"""
    with tracing.doing(name) as this:
        began(name)
        try:
            yield
        except BaseException:
            ended(name, fault=this.short)
            raise
        ended(name)


def planned() -> dict[str, Any]:
    """Each task that beat starts, with its times."""
    return {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def rhythm(schedule: Any) -> float:
    """The seconds between two runs: each day where a time of day is given."""
    return 24 * 60 * 60 if isinstance(schedule, crontab) else float(schedule)


def next_time(schedule: Any) -> datetime | None:
    """The next time of day that is given; what runs each minute or hour needs none."""
    if not isinstance(schedule, crontab):
        return None
    now = timezone.now()
    soon = now + schedule.remaining_estimate(now)  # some milliseconds less, since it asks the clock itself
    return (soon + timedelta(seconds=30)).replace(second=0, microsecond=0)
