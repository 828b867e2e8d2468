"""Rule 12: the regular work that beat starts, killed at several places on its way, has its effect once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.conf import settings as conf
from django.utils import timezone

from digivesteralen.audit.chain import outside
from digivesteralen.audit.chain.verifying import breaks
from digivesteralen.audit.models import Link
from digivesteralen.demo.loading import load
from governance.models import Appointment
from tests.faults.questions import killed, rows, undisturbed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("jobs")]

TASKS = {entry["task"] for entry in conf.CELERY_BEAT_SCHEDULE.values()}
# What finds nothing to do in the demo of these days: the coverage that the demo counted itself, what others left behind
# (test_workers.py and test_each_kind.py leave some), and letters that are not due, each a job with a key of its own.
NOTHING_TO_DO = {
    "documents.sweep",
    "documents.remove_orphans",
    "portfolio.tasks.remind_of_benefits",
    "portfolio.tasks.remind_of_status",
    "surveys.tasks.coverage_of_the_day",
    "surveys.tasks.imports_left_behind",
}


@contextmanager
def a_day_with_work(task: Callable[[], Any]) -> Iterator[bool]:
    """The first day from today on which the task has something to do."""
    today = timezone.now()
    for days in range(10):
        with time_machine.travel(today + timedelta(days=days), tick=False):
            if undisturbed(task)[0] != rows():
                yield True
                return
    yield False


def test_regular_work_killed_on_its_way_has_its_effect_once(settings: Any, tmp_path: Path) -> None:
    settings.CHAIN_FILE = tmp_path / "chain.jsonl"
    load("vesteralen")
    current_app.loader.import_default_modules()
    ended = Appointment.objects.exclude(person__user=None).order_by("pk").last()
    Appointment.objects.filter(pk=ended.pk).update(until=timezone.localdate())
    wrong: dict[str, Any] = {}
    for name in sorted(TASKS - NOTHING_TO_DO):
        task = current_app.tasks[name]
        with a_day_with_work(task) as works:
            if not works:
                wrong[name] = "never did anything"
                continue
            expected, questions = undisturbed(task)
            places = sorted({max(1, questions * part // 5) for part in (1, 2, 3, 4, 5)})
            for place in places:
                if not killed(task, place):  # less was left to do than there are questions, and it is done
                    break
            else:
                task()
            after = rows()
            if after != expected:
                wrong[name] = {key: (after[key], expected[key]) for key in after if after[key] != expected[key]}
    assert not wrong
    assert [str(one) for one in breaks()] == []
    assert set(outside.read().digests) == set(Link.objects.values_list("number", flat=True))
