"""The rows that could not be imported, as they stood, with a column «Feil»: mend them and upload the file again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from surveys.models import ImportJob


def error_sheet(job: ImportJob) -> SheetSpec:
    """The headers of the file, its faulty rows, and what is wrong in each."""
    letters = [column["letter"] for column in job.columns]
    header = [_("Row"), *(column["header"] for column in job.columns), _("Errors")]
    rows = []
    for row in job.rows.errors().in_order():
        cells = {address.rstrip("0123456789"): value for address, value in row.raw.items()}
        faults = [f"{one['cell']} {one['column']}: {one['sentence']}" for one in row.messages]
        rows.append([row.number, *(cells.get(letter) for letter in letters), "\n".join(faults)])
    return SheetSpec(_("Errors"), header, rows)
