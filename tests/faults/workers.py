"""Real workers on a real broker, started and killed by the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from digivesteralen.documents import tasks
from digivesteralen.documents.models import Job

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def broker() -> Iterator[Any]:
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL.replace("redis+socket", "unix").replace("virtual_host", "db")
    )
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def worker(broker: Any, process_environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts workers, and ends them with everything they started."""
    started: list[subprocess.Popen[bytes]] = []
    command = "worker --queues documents,imports,mail --concurrency 1 --loglevel info"

    def start(app: str = "tests.faults.worker") -> subprocess.Popen[bytes]:
        log = (tmp_path / f"worker{len(started)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", app, *command.split(), "--hostname", f"test{len(started)}@here"],
            cwd=ROOT,
            env={**process_environment, "C_FORCE_ROOT": "1"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)
    for log in sorted(tmp_path.glob("worker*.log")):
        print(log.name, log.read_text()[-4000:])  # noqa: T201 -- pytest shows it when a test fails


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and its children, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def child_of(process: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[-1])


def until(job: Job, holds: Callable[[Job], bool], *, seconds: float = 40, sweeping: bool = False) -> Job:
    """Wait for the row; ``sweeping`` is what beat does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job.refresh_from_db()
        if holds(job):
            return job
        if sweeping:
            Job.objects.filter(pk=job.pk).update(sent_at="2026-01-01T00:00Z")
            tasks.sweep()
        time.sleep(0.2)
    raise AssertionError(f"{job.state} {job.phase} attempt {job.attempt} after {seconds} seconds")


def swept_until(asked: list[Job], *, seconds: float) -> dict[Any, Job]:
    """What beat does, until everything has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = Job.objects.in_bulk([job.pk for job in asked])
        if all(job.is_finished for job in found.values()):
            return found
        Job.objects.unfinished().update(sent_at="2026-01-01T00:00Z")
        tasks.sweep()
        time.sleep(0.7)
    raise AssertionError([(job.kind, job.arguments, job.state, job.attempt) for job in found.values()])


def is_halfway(job: Job) -> bool:
    return job.phase == "halfway"


def is_done(job: Job) -> bool:
    return job.is_finished
