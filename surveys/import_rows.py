"""Keeping the rows of a file: tens of thousands at once, streamed into the table, never all of them twice in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from surveys.models import ImportJob, ImportRow

COLUMNS = ("job_id", "sheet", "number", "part", "raw", "verdict", "messages", "values", "target", "before")
AS_READ = ("", "[]", "{}", None, None)

Read = tuple[int, str, dict[str, Any]]


def keep_as_read(job: ImportJob, sheet: str, rows: Iterable[Read]) -> None:
    """The cells as they stood, in the place of those of an earlier reading."""
    _replace(job, ((job.pk, sheet, number, part, _json(raw), *AS_READ) for number, part, raw in rows))


def keep_checked(job: ImportJob, rows: Sequence[ImportRow]) -> None:
    """The rows with what the check found."""
    _replace(
        job,
        (
            (
                job.pk, row.sheet, row.number, row.part, _json(row.raw), row.verdict, _json(row.messages),
                _json(row.values), row.target, None if row.before is None else _json(row.before),
            )
            for row in rows
        ),
    )  # fmt: skip


def _replace(job: ImportJob, lines: Iterable[tuple[Any, ...]]) -> None:
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    job.rows.all().delete()
    with connection.cursor() as cursor, cursor.copy(f"COPY {ImportRow._meta.db_table} ({columns}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
