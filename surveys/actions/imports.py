"""A spreadsheet's way into the portal: read, connected, looked over, written once, taken back (S12)."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.audit.log import record
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import reading
from governance.models import Collaboration, Organisation
from surveys.import_kinds import Column, kind_of
from surveys.models import ImportJob, ImportRow

MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
State = ImportJob.State


@transaction.atomic
def upload(
    *,
    kind: str,
    content: bytes | File,
    file_name: str,
    collaboration: Collaboration,
    municipality: Organisation | None = None,
    subject: str = "",
    on_behalf: bool = False,
    wide: bool = False,
    by: Any,
) -> ImportJob:
    """Keep the file as it came, and ask a worker to read it."""
    job = keep(
        kind=kind,
        content=content,
        file_name=file_name,
        collaboration=collaboration,
        municipality=municipality,
        subject=subject,
        on_behalf=on_behalf,
        wide=wide,
        by=by,
    )
    job.work = jobs.ask("surveys.import_read", job.pk, by=by, key=f"import-read:{job.pk}")
    job.save(update_fields=["work"])
    return job


@transaction.atomic
def keep(
    *,
    kind: str,
    content: bytes | File,
    file_name: str,
    collaboration: Collaboration,
    municipality: Organisation | None = None,
    subject: str = "",
    on_behalf: bool = False,
    wide: bool = False,
    by: Any,
) -> ImportJob:
    """Keep the file as it came; a command goes on with ``read_now`` itself."""
    data = content if isinstance(content, bytes) else _bytes(content)
    job = ImportJob(
        id=uuid.uuid4(),
        kind=kind,
        subject=subject,
        collaboration=collaboration,
        municipality=municipality,
        on_behalf=on_behalf,
        layout=ImportJob.Layout.WIDE if wide else ImportJob.Layout.LONG,
        file_name=files.clean_name(file_name),
        fingerprint=hashlib.sha256(data).hexdigest(),
        asked_by=by,
    )
    job.save(force_insert=True)
    job.file = files.keep(
        data,
        kind=kind_of(job).files[0 if municipality else 1],
        subject=job.pk,
        title=job.file_name,
        file_name=job.file_name,
        mime=MIMES.get(file_name.rpartition(".")[2].lower(), "application/octet-stream"),
        by=by,
    )
    job.save(update_fields=["file"])
    return job


def read_now(job: ImportJob, report: Report | None = None, *, work: Job | None = None) -> ImportJob:
    """Read the file and propose which column is what; a file that can't be read is refused with the sentence why."""
    report = report or _silent
    assert job.file is not None
    try:
        report(10, gettext_lazy("Reading the file"))
        book = reading.read_guarded(files.content(job.file), filename=job.file_name)
        found = kind_of(job).read(job, book)
        rows = [
            ImportRow(job=job, sheet=found.sheet, number=number, part=part, raw=raw) for number, part, raw in found.rows
        ]
    except reading.Refused as refused:
        return _settle(job, work, state=State.REFUSED, error=str(refused.sentence))
    report(60, gettext_lazy("Keeping the rows"))
    return _settle(
        job,
        work,
        rows=rows,
        state=State.READ,
        sheet=found.sheet,
        columns=found.columns,
        layout=found.layout,
        notes=found.notes,
        mapping={**job.mapping, "columns": {one["letter"]: one["field"] for one in found.columns}},
    )


@transaction.atomic
def connect(
    *, job: ImportJob, version: int | None, columns: dict[str, str], extra: dict[str, Any] | None = None, by: Any
) -> ImportJob:
    """Say which column is what, and ask a worker to check each row; nothing is written yet."""
    job = locked(job)
    kind_of(job).require(by, job) if by else None
    check_version(job, version)
    if job.state not in (State.READ, State.PREVIEWED):
        raise NotAllowedNow(_("The columns can no longer be changed."))
    missing = missing_columns(job, columns)
    if missing:
        raise NotAllowedNow(
            _("These columns are missing: %(columns)s.") % {"columns": ", ".join(str(one.label) for one in missing)}
        )
    job.mapping = {**job.mapping, **(extra or {}), "columns": columns}
    job.state, job.version = State.READ, job.version + 1
    job.work = jobs.ask("surveys.import_check", job.pk, by=by, key=f"import-check:{job.pk}:{job.version}")
    job.save(update_fields=["mapping", "state", "version", "work"])
    return job


def missing_columns(job: ImportJob, columns: dict[str, str]) -> list[Column]:
    """All the necessary columns that nothing is connected to, at once."""
    return [column for column in kind_of(job).columns(job) if column.required and column.name not in columns.values()]


