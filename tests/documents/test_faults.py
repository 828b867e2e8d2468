"""Real workers on a real broker, killed in the middle."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from digivesteralen.documents import files, jobs, tasks
from digivesteralen.documents.models import Document, Job
from tests.documents import kinds

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.xdist_group("jobs"),
]

ROOT = Path(__file__).resolve().parents[2]
ASK_AND_TELL_THE_TIME = """
import time, django
django.setup()
from tests.documents import kinds
kinds.register()
from digivesteralen.documents import jobs
from governance.models import Collaboration
began = time.monotonic()
job = jobs.ask(kinds.LETTER, Collaboration.objects.get().pk, by=None)
print(job.pk, time.monotonic() - began)
"""


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

    def start(app: str = "tests.documents.worker") -> subprocess.Popen[bytes]:
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


def is_halfway(job: Job) -> bool:
    return job.phase == "halfway"


def is_done(job: Job) -> bool:
    return job.is_finished


def made_once(job: Job) -> None:
    assert job.state == Job.State.DONE
    document = Document.objects.get()
    assert document == job.document
    assert files.content(document) == b"Kj\xc3\xa6re kommune"


@pytest.mark.parametrize("kind", [kinds.LETTER, "tests.transaction"])
def test_a_child_killed_in_the_middle(worker: Any, digi: Any, secretary: Any, kind: str) -> None:
    process = worker()
    job = until(jobs.ask(kind, digi.pk, by=secretary, arguments={"seconds": 2}), is_halfway)
    os.kill(child_of(process), signal.SIGKILL)

    job = until(job, is_done, sweeping=True)

    made_once(job)
    assert job.attempt == 2


def test_the_whole_worker_killed_and_a_new_one(worker: Any, digi: Any, secretary: Any) -> None:
    process = worker()
    job = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 2}), is_halfway)
    kill(process)

    worker()
    made_once(until(job, is_done, sweeping=True))


def test_a_worker_asked_to_stop_finishes_what_it_has(worker: Any, digi: Any, secretary: Any) -> None:
    process = worker()
    job = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 2}), is_halfway)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)

    job.refresh_from_db()
    made_once(job)
    assert job.attempt == 1


def test_messages_that_come_many_times_and_work_longer_than_the_lease(worker: Any, digi: Any, secretary: Any) -> None:
    worker()
    worker()
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 5})
    for _message in range(10):
        tasks.send(job.pk, "documents")

    job = until(job, is_done)

    made_once(job)
    assert job.attempt == 1


def test_a_broker_that_lost_everything(worker: Any, broker: Any, digi: Any, secretary: Any) -> None:
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    assert broker.llen("documents") == 1
    broker.flushdb()

    worker()
    made_once(until(job, is_done, sweeping=True))


def test_cancelled_while_a_worker_is_at_it(worker: Any, digi: Any, secretary: Any) -> None:
    worker()
    job = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 30}), is_halfway)
    jobs.cancel(job=job, by=secretary)
    other = jobs.ask(kinds.LETTER, digi.pk, by=secretary)

    assert until(other, is_done, seconds=15).state == Job.State.DONE
    assert Document.objects.count() == 1


def test_a_spreadsheet_is_read_in_a_process_beside_the_worker(worker: Any, digi: Any, secretary: Any) -> None:
    worker()
    job = until(jobs.ask("tests.reading", digi.pk, by=secretary), is_done)
    assert job.document is not None, job.error
    assert files.content(job.document) == b"Kommune"


@pytest.mark.parametrize("broken", ["refuses", "is silent"])
def test_the_user_does_not_notice_that_the_broker_is_away(
    digi: Any, process_environment: dict[str, str], broken: str
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if broken == "is silent":
            listener.listen()
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}"
        asked = subprocess.run(
            [sys.executable, "-c", ASK_AND_TELL_THE_TIME],
            cwd=ROOT,
            env={**process_environment, "REDIS_URL": address},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert asked.returncode == 0, asked.stderr
    identity, seconds = asked.stdout.split()
    assert float(seconds) < 5
    assert str(Job.objects.get().pk) == identity
    assert jobs.run(Job.objects.get().pk).state == Job.State.DONE
