"""A spreadsheet's way into the portal: read, connected, looked over; writing is in ``import_writing`` (S12)."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.audit.retention import kept_for
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import guard, reading
from governance.models import Collaboration, Organisation
from governance.models.agreements import months_after
from surveys import import_rows, mapping_profiles
from surveys.actions.import_writing import (
    apply,
    apply_work,
    ask_to_apply,
    ask_to_undo,
    asked,
    locked,
    silent,
    stop,
    undo,
    undo_work,
)
from surveys.actions.mapping_profiles import remember
from surveys.cell_faults import look_at_cells
from surveys.import_kinds import Column, SheetRead, kind_of
from surveys.models import ImportJob, ImportRow
from surveys.models.imports import KEPT_FOR_MONTHS

__all__ = [
    "apply",
    "apply_work",
    "ask_to_apply",
    "ask_to_undo",
    "cancel",
    "check_again",
    "check_now",
    "check_work",
    "connect",
    "keep",
    "locked",
    "missing_columns",
    "read_now",
    "read_work",
    "undo",
    "undo_work",
    "upload",
]

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
    if job.state == State.UPLOADED:
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
    """Keep the file as it came, if it is one that we open; a command goes on with ``read_now`` itself."""
    data = content if isinstance(content, bytes) else _bytes(content)
    name = files.clean_name(file_name)
    job = ImportJob(
        id=uuid.uuid4(),
        kind=kind,
        subject=subject,
        collaboration=collaboration,
        municipality=municipality,
        on_behalf=on_behalf,
        layout=ImportJob.Layout.WIDE if wide else ImportJob.Layout.LONG,
        file_name=name,
        fingerprint=hashlib.sha256(data).hexdigest(),
        asked_by=by,
    )
    try:
        guard.check(data, name)
    except reading.Refused as refused:
        job.state, job.error = State.REFUSED, refused.sentence
        job.save(force_insert=True)
        return job
    job.erase_on = months_after(timezone.localdate(), kept_for("imports", KEPT_FOR_MONTHS))
    job.save(force_insert=True)
    job.file = files.keep(
        data,
        kind=kind_of(job).files[0 if municipality else 1],
        subject=job.pk,
        title=job.file_name,
        file_name=job.file_name,
        mime=MIMES.get(name.rpartition(".")[2].lower(), "application/octet-stream"),
        by=by,
    )
    job.save(update_fields=["file"])
    return job


def read_now(job: ImportJob, report: Report | None = None, *, work: Job | None = None) -> ImportJob:
    """Read the file and propose which column is what; a file that can't be read is refused with the sentence why."""
    report = report or silent
    if job.file is None:
        return job  # it was refused before it was kept
    try:
        report(10, gettext_lazy("Reading the file"))
        book = reading.read_guarded(files.content(job.file), filename=job.file_name)
        found = kind_of(job).read(job, book)
        found.rows = _some(found)
    except reading.Refused as refused:
        return _settle(job, work, _forget_the_file, state=State.REFUSED, error=refused.sentence, erase_on=None)
    report(60, gettext_lazy("Keeping the rows"))
    job.layout = ImportJob.Layout(found.layout)
    profile = mapping_profiles.closest(job, found.columns)
    return _settle(
        job,
        work,
        lambda standing: import_rows.keep_as_read(standing, found.sheet, found.rows),
        state=State.READ,
        sheet=found.sheet,
        columns=found.columns,
        layout=found.layout,
        notes=found.notes,
        profile=profile,
        mapping={**job.mapping, "columns": mapping_profiles.connected(profile, job, found.columns)},
    )


def _some(found: SheetRead) -> Iterable[import_rows.Read]:
    """The rows, of which there must be one."""
    rows = iter(found.rows)
    for first in rows:
        return chain([first], rows)
    raise reading.Refused(
        _(
            "The sheet «%(sheet)s» has a row of headers and nothing below it. "
            "Fill in the rows, and upload the file once more."
        ),
        sheet=found.sheet,
    )


def _forget_the_file(job: ImportJob) -> None:
    """What could not be read is not kept."""
    if job.file is not None:
        files.erase(job.file)


