"""An import on a real worker that is killed, stopped, or pressed twice: its effect is there once, or not at all."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import running
from digivesteralen.documents.models import Job
from surveys import tasks
from surveys.actions import imports
from surveys.models import ImportJob, SystemUse
from tests.faults.questions import killed, rows, undisturbed
from tests.faults.workers import child_of, is_done, is_halfway, until
from tests.surveys.inventory_people import looked_over, sheet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("jobs")]

SLOW = "tests.faults.import_worker"
ROWS = [["Sak/arkiv", "ACOS WebSak", "Acos AS", "31.12.2027"], ["Lønn/HR", "Visma", "Visma", "vet ikke"]]


@pytest.fixture
def previewed(digi: Any, sortland: Any, areas: Any, it_leader: Any) -> ImportJob:
    return looked_over(sheet(*ROWS), by=it_leader, collaboration=digi, municipality=sortland)


def being_written(job: ImportJob, by: Any) -> Job:
    """The worker has written all rows and has not said so yet."""
    asked = imports.ask_to_apply(job=job, version=job.version, by=by)
    assert asked.state == ImportJob.State.APPLYING
    assert asked.work is not None
    return until(asked.work, is_halfway)


def test_a_worker_killed_while_it_writes_leaves_it_to_the_next(
    worker: Any, previewed: ImportJob, it_leader: Any
) -> None:
    process = worker(SLOW)
    work = being_written(previewed, it_leader)
    assert not SystemUse.objects.exists()
    os.kill(child_of(process), signal.SIGKILL)

    work = until(work, is_done, sweeping=True)

    previewed.refresh_from_db()
    assert (work.state, work.attempt) == (Job.State.DONE, 2)
    assert previewed.state == ImportJob.State.APPLIED
    assert SystemUse.objects.count() == len(ROWS)


MANY = [
    [area, f"System {number}", f"Firma {number}", "31.12.2027"]
    for number in range(6)
    for area in ("Sak/arkiv", "Lønn/HR")
]


def test_killed_anywhere_or_as_it_commits_nothing_is_written_and_the_next_writes_all(
    digi: Any, sortland: Any, areas: Any, it_leader: Any
) -> None:
    job = looked_over(sheet(*MANY), by=it_leader, collaboration=digi, municipality=sortland)

    def write() -> None:
        imports.apply(job=ImportJob.objects.get(pk=job.pk), by=it_leader)

    undisturbed(write)  # what a process asks once
    before, (expected, questions) = rows(), undisturbed(write)
    own = questions - 2  # being undone takes two of them
    for place in (*(1 + (own - 1) * part // 6 for part in range(7)), None):
        assert killed(write, place), place
        assert rows() == before, place
    write()

    assert rows() == expected
    assert SystemUse.objects.count() == len(MANY)
    write()
    assert rows() == expected


def test_stopped_while_a_worker_writes_nothing_is_written(worker: Any, previewed: ImportJob, it_leader: Any) -> None:
    worker(SLOW)
    work = being_written(previewed, it_leader)
    previewed.refresh_from_db()

    stopped = imports.cancel(job=previewed, by=it_leader)

    assert (stopped.state, stopped.error) == (ImportJob.State.PREVIEWED, "")
    assert until(work, is_done).state == Job.State.CANCELLED
    assert not SystemUse.objects.exists()
    again = being_written(stopped, it_leader)
    assert until(again, is_done).state == Job.State.DONE
    assert SystemUse.objects.count() == len(ROWS)


def test_what_three_workers_died_of_goes_back_with_a_sentence(previewed: ImportJob, it_leader: Any) -> None:
    asked = imports.ask_to_apply(job=previewed, version=previewed.version, by=it_leader)
    assert asked.work is not None
    claimed = running.claim(asked.work.pk)
    assert claimed is not None
    running.fail(claimed, "Portalen stanset.")

    tasks.imports_left_behind()

    asked.refresh_from_db()
    assert asked.state == ImportJob.State.PREVIEWED
    assert "ingenting ble skrevet" in asked.error.casefold() or "nothing was written" in asked.error
    assert imports.apply(job=imports.check_now(asked), by=it_leader).state == ImportJob.State.APPLIED


def test_two_imports_of_one_municipality_at_once_write_each_system_once(
    digi: Any, sortland: Any, areas: Any, it_leader: Any
) -> None:
    """The IT leader and the secretariat have each looked the same spreadsheet over, and press at the same moment."""
    both = [looked_over(sheet(*ROWS), by=it_leader, collaboration=digi, municipality=sortland) for _who in range(2)]

    def press(job: ImportJob) -> str:
        try:
            return imports.apply(job=imports.check_now(job), by=it_leader).state
        except (NotAllowedNow, Stale) as refused:
            return type(refused).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(press, both))

    assert ImportJob.State.APPLIED in told
    assert set(told) <= {ImportJob.State.APPLIED, "NotAllowedNow", "Stale"}
    assert SystemUse.objects.count() == len(ROWS)
