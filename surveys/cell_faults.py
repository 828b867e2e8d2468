"""What is wrong in a cell whatever the file is about, and what no message may repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.import_kinds import letter_of
from surveys.models import ImportJob, ImportRow

# As Excel stores them, and as a Norwegian Excel writes them into a list.
ERRORS = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#GETTING_DATA",
        "#I/T",
        "#VERDI!",
        "#NAVN?",
        "#TALL!",
        "#OVERFLYT!",
        "#FELT!",
    ]
)
_ADDRESS = re.compile(r"[^\s@;,:<>«»\"'()]+@(?=[\w-]+(\.[\w-]+)+)")


def look_at_cells(job: ImportJob, rows: Sequence[ImportRow]) -> None:
    """A formula that went wrong is no value of a column that counts; nobody's address stands in a message."""
    fields: dict[str, str] = job.mapping["columns"]
    headers = {column["letter"]: column["header"] for column in job.columns}
    for row in rows:
        for address, value in row.raw.items():
            if isinstance(value, str) and value[:1] == "#" and value.strip().upper() in ERRORS:
                letter = letter_of(address)
                if fields.get(letter):
                    _fault(row, address, headers.get(letter, letter), value)
        for message in row.messages:
            message["value"], message["sentence"] = masked(message["value"]), masked(str(message["sentence"]))


def masked(value: Any) -> Any:
    """A text in which of each e-mail address only the domain stands; anything else as it is."""
    return _ADDRESS.sub("…@", value) if isinstance(value, str) and "@" in value else value


def _fault(row: ImportRow, address: str, header: str, value: str) -> None:
    row.verdict, row.values, row.target, row.before = ImportRow.Verdict.ERROR, {}, None, None
    sentence = _(
        "The formula in the cell went wrong. Correct it or write the value itself, and upload the file once more."
    )
    row.messages.append(
        {"cell": address, "column": header, "value": value.strip(), "sentence": sentence, "level": "error"}
    )