@transaction.atomic
def connect(
    *,
    job: ImportJob,
    version: int | None,
    columns: dict[str, str],
    extra: dict[str, Any] | None = None,
    remember_as: str = "",
    by: Any,
) -> ImportJob:
    """Say which column is what, and ask a worker to check each row; nothing is written yet.

    ``remember_as`` is the name under which the next file of the same form finds these columns again.
    """
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
    if remember_as:
        job.profile = remember(job=job, columns=columns, name=remember_as, by=by)
    job.state, job.version = State.READ, job.version + 1
    job.work = jobs.ask("surveys.import_check", job.pk, by=by, key=f"import-check:{job.pk}:{job.version}")
    job.save(update_fields=["mapping", "state", "version", "work", "profile"])
    return job


def missing_columns(job: ImportJob, columns: dict[str, str]) -> list[Column]:
    """All the necessary columns that nothing is connected to, at once."""
    return [column for column in kind_of(job).columns(job) if column.required and column.name not in columns.values()]


def check_now(job: ImportJob, report: Report | None = None, *, work: Job | None = None) -> ImportJob:
    """Find out what each row would do; the same path that writing takes, up to the writing."""
    report = report or silent
    report(5, gettext_lazy("Checking the rows"))
    rows = list(job.rows.in_order().defer("messages", "values", "before"))
    for row in rows:
        row.verdict, row.messages, row.values, row.target, row.before = "", [], {}, None, None
    job.error = ""
    basis = kind_of(job).check(job, rows, report)
    look_at_cells(job, rows)
    report(80, gettext_lazy("Keeping the result"))
    return _settle(
        job,
        work,
        lambda standing: import_rows.keep_checked(standing, rows),
        state=State.PREVIEWED,
        basis=basis,
        counts=_counts(rows),
        error=job.error,
    )


@transaction.atomic
def check_again(*, job: ImportJob, by: Any) -> ImportJob:
    """The data changed after the preview: look once more, with the same columns."""
    return connect(job=job, version=None, columns=job.mapping["columns"], by=by)


def cancel(*, job: ImportJob, by: Any) -> ImportJob:
    """Go no further with this file; nothing was written. While it is being written: stop that, and no more."""
    return stop(job=job, by=by) if job.state == State.APPLYING else _cancel(job)


@transaction.atomic
def _cancel(job: ImportJob) -> ImportJob:
    job = locked(job)
    if job.state not in (State.UPLOADED, State.READ, State.PREVIEWED):
        raise NotAllowedNow(_("This import can no longer be cancelled."))
    job.state, job.version = State.CANCELLED, job.version + 1
    job.save(update_fields=["state", "version"])
    return job


@transaction.atomic
def _settle(job: ImportJob, work: Job | None, keep_rows: Callable[[ImportJob], None], **values: Any) -> ImportJob:
    """Keep the rows and the new state together; of two workers only the one that holds the work does."""
    if work:
        jobs.hold(work)
    standing = locked(job)
    if standing.state not in (State.UPLOADED, State.READ, State.PREVIEWED):
        return standing
    if standing.mapping != job.mapping:
        return standing  # connected anew meanwhile: another check is on its way
    keep_rows(standing)
    for name, value in values.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.save(update_fields=[*values, "version"])
    return standing


def _counts(rows: Sequence[ImportRow]) -> dict[str, int]:
    """How many rows of each result; of those that wait for a name only where some do."""
    found = Counter(row.verdict for row in rows)
    counts = {name: found[name] for name in ("new", "changed", "unchanged")} | {"errors": found["error"]}
    return counts | ({"waiting": found["waiting"]} if found["waiting"] else {})


def read_work(work: Job, report: Report) -> None:
    """The worker's door to reading."""
    read_now(asked(work), report, work=work)


def check_work(work: Job, report: Report) -> None:
    """The worker's door to checking."""
    check_now(asked(work), report, work=work)


def _bytes(upload: File) -> bytes:
    upload.seek(0)
    data: bytes = upload.read()
    return data
