"""What the tests of surveys share: a survey, an import from start to end, and sheets made on the spot."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from governance.models import Collaboration
from surveys.actions import imports
from surveys.actions.surveys import define_survey
from surveys.models import ImportJob, Survey

FILES = Path(__file__).parents[1] / "files"


def survey_in(digi: Collaboration, **facts: Any) -> Survey:
    return define_survey(collaboration=digi, title="Muligheter og behov", **facts)


def sheet(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def looked_over(survey: Survey, content: bytes, *, by: Any, name: str = "svar.xlsx", **extra: Any) -> ImportJob:
    """A file read, with the proposed columns connected, and checked; nothing is written yet."""
    job = imports.upload(
        kind="survey",
        content=content,
        file_name=name,
        collaboration=survey.collaboration,
        subject=str(survey.pk),
        by=by,
    )
    job = imports.read_now(job)
    if job.state == ImportJob.State.REFUSED:
        return job
    return connected(job, by=by, **extra)


def connected(job: ImportJob, *, by: Any, columns: dict[str, str] | None = None, **extra: Any) -> ImportJob:
    chosen = job.mapping["columns"] | (columns or {})
    return imports.check_now(imports.connect(job=job, version=None, columns=chosen, extra=extra, by=by))


def imported(survey: Survey, content: bytes, *, by: Any, **extra: Any) -> ImportJob:
    return imports.apply(job=looked_over(survey, content, by=by, **extra), by=by)


def faults(job: ImportJob) -> list[tuple[str, str, str]]:
    """Cell, value and sentence of all that is wrong."""
    return [
        (one["cell"], one["value"], str(one["sentence"]))
        for row in job.rows.errors().in_order()
        for one in row.messages
    ]
