"""Real workers on a real broker, killed in the middle."""

import json
import os
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest

from digivesteralen.documents import files, jobs, tasks
from digivesteralen.documents.models import Document, Job
from tests.documents import kinds
from tests.faults.workers import ROOT, child_of, is_done, is_halfway, kill, swept_until, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("jobs"),
]

ASK_AND_TELL_THE_TIME = """
import json, time, django
django.setup()
from tests.documents import kinds
kinds.register()
from django.contrib.staticfiles import storage
from django.test import Client
storage.staticfiles_storage._wrapped = storage.StaticFilesStorage()  # nothing is collected here
from digivesteralen.accounts.models import User
from digivesteralen.documents.models import Job
from governance.models import Collaboration
who = User.objects.get(email={email!r})
stopped = Job.objects.create(kind=kinds.LETTER, subject=str(Collaboration.objects.get(slug="vesteralen").pk),
                             asked_by=who, state="cancelled", finished_at="2026-01-01T00:00Z")
client = Client(SERVER_NAME="localhost")
client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
began = time.monotonic()
page = client.post(f"/jobb/{{stopped.pk}}/igjen/", follow=True)
print(json.dumps([page.status_code, page.content.decode(), time.monotonic() - began]))
"""


def made_once(job: Job) -> None:
    assert job.state == Job.State.DONE
    document = Document.objects.get()
    assert document == job.document
    assert files.content(document) == b"Kj\xc3\xa6re kommune"


def test_a_child_killed_while_it_holds_a_transaction(worker: Any, digi: Any, secretary: Any) -> None:
    """Killed at any other moment: test_stages.py."""
    process = worker()
    job = until(jobs.ask(kinds.IN_A_TRANSACTION, digi.pk, by=secretary, arguments={"seconds": 2}), is_halfway)
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


def test_a_worker_that_must_stop_now_gives_the_job_to_the_next(worker: Any, digi: Any, secretary: Any) -> None:
    """SIGQUIT: what is not done in the time there is, is left, and done by another (docs/drift.md)."""
    process = worker()
    job = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 4}), is_halfway)
    process.send_signal(signal.SIGQUIT)
    process.wait(timeout=20)
    job.refresh_from_db()
    assert not job.is_finished

    worker()
    job = until(job, is_done, sweeping=True)
    made_once(job)
    assert job.attempt == 2


def test_messages_that_come_many_times_and_work_longer_than_the_lease(worker: Any, digi: Any, secretary: Any) -> None:
    worker()
    worker()
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 5})
    for _message in range(10):
        tasks.send(job.pk, "documents")

    job = until(job, is_done)

    made_once(job)
    assert job.attempt == 1


def test_a_broker_that_lost_everything_while_one_job_ran_and_a_hundred_waited(
    worker: Any, broker: Any, digi: Any, secretary: Any
) -> None:
    """All are done, once each. A child of the worker does fifty, so there are three, with a connection each (F23)."""
    worker()
    running = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 2}), is_halfway)
    waiting = [jobs.ask(kinds.NOTE, digi.pk, by=None) for _number in range(100)]
    broker.flushdb()

    ended = swept_until([running, *waiting], seconds=60)

    assert {(job.state, job.attempt) for job in ended.values()} == {(Job.State.DONE, 1)}
    made_once(ended[running.pk])


def test_cancelled_while_a_worker_is_at_it(worker: Any, digi: Any, secretary: Any) -> None:
    worker()
    job = until(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"seconds": 30}), is_halfway)
    jobs.cancel(job=job, by=secretary)
    other = jobs.ask(kinds.LETTER, digi.pk, by=secretary)

    assert until(other, is_done, seconds=15).state == Job.State.DONE
    assert Document.objects.count() == 1


@pytest.mark.parametrize("broken", ["refuses", "is silent"])
def test_the_user_does_not_notice_that_the_broker_is_away(
    digi: Any, secretary: Any, process_environment: dict[str, str], broken: str
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if broken == "is silent":
            listener.listen()
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}"
        asked = subprocess.run(
            [sys.executable, "-c", ASK_AND_TELL_THE_TIME.format(email=secretary.email)],
            cwd=ROOT,
            env={**process_environment, "REDIS_URL": address},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert asked.returncode == 0, asked.stderr
    status, page, seconds = json.loads(asked.stdout.splitlines()[-1])
    assert status == 200 and "Venter på å starte" in page
    assert seconds < 10, "a page that waits for the broker waits for a minute"
    assert jobs.run(Job.objects.get(state=Job.State.ASKED).pk).state == Job.State.DONE
