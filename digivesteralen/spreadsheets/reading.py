"""Reads .xlsx and .csv as they lie around: every cell with its address, nothing guessed, hostile files refused."""

from __future__ import annotations

import csv
import io
import math
import pickle
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets import guard, marks
from digivesteralen.spreadsheets.guard import Refused, Sentence

__all__ = ["Cell", "Refused", "Row", "Sheet", "Workbook", "read", "read_guarded"]

MOST_ROWS = 20_500
# Signs that nobody sees and no database, workbook or font needs; two of them are line breaks in other programs.
LINE_BREAKS = re.compile("[\x0b\x0c]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
MOST_COLUMNS = 300
LONGEST_CELL = 32_767
MOST_SHEETS = 50
# So many empty rows are the end, however far the sheet says it goes (50 000 were met in a real one).
EMPTY_TAIL = 60_000
# By the clock on the wall; what the reading itself may take stands in ``beside``.
SECONDS = 180
# UTF-8 that somebody has read as Windows-1252, and letters that were lost on the way.
DAMAGED = re.compile("Ã[\x80-\xbf¸¥¦˜…†‡©¨¤¶¼]|â€|Â[\xa0°´»«]|\ufffd")
ROOT = Path(__file__).resolve().parents[2]


letters = marks.column_name
LETTERS = tuple(letters(place) for place in range(1, MOST_COLUMNS + 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place: its address («B7») and value as the file has it."""

    address: str
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in a row from column A on, None where nothing does; hundreds of thousands of values are carried."""

    number: int
    values: tuple[Any, ...]

    @property
    def cells(self) -> list[Cell]:
        """Those that have something."""
        return [
            Cell(f"{letter}{self.number}", value)
            for letter, value in zip(LETTERS, self.values, strict=False)
            if value is not None
        ]


@dataclass
class Sheet:
    """One sheet without its empty rows; ``notes`` warn of what a reader should know."""

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    notes: list[Any] = field(default_factory=list)


@dataclass
class Workbook:
    sheets: list[Sheet]
    notes: list[Any] = field(default_factory=list)


def read(source: Any, *, filename: str = "") -> Workbook:
    """Read bytes, an upload or a path; raises Refused with the sentence for the user."""
    return _in_words(_read(*_content(source, filename)))


def _read(content: bytes, name: str) -> Workbook:
    return _csv(content, name) if guard.check(content, name) == "csv" else _xlsx(content, name)


def _in_words(book: Workbook) -> Workbook:
    """The notes in the reader's language."""
    book.notes = [str(note) for note in book.notes]
    for sheet in book.sheets:
        sheet.notes = [str(note) for note in sheet.notes]
    return book


def read_guarded(source: Any, *, filename: str = "") -> Workbook:
    """The same in a process of its own with limits on memory and time, so that no file takes the worker along."""
    content, name = _content(source, filename)
    guard.kind(content, name)
    # Not multiprocessing: a worker of Celery may neither have children nor hand its own state to them.
    try:
        process = subprocess.run(
            [sys.executable, "-m", "digivesteralen.spreadsheets.beside"],
            input=pickle.dumps((content, name)),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as stopped:
        raise _gave_up(name) from stopped
    answer = pickle.loads(process.stdout)
    if isinstance(answer, Refused):
        raise answer
    assert isinstance(answer, Workbook)
    return _in_words(answer)


def answer(content: bytes, name: str) -> Workbook | Refused:
    """What the process beside us says: the workbook, or why not."""
    try:
        return _read(content, name)
    except Refused as refused:
        return refused
    except MemoryError:
        return _gave_up(name)


def _gave_up(name: str) -> Refused:
    return Refused(_("«%(file)s» took too long or too much room to read. Split it and try again."), file=name)


def _content(source: Any, filename: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, filename
    if isinstance(source, str | Path):
        path = Path(source)
        size = path.stat().st_size
        content = path.read_bytes() if size <= guard.LARGEST_FILE else b"." * (guard.LARGEST_FILE + 1)
        return content, filename or path.name
    source.seek(0)
    return source.read(guard.LARGEST_FILE + 1), filename or source.name


# --- xlsx --------------------------------------------------------------------------------------------


def _xlsx(content: bytes, name: str) -> Workbook:
    import openpyxl  # noqa: PLC0415 -- slow import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            if len(book.worksheets) > MOST_SHEETS:
                raise Refused(_("«%(file)s» has more than %(most)s sheets."), file=name, most=MOST_SHEETS)
            notes, marked = marks.of_workbook(content)
            found = [_sheet(one, name, marked.get(one.title, marks.Marks())) for one in book.worksheets]
    except Refused:
        raise
    except MemoryError:
        raise
    except Exception as damaged:  # noqa: BLE001 -- openpyxl raises whatever the file makes it raise
        raise Refused(
            _("«%(file)s» is damaged and can't be read. Open it in Excel and save it anew."), file=name
        ) from damaged
    return Workbook(found, [*notes, *_hidden_notes(found)])


def _sheet(sheet: Any, file: str, marked: marks.Marks) -> Sheet:
    # What the file says of its own size is not to be trusted, neither when it is small nor when it is huge.
    sheet.reset_dimensions()
    found = Sheet(sheet.title, hidden=sheet.sheet_state != "visible", notes=list(marked.notes))
    last = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(value is not None for value in cells):
            _check_columns(cells, sheet.title, file)
            found.rows.append(_row(number, cells, found.name, file))
            last = number
        if len(found.rows) > MOST_ROWS:
            raise _too_many_rows(sheet.title, file)
        if number - last > EMPTY_TAIL:
            found.notes.append(
                Sentence(_("Only the rows down to %(row)s were read; after them came very many empty ones."), row=last)
            )
            break
    _warn_of_formulas(found, marked.formulas)
    _warn_of_letters(found)
    return found


def _check_columns(cells: Sequence[Any], sheet: str, file: str) -> None:
    if any(value is not None for value in cells[MOST_COLUMNS:]):
        raise Refused(
            _("The sheet «%(sheet)s» in «%(file)s» has more than %(most)s columns."),
            sheet=sheet,
            file=file,
            most=MOST_COLUMNS,
        )


def _warn_of_formulas(found: Sheet, formulas: set[str]) -> None:
    """A formula that was never calculated has no value; it must not pass for an empty cell."""
    known = {cell.address for row in found.rows for cell in row.cells} if formulas else set()
    lost = sorted(formulas - known)
    if lost:
        found.notes.append(
            Sentence(
                _("Formula without a value in %(cells)s. Save the file anew in Excel, so that it is calculated."),
                cells=", ".join(lost[:10]),
            )
        )


def _hidden_notes(sheets: list[Sheet]) -> list[Any]:
    hidden = [sheet.name for sheet in sheets if sheet.hidden and sheet.rows]
    return [Sentence(_("The sheet «%(sheet)s» is hidden in the file."), sheet=name) for name in hidden]


# --- csv ---------------------------------------------------------------------------------------------


def _csv(content: bytes, name: str) -> Workbook:
    text, encoding = _decoded(content, name)
    separator = _separator(text)
    csv.field_size_limit(LONGEST_CELL * 4)
    sheet = Sheet(name.rpartition(".")[0] or name)
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if number == 1 and _names_its_separator(text):
                continue
            kept = [value if value != "" else None for value in values]
            if len(values) > MOST_COLUMNS:
                raise Refused(_("«%(file)s» has more than %(most)s columns."), file=name, most=MOST_COLUMNS)
            if any(value is not None for value in kept):
                sheet.rows.append(_row(number, kept, sheet.name, name))
            if len(sheet.rows) > MOST_ROWS:
                raise _too_many_rows(sheet.name, name)
    except csv.Error as damaged:
        raise Refused(_("«%(file)s» is no list that can be read: %(why)s."), file=name, why=str(damaged)) from damaged
    _warn_of_letters(sheet)
    notes: list[Any] = [] if encoding != "cp1252" else [_("The file is not UTF-8; it was read as Windows-1252.")]
    return Workbook([sheet], notes)


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise Refused(_("«%(file)s» has letters that can't be read. Save it as «CSV UTF-8» in Excel."), file=name)


def _names_its_separator(text: str) -> bool:
    """«sep=;» as the first line, the way Excel itself is told."""
    return text[:4].lower() == "sep=" and text[4:5] in tuple(";\t,") and text[5:6] in ("\r", "\n")


def _separator(text: str) -> str:
    """The sign that the first line names, else the one that stands most often, outside quotes, in the first lines."""
    if _names_its_separator(text):
        return text[4]
    start = "\n".join(text.splitlines()[:20])
    outside = "".join(part for place, part in enumerate(start.split('"')) if place % 2 == 0)
    return max(";\t,", key=lambda sign: (outside.count(sign), ";\t,".index(sign) == 0))


# --- both --------------------------------------------------------------------------------------------


def _row(number: int, values: Sequence[Any], sheet: str, file: str) -> Row:
    kept = values[:MOST_COLUMNS]
    return Row(number, tuple(_value(value, place, number, sheet, file) for place, value in enumerate(kept, start=1)))


def _value(value: Any, place: int, number: int, sheet: str, file: str) -> Any:
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise Refused(
                _("Cell %(cell)s in «%(sheet)s» in «%(file)s» holds more than %(most)s characters. Shorten it."),
                cell=f"{letters(place)}{number}",
                sheet=sheet,
                file=file,
                most=LONGEST_CELL,
            )
        return value if value.isprintable() else CONTROL.sub("", LINE_BREAKS.sub("\n", value))
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # a number that no database holds: the check tells which cell it stands in
    return value


def _warn_of_letters(found: Sheet) -> None:
    """«Ã¸» for «ø»: the damage is in the file, and only a person knows what stood there."""
    damaged = [
        f"{letters(place)}{row.number}"
        for row in found.rows
        for place, value in enumerate(row.values, start=1)
        if isinstance(value, str) and not value.isascii() and DAMAGED.search(value)
    ]
    if damaged:
        found.notes.append(
            Sentence(
                _(
                    "The letters in %(cells)s are damaged, like «Ã¸» for «ø». Fetch the file once more from where it "
                    "came, or correct them; they are read as they stand."
                ),
                cells=", ".join(damaged[:10]) + (" …" if len(damaged) > 10 else ""),
            )
        )


def _too_many_rows(sheet: str, file: str) -> Refused:
    return Refused(
        _("The sheet «%(sheet)s» in «%(file)s» has more than %(most)s rows. Split it and upload the parts one by one."),
        sheet=sheet,
        file=file,
        most=20_000,
    )
