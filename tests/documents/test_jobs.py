"""What is asked for is a row first, is made once, and only for those who may have it."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import translation

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs, registry, running, tasks
from digivesteralen.documents.heartbeat import Lost, Reporter
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from governance import permissions
from governance.models import Appointment
from tests.documents import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(digi: Any, secretary: Any) -> Any:
    def ask(kind: str = kinds.LETTER, by: Any = secretary, key: str | None = None, **arguments: Any) -> Job:
        return jobs.ask(kind, digi.pk, by=by, key=key, arguments=arguments)

    return ask


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the work of the letter do something else."""

    def breaks(work: Any) -> None:
        registry.forget(kinds.LETTER)
        registry.register(kinds.LETTER, container=kinds.container, right="governance.view_collaboration", work=work)

    return breaks


def raising(error: BaseException) -> Any:
    def work(job: Job, report: Any) -> Made:
        raise error

    return work


def document_of(job: Job) -> Any:
    assert job.document is not None, job.error
    return job.document


def left_behind(job: Job) -> None:
    """As if whoever ran it was killed and the lease has run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_a_job_becomes_a_document(ask: Any, secretary: Any) -> None:
    job = jobs.run(ask(text="Hei").pk)

    assert (job.state, job.progress, job.lease_until) == (Job.State.DONE, 100, None)
    assert job.finished_at is not None
    assert files.content(document_of(job)) == b"Hei"
    assert (document_of(job).version, document_of(job).created_by) == (1, secretary)


def test_run_again_changes_nothing(ask: Any) -> None:
    job = jobs.run(ask().pk)
    assert jobs.run(job.pk).finished_at == job.finished_at
    assert Document.objects.count() == 1


def test_the_same_key_is_the_same_job(ask: Any) -> None:
    assert ask(key="a") == ask(key="a")
    assert ask(key="a") != ask(key="b")
    assert ask() != ask()


def test_a_failed_job_with_the_same_key_is_asked_again(ask: Any, breaks: Any) -> None:
    breaks(raising(RuntimeError()))
    failed = jobs.run(ask(key="a").pk)
    assert failed.state == Job.State.FAILED
    breaks(kinds.letter)

    again = jobs.run(ask(key="a").pk)

    assert (again.pk, again.state, again.error) == (failed.pk, Job.State.DONE, "")


def test_another_content_is_the_next_version_and_the_same_is_the_same(ask: Any) -> None:
    versions = [document_of(jobs.run(ask(text=text).pk)).version for text in ("a", "a", "b", "a")]
    assert versions == [1, 1, 2, 3]
    assert Document.objects.count() == 3


def test_rights_are_asked_again_when_the_work_begins(ask: Any, secretary: Any) -> None:
    job = ask()
    Appointment.objects.filter(person__user=secretary).update(until="2022-01-01")
    permissions.sync_people(secretary.person)

    job = jobs.run(job.pk)

    assert job.state == Job.State.FAILED
    assert job.error
    assert not Document.objects.exists()


def test_who_is_shut_out_gets_nothing(ask: Any, secretary: Any) -> None:
    job = ask()
    secretary.is_active = False
    secretary.save()
    assert jobs.run(job.pk).state == Job.State.FAILED


def test_a_thing_that_is_gone(secretary: Any) -> None:
    assert jobs.run(jobs.ask(kinds.LETTER, 999_999, by=secretary).pk).state == Job.State.FAILED


def test_an_unknown_kind_is_a_programmers_mistake(secretary: Any) -> None:
    with pytest.raises(KeyError):
        jobs.ask("nobody.knows", 1, by=secretary)


def test_the_portal_itself_may_ask(ask: Any) -> None:
    assert jobs.run(ask(by=None).pk).state == Job.State.DONE


def test_a_sentence_reaches_the_one_who_waits(ask: Any, breaks: Any) -> None:
    breaks(raising(NotAllowedNow("Møtet har ingen dato ennå.")))
    assert jobs.run(ask().pk).error == "Møtet har ingen dato ennå."


def test_an_unexpected_error_gets_a_number_that_stands_in_the_log(
    ask: Any, breaks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    breaks(raising(ZeroDivisionError("secret")))
    error = jobs.run(ask().pk).error
    assert "secret" not in error
    number = re.search(r"[0-9a-f]{8}", error)
    assert number
    assert number[0] in caplog.text


def test_what_takes_too_long_fails(ask: Any, breaks: Any) -> None:
    breaks(raising(SoftTimeLimitExceeded()))
    job = jobs.run(ask().pk)
    assert job.state == Job.State.FAILED
    assert job.error


def test_a_database_that_was_away_is_tried_three_times(ask: Any, breaks: Any) -> None:
    breaks(raising(OperationalError("gone")))
    job = ask()
    states = [jobs.run(job.pk).state for _ in range(3)]
    assert states == [Job.State.ASKED, Job.State.ASKED, Job.State.FAILED]


def test_a_late_result_is_thrown_away(ask: Any) -> None:
    first = running.claim(ask().pk)
    assert first is not None
    left_behind(first)
    second = running.claim(first.pk)
    assert second is not None
    made = Made(b"late", "brev.txt", "text/plain", "Brev")

    with pytest.raises(Lost):
        running.finish(first, made)
    stored_before = Document.objects.count()
    running.finish(second, Made(b"in time", "brev.txt", "text/plain", "Brev"))

    assert stored_before == 0
    assert [files.content(document) for document in Document.objects.all()] == [b"in time"]


def test_a_late_failure_does_not_touch_the_row(ask: Any) -> None:
    first = running.claim(ask().pk)
    assert first is not None
    left_behind(first)
    running.claim(first.pk)

    running.fail(first, "late")
    running.release(first)

    first.refresh_from_db()
    assert (first.state, first.attempt) == (Job.State.RUNNING, 2)


def test_what_somebody_holds_is_not_claimed(ask: Any) -> None:
    job = running.claim(ask().pk)
    assert job is not None
    assert running.claim(job.pk) is None


def test_after_three_kills_it_has_failed(ask: Any) -> None:
    job = ask()
    for _attempt in range(3):
        assert running.claim(job.pk) is not None
        left_behind(job)
    assert running.claim(job.pk) is None

    tasks.sweep()

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error


def test_asked_again_it_gets_three_new_attempts(ask: Any, secretary: Any, breaks: Any) -> None:
    breaks(raising(OperationalError("gone")))
    job = ask()
    for _attempt in range(3):
        jobs.run(job.pk)
    breaks(kinds.letter)
    job = jobs.run(jobs.ask_again(job=job, by=secretary).pk)
    assert (job.state, job.attempt) == (Job.State.DONE, 4)


def test_only_what_failed_or_was_cancelled_is_asked_again(ask: Any, secretary: Any) -> None:
    with pytest.raises(NotAllowedNow):
        jobs.ask_again(job=ask(), by=secretary)


def test_cancelled_before_it_began(ask: Any, secretary: Any) -> None:
    job = jobs.cancel(job=ask(), by=secretary)
    assert jobs.run(job.pk).state == Job.State.CANCELLED


def test_cancelled_in_the_middle_stops_at_the_next_report(ask: Any, secretary: Any, breaks: Any) -> None:
    reached = []

    def work(job: Job, report: Any) -> Made:
        report(10)
        jobs.cancel(job=job, by=secretary)
        reached.append("cancelled")
        report(20)
        reached.append("went on")
        raise AssertionError

    breaks(work)
    assert jobs.run(ask().pk).state == Job.State.CANCELLED
    assert reached == ["cancelled"]
    assert not Document.objects.exists()


def test_nobody_cancels_for_another(ask: Any, director: Any) -> None:
    with pytest.raises(PermissionDenied):
        jobs.cancel(job=ask(), by=director)


def test_what_is_finished_is_not_cancelled(ask: Any, secretary: Any) -> None:
    with pytest.raises(NotAllowedNow):
        jobs.cancel(job=jobs.run(ask().pk), by=secretary)


def test_one_person_does_not_fill_the_queue(ask: Any, secretary: Any, director: Any) -> None:
    Job.objects.bulk_create(Job(kind=kinds.LETTER, subject="1", asked_by=secretary) for _ in range(100))
    with pytest.raises(NotAllowedNow):
        ask()
    ask(by=director)


def test_progress_is_told(ask: Any) -> None:
    job = running.claim(ask().pk)
    assert job is not None
    with Reporter(job, beating=False) as report:
        report(250, "Setter sidene" * 100)
    job.refresh_from_db()
    assert (job.progress, len(job.phase)) == (100, 200)


def test_the_work_speaks_the_askers_language(ask: Any, secretary: Any, breaks: Any) -> None:
    heard = []
    breaks(lambda job, report: heard.append(translation.get_language()))
    secretary.language = "en"
    secretary.save()
    jobs.run(ask().pk)
    assert heard == ["en"]


def test_the_history_of_a_document_names_the_asker(ask: Any, secretary: Any) -> None:
    job = jobs.run(ask().pk)
    context = document_of(job).history.get().pgh_context
    assert (context["user"], context["job"]) == (secretary.pk, str(job.pk))


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("done", {}),
        ("running", {}),
        ("failed", {"finished_at": Now()}),
        ("asked", {"finished_at": Now()}),
        ("asked", {"error": "x"}),
        ("lost", {}),
        ("asked", {"progress": 101}),
        ("asked", {"attempt": 9}),
    ],
)
def test_a_job_that_cannot_be(state: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        Job.objects.create(kind=kinds.LETTER, subject="1", state=state, **values)


def test_the_database_refuses_a_step_that_is_not_in_the_table(ask: Any) -> None:
    job = jobs.run(ask().pk)
    for state in (Job.State.ASKED, Job.State.RUNNING, Job.State.FAILED, Job.State.CANCELLED):
        with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=state)


def test_no_job_is_deleted(ask: Any) -> None:
    job = ask()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Job.objects.filter(pk=job.pk).delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("jobs")
def test_two_workers_do_it_once(ask: Any) -> None:
    job = ask(seconds=0.5)
    threads = [threading.Thread(target=_perform, args=[job.pk]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    job.refresh_from_db()
    assert (job.state, job.attempt, Document.objects.count()) == (Job.State.DONE, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("jobs")
def test_twenty_who_ask_with_one_key_get_one_job(ask: Any) -> None:
    threads = [threading.Thread(target=_closing(ask), kwargs={"key": "once"}) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Job.objects.count() == 1


def _perform(job_id: Any) -> None:
    try:
        running.perform(job_id)
    finally:
        connection.close()


def _closing(act: Any) -> Any:
    def inner(**arguments: Any) -> None:
        try:
            act(**arguments)
        finally:
            connection.close()

    return inner
