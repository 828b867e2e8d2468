"""The last steps of an import: written by a worker in one transaction, stopped, taken back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.audit.log import record
from digivesteralen.documents import jobs
from digivesteralen.documents.heartbeat import Lost
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from surveys.import_kinds import kind_of
from surveys.models import ImportJob
from surveys.models.imports import ImportRowQuerySet

# A press that writes no more than this is answered at once; more is left to a worker.
UNDONE_AT_ONCE = 500
State = ImportJob.State


@transaction.atomic
def ask_to_apply(*, job: ImportJob, version: int | None, by: Any) -> ImportJob:
    """Say yes to what was looked over: a worker writes it. A second press, or a second window, changes nothing."""
    job = locked(job)
    kind_of(job).require(by, job)
    if job.state in (State.APPLYING, State.APPLIED):
        return job
    _see_that_it_may_be_written(job)
    check_version(job, version)
    job.state, job.version = State.APPLYING, job.version + 1
    job.work = jobs.ask("surveys.import_apply", job.pk, by=by, key=f"import-apply:{job.pk}:{job.version}")
    job.save(update_fields=["state", "version", "work"])
    return job


@transaction.atomic
def apply(
    *, job: ImportJob, version: int | None = None, by: Any, report: Report | None = None, work: Job | None = None
) -> ImportJob:
    """Write the rows that are new or changed, all in one transaction; a second time changes nothing."""
    report = report or silent
    job = locked(job)
    kind = kind_of(job)
    if by:
        kind.require(by, job)
    if job.state == State.APPLIED:
        return job
    if not (work and job.state == State.APPLYING and job.work_id == work.pk):
        _see_that_it_may_be_written(job)
        check_version(job, version)
    if not kind.still_stands(job):
        raise NotAllowedNow(_("Somebody has changed the data since you looked it over. Check the file once more."))
    report(10, gettext_lazy("Writing the rows"))
    kind.apply(job, list(_written(job)), by, report)
    job.state, job.applied_at, job.version = State.APPLIED, timezone.now(), job.version + 1
    job.save(update_fields=["state", "applied_at", "version", "basis"])
    record("import_applied", by=by, on=job, detail={"file": job.file_name, "sha256": job.fingerprint, **job.counts})
    report(95, gettext_lazy("Writing the rows"))
    if work:
        jobs.hold(work)
    return job


def apply_work(work: Job, report: Report) -> None:
    """The worker's door to writing. What stops it for good gives the import back to the one who looked it over."""
    try:
        apply(job=asked(work), by=work.asked_by, report=report, work=work)
    except (Lost, OperationalError, InterfaceError):
        raise  # somebody else goes on with it, or it is tried again
    except NotAllowedNow as refused:
        give_back(work, str(refused))
        raise
    except Exception:
        give_back(work, _stopped())
        raise


def stop(*, job: ImportJob, by: Any) -> ImportJob:
    """Stop the writing before it is done; where it was done already, the one who pressed is told so."""
    assert job.work is not None
    with suppress(NotAllowedNow):  # the work has ended: how, the import itself says
        jobs.cancel(job=job.work, by=by)
    stopped = give_back(job.work, "")
    if stopped.state == State.APPLIED:
        raise NotAllowedNow(_("The rows were written before it could be stopped. You can undo the import."))
    return stopped


@transaction.atomic
def give_back(work: Job, sentence: str) -> ImportJob:
    """Nothing was written: the import stands as it was looked over, with the sentence why."""
    job = locked(ImportJob(pk=work.subject))
    if job.state == State.APPLYING and job.work_id == work.pk:
        job.state, job.error, job.version = State.PREVIEWED, sentence[:2000], job.version + 1
        job.save(update_fields=["state", "error", "version"])
    return job


def give_back_all() -> None:
    """What a worker left behind when it died, and nobody could finish."""
    for job in ImportJob.objects.left_behind().select_related("work"):
        assert job.work is not None
        give_back(job.work, _stopped())


def _stopped() -> str:
    return _("The writing stopped before it was done, and nothing was written. Check the file once more.")


def _see_that_it_may_be_written(job: ImportJob) -> None:
    if job.state == State.APPLYING:
        raise NotAllowedNow(_("The rows are being written already."))
    if job.state != State.PREVIEWED:
        raise NotAllowedNow(_("This import cannot be carried out in its present state."))
    if job.error:
        raise NotAllowedNow(job.error)


# --- taking back ----------------------------------------------------------------------------------


@transaction.atomic
def ask_to_undo(*, job: ImportJob, by: Any) -> ImportJob:
    """Take back what was written: at once where it is little, else by a worker."""
    if job.changes <= UNDONE_AT_ONCE:
        return undo(job=job, by=by)
    job = locked(job)
    kind_of(job).require(by, job)
    _see_that_it_may_be_undone(job)
    job.work = jobs.ask("surveys.import_undo", job.pk, by=by, key=f"import-undo:{job.pk}:{job.version}")
    job.save(update_fields=["work"])
    return job


@transaction.atomic
def undo(*, job: ImportJob, by: Any, work: Job | None = None) -> ImportJob:
    """Put everything back as it was, unless something newer has touched one of the rows."""
    job = locked(job)
    kind = kind_of(job)
    if by:
        kind.require(by, job)
    _see_that_it_may_be_undone(job)
    kind.undo(job, list(_written(job)), by)
    job.state, job.undone_at, job.version = State.UNDONE, timezone.now(), job.version + 1
    job.save(update_fields=["state", "undone_at", "version"])
    record("import_undone", by=by, on=job, detail=job.counts)
    if work:
        jobs.hold(work)
    return job


def undo_work(work: Job, report: Report) -> None:
    """The worker's door to taking back."""
    job = asked(work)
    report(10, gettext_lazy("Taking back the rows"))
    if job.state != State.UNDONE:
        undo(job=job, by=work.asked_by, work=work)


def _see_that_it_may_be_undone(job: ImportJob) -> None:
    if job.state != State.APPLIED:
        raise NotAllowedNow(_("Only an import that was carried out can be undone."))
    if not job.can_be_undone:
        raise NotAllowedNow(_("The file and its cells are erased, so the import can no longer be undone."))


# --- both -----------------------------------------------------------------------------------------


def locked(job: ImportJob) -> ImportJob:
    """The job as it stands now; nobody else moves it before this transaction ends."""
    rows = ImportJob.objects.select_for_update(of=["self"]).select_related("collaboration", "municipality", "file")
    found: ImportJob = rows.get(pk=job.pk)
    return found


def asked(work: Job) -> ImportJob:
    """The import that the work is about; rights are asked once more, as they are when it is done."""
    job: ImportJob = ImportJob.objects.select_related("file", "collaboration", "municipality").get(pk=work.subject)
    if work.asked_by:
        kind_of(job).require(work.asked_by, job)
    return job


def silent(progress: int, phase: Any = "") -> None:
    """Nobody waits at a page."""


def _written(job: ImportJob) -> ImportRowQuerySet:
    """The rows that count; how they stood in the file is not needed to write them."""
    return job.rows.to_write().in_order().defer("raw", "messages")