def check_now(job: ImportJob, report: Report | None = None, *, work: Job | None = None) -> ImportJob:
    """Find out what each row would do; the same path that writing takes, up to the writing."""
    report = report or _silent
    report(5, gettext_lazy("Checking the rows"))
    rows = list(job.rows.in_order())
    for row in rows:
        row.pk = None
        row.verdict, row.messages, row.values, row.target, row.before = "", [], {}, None, None
    job.error = ""
    basis = kind_of(job).check(job, rows, report)
    report(80, gettext_lazy("Keeping the result"))
    return _settle(job, work, rows=rows, state=State.PREVIEWED, basis=basis, counts=_counts(rows), error=job.error)


@transaction.atomic
def apply(*, job: ImportJob, version: int | None = None, by: Any) -> ImportJob:
    """Write the rows that are new or changed, all in one transaction; a second time changes nothing."""
    job = locked(job)
    kind = kind_of(job)
    if by:
        kind.require(by, job)
    if job.state == State.APPLIED:
        return job
    if job.state != State.PREVIEWED:
        raise NotAllowedNow(_("This import cannot be carried out in its present state."))
    check_version(job, version)
    if job.error:
        raise NotAllowedNow(job.error)
    if not kind.still_stands(job):
        raise NotAllowedNow(_("Somebody has changed the data since you looked it over. Check the file once more."))
    kind.apply(job, list(job.rows.to_write().in_order()), by)
    job.state, job.applied_at, job.version = State.APPLIED, timezone.now(), job.version + 1
    job.save(update_fields=["state", "applied_at", "version", "basis"])
    record("import_applied", by=by, on=job, detail={"file": job.file_name, "sha256": job.fingerprint, **job.counts})
    return job


@transaction.atomic
def check_again(*, job: ImportJob, by: Any) -> ImportJob:
    """The data changed after the preview: look once more, with the same columns."""
    return connect(job=job, version=None, columns=job.mapping["columns"], by=by)


@transaction.atomic
def cancel(*, job: ImportJob, by: Any) -> ImportJob:
    """Go no further with this file; nothing was written."""
    job = locked(job)
    if job.state not in (State.UPLOADED, State.READ, State.PREVIEWED):
        raise NotAllowedNow(_("This import can no longer be cancelled."))
    job.state, job.version = State.CANCELLED, job.version + 1
    job.save(update_fields=["state", "version"])
    return job


@transaction.atomic
def undo(*, job: ImportJob, by: Any) -> ImportJob:
    """Put everything back as it was, unless something newer has touched one of the rows."""
    job = locked(job)
    kind = kind_of(job)
    if by:
        kind.require(by, job)
    if job.state != State.APPLIED:
        raise NotAllowedNow(_("Only an import that was carried out can be undone."))
    kind.undo(job, list(job.rows.to_write().in_order()), by)
    job.state, job.undone_at, job.version = State.UNDONE, timezone.now(), job.version + 1
    job.save(update_fields=["state", "undone_at", "version"])
    record("import_undone", by=by, on=job, detail=job.counts)
    return job


def locked(job: ImportJob) -> ImportJob:
    """The job as it stands now; nobody else moves it before this transaction ends."""
    rows = ImportJob.objects.select_for_update(of=["self"]).select_related("collaboration", "municipality")
    found: ImportJob = rows.get(pk=job.pk)
    return found


@transaction.atomic
def _settle(job: ImportJob, work: Job | None, *, rows: list[ImportRow] | None = None, **values: Any) -> ImportJob:
    """Keep the rows and the new state together; of two workers only the one that holds the work does."""
    if work:
        jobs.hold(work)
    standing = locked(job)
    if standing.state not in (State.UPLOADED, State.READ, State.PREVIEWED):
        return standing
    if standing.mapping != job.mapping:
        return standing  # connected anew meanwhile: another check is on its way
    if rows is not None:
        standing.rows.all().delete()
        ImportRow.objects.bulk_create(rows, batch_size=2000)
    for name, value in values.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.save(update_fields=[*values, "version"])
    return standing


def _counts(rows: list[ImportRow]) -> dict[str, int]:
    found = Counter(row.verdict for row in rows)
    return {
        "new": found["new"],
        "changed": found["changed"],
        "unchanged": found["unchanged"],
        "errors": found["error"],
    }


def read_work(work: Job, report: Report) -> None:
    """The worker's door to reading."""
    read_now(_asked(work), report, work=work)


def check_work(work: Job, report: Report) -> None:
    """The worker's door to checking."""
    check_now(_asked(work), report, work=work)


def _asked(work: Job) -> ImportJob:
    """The import that the work is about; rights are asked once more, as they are when it is done."""
    job: ImportJob = ImportJob.objects.select_related("file", "collaboration", "municipality").get(pk=work.subject)
    if work.asked_by:
        kind_of(job).require(work.asked_by, job)
    return job


def _bytes(upload: File) -> bytes:
    upload.seek(0)
    data: bytes = upload.read()
    return data


def _silent(progress: int, phase: Any = "") -> None:
    """Nobody waits at a page."""
