"""A row of an inventory sheet on its way through the check: its cells by field, and what is said about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.models import Organisation
from surveys.import_kinds import letter_of
from surveys.inventory_columns import LABELS
from surveys.inventory_reader import text
from surveys.models import Area, ImportRow

SUM_ROW = re.compile(r"^(?:sum|total|totalt|i alt|til sammen|antall)\b", re.IGNORECASE)
SHOWN = 200


class Columns:
    """Which field stands in which column, both ways."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.letters = {name: letter for letter, name in fields.items() if name}

    def cells_of(self, row: ImportRow) -> Mapping[str, str] | None:
        """The address of each field, where it is not simply in the row: in the wide form the system stands under its
        place, and a merged area in a row above."""
        if not row.part:
            return None
        found = {self.fields.get(letter_of(address), ""): address for address in row.raw}
        under = next((address for address in row.raw if letter_of(address) == letter_in(row)), "")
        return found | {"system": under, "municipality": under}


@dataclass(slots=True)
class Line:
    """One system, or one answer, of a row; a cell with two systems gives two lines."""

    row: ImportRow
    columns: Columns
    cells: Mapping[str, str] | None
    place: Organisation | None = None
    area: Area | None = None
    name: str = ""
    answer: str = ""
    same_as: str = ""
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def same_column(self) -> str:
        """Whose system it is the same as, by a column of its own."""
        return self.text("same_as") if "same_as" in self.columns.letters else ""

    @property
    def failed(self) -> bool:
        return any(message["level"] == "error" for message in self.row.messages)

    def address(self, name: str) -> str:
        """The cell of a field, also where it is empty."""
        if self.cells is not None and name in self.cells:
            return self.cells[name]
        letter = self.columns.letters.get(name)
        return f"{letter}{self.row.number}" if letter else ""

    def raw(self, name: str) -> Any:
        return self.row.raw.get(self.address(name))

    def text(self, name: str) -> str:
        return text(self.raw(name))

    def fault(self, name: str, sentence: str) -> None:
        self._say(name, sentence, "error")

    def note(self, name: str, sentence: str) -> None:
        self._say(name, sentence, "note")

    def settle(self, verdict: ImportRow.Verdict) -> None:
        self.row.verdict = verdict

    def another(self, mark: str) -> Line:
        """The next system of the same cell, with the cell as it stood."""
        row = ImportRow(
            job_id=self.row.job_id, sheet=self.row.sheet, number=self.row.number,
            part=f"{self.row.part}.{mark}",
            raw=self.row.raw, messages=[one for one in self.row.messages if one["level"] == "error"], values={},
        )  # fmt: skip
        return Line(row, self.columns, self.cells, self.place, self.area)

    def _say(self, name: str, sentence: str, level: str) -> None:
        address = self.address(name)
        said = text(self.row.raw.get(address))[:SHOWN]
        message = {"cell": address, "column": str(LABELS[name]), "value": said, "sentence": sentence, "level": level}
        self.row.messages.append(message)


def letter_in(row: ImportRow) -> str:
    """The column of a row of the wide form; the second system of its cell is «F.2»."""
    return row.part.partition(".")[0]
