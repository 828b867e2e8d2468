"""The rows that were left out, as they stood, with what is wrong in each: mend them and upload the file again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from surveys.cell_faults import masked
from surveys.import_kinds import letter_of
from surveys.models import ImportJob, ImportRow
from surveys.raw_values import is_moment


def error_sheet(job: ImportJob) -> SheetSpec:
    """The columns of the file in their order, then where the fault stands, the value, and what to do about it."""
    letters = [column["letter"] for column in job.columns]
    header = [
        *(column["header"] for column in job.columns),
        *(_("Sheet"), _("Row"), _("Column"), _("Value"), _("Errors")),
    ]
    return SheetSpec(_("Errors"), header, _lines(job, letters))


def _lines(job: ImportJob, letters: list[str]) -> Iterator[list[Any]]:
    for row in job.rows.left_out().in_order().iterator(chunk_size=500):
        cells = {letter_of(address): value for address, value in row.raw.items()}
        yield [*(masked(_typed(cells.get(letter))) for letter in letters), row.sheet, row.number, *_faults(row)]


def _faults(row: ImportRow) -> list[str]:
    """Column, value and sentence; a row with more than one fault has a line for each."""
    said = [one for one in row.messages if one.get("level") != "note"] or row.messages
    columns = [f"{letter_of(one['cell'])} {one['column']}".strip() for one in said]
    sentences = [f"{one['cell']}: {one['sentence']}" if one["cell"] else one["sentence"] for one in said]
    return ["\n".join(columns), "\n".join(one["value"] for one in said), "\n".join(sentences)]


def _typed(value: Any) -> Any:
    """A day or moment as such again: the row keeps it as JSON."""
    if not isinstance(value, str) or not is_moment(value):
        return value
    moment = datetime.fromisoformat(value)
    return moment if (moment.hour, moment.minute, moment.second) != (0, 0, 0) else moment.date()
