"""F01, F04, F19, F20, F23: killed where Celery gives the job or takes it back; each kind is in test_each_kind.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from digivesteralen.celery import app
from digivesteralen.documents import files, heartbeat, jobs, running, tasks
from digivesteralen.documents.models import Document, Job
from tests.documents import kinds
from tests.faults.workers import swept_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("jobs")]

DYING = "tests.faults.dying_worker"
# Stage → how many attempts it takes.
STAGES = {"claimed": 2, "committed": 1}


def test_a_killed_child_of_a_worker_ends_its_job_once_and_one_that_always_dies_is_stopped(
    worker: Callable[..., Any], digi: Any, secretary: Any
) -> None:
    asked = {
        stage: jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"text": f"Til {stage}", "dies_at": stage})
        for stage in STAGES
    }
    poisoned = jobs.ask(kinds.NOTE, digi.pk, by=None, arguments={"dies_at": "claimed", "poisoned": True})
    worker(DYING)

    ended = swept_until([*asked.values(), poisoned], seconds=60)

    told = {stage: (ended[job.pk].state, ended[job.pk].attempt) for stage, job in asked.items()}
    assert told == {stage: (Job.State.DONE, attempts) for stage, attempts in STAGES.items()}
    letters = Document.objects.filter(kind=kinds.LETTER)
    assert sorted(files.content(letter).decode() for letter in letters) == sorted(f"Til {stage}" for stage in STAGES)
    failed = ended[poisoned.pk]
    assert (failed.state, failed.attempt) == (Job.State.FAILED, 3)
    assert failed.error


def test_a_worker_whose_clock_is_wrong_takes_nothing_from_another(digi: Any, secretary: Any) -> None:
    """The lease is counted by the database's clock (F19)."""
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        held = running.claim(job.pk)
    assert held is not None and held.lease_until is not None
    for wrong in (timedelta(hours=1), -timedelta(hours=1), timedelta(days=400)):
        with time_machine.travel(timezone.now() + wrong):
            assert running.claim(job.pk) is None


@pytest.mark.parametrize("wrong", [timedelta(hours=1), -timedelta(hours=1), timedelta(days=400)], ids=str)
def test_a_sweeper_whose_clock_is_wrong_wakes_and_gives_up_what_is_left_behind_alone(
    digi: Any, secretary: Any, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    """It too goes by the database's clock (F19): a job in another's hands, or just sent, is left in peace."""
    about = ("just sent", "at work", "at work the third time", "left behind", "left behind the third time")
    asked = {what: jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"text": what}).pk for what in about}
    for what in about[1:]:
        running.claim(asked[what])
    of = Job.objects.filter
    of(pk__in=[asked[what] for what in about[1:]]).update(sent_at=Now() - timedelta(minutes=2))
    of(arguments__text__endswith="third time").update(attempt=3)
    of(arguments__text__startswith="left").update(lease_until=Now() - timedelta(seconds=1))
    woken: list[Any] = []
    monkeypatch.setattr(tasks, "send", lambda job_id, queue: woken.append(job_id))

    with time_machine.travel(timezone.now() + wrong):
        tasks.sweep()

    assert woken == [asked["left behind"]]
    assert [Job.objects.get(pk=asked[what]).state for what in about] == [
        Job.State.ASKED, Job.State.RUNNING, Job.State.RUNNING, Job.State.RUNNING, Job.State.FAILED,
    ]  # fmt: skip


def test_what_is_left_behind_is_taken_up_within_a_minute_and_nothing_runs_in_two_places() -> None:
    """F02: the lease runs out, and the sweeper comes. F03: the broker waits more than twice as long as a job may take,
    so that it gives nothing to a second worker while the first is at it."""
    sweep = settings.CELERY_BEAT_SCHEDULE["sweep"]
    assert (sweep["task"], heartbeat.HELD_FOR + timedelta(seconds=sweep["schedule"])) == (
        "documents.sweep",
        timedelta(minutes=1),
    )
    assert heartbeat.HELD_FOR.total_seconds() / 2 > heartbeat.RENEWED_EVERY
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT == running.HARD_LIMIT
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 2 > settings.CELERY_TASK_TIME_LIMIT


def test_no_status_hangs_on_what_celery_remembers() -> None:
    """F20: results are kept nowhere but in the row of the job. F23: processes that fork share no pool."""
    assert app.conf.task_ignore_result is True
    assert not app.conf.result_backend
    assert "pool" not in settings.DATABASES["default"]["OPTIONS"]
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True
