"""Finding the answers in an export: which sheet and row begin the table, what made it, and what each column is.

Headers are known in several languages; where they are not, the shape tells (number, time, time, e-mail or
«anonymous», text). What a column holds is only proposed; a person confirms it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.spreadsheets.reading import Refused, Sheet, Workbook
from surveys.answer_kinds import KINDS, kind_of
from surveys.import_kinds import not_read, plain
from surveys.models.questionnaires import tidy
from surveys.question_titles import Title, titles_of
from surveys.survey_words import Program, is_other, meta_of, program_of, quizzed

_MUNICIPALITY = re.compile(
    r"^(kommune|kommunenavn|kommunenummer|municipality)$"
    r"|^(for |i |fra )?(hvilken|kva|hva|velg|oppgi|din|which|your) (kommune|municipality)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"^(antall|tal|tall på|number of) (personer|people|deltakere|deltagere|respondenter)\b"
    r"|^(hvor mange|kor mange|how many)\b.*\b(personer|people|deltok|svarer|svart|står bak|on behalf|behind)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(rolle|stilling|role|position)$|^(?=.*\b(du|din|di|you|your)\b).*\b(rolle|stilling|role|position)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+")
_APOSTROPHE = re.compile(r"[A-Za-z][ëí](s|t|re|ve|ll|m|d)\b")
_NUMBERED = re.compile(r"\(1-(\d+)\)")
_META_COLUMNS = 14
_HEADER_WITHIN = 20
_ANONYMOUS = ("anonymous", "anonym", "anonyme", "anonymt", "anónimo")


@dataclass(frozen=True)
class FormColumn:
    letter: str
    title: str
    field: str


@dataclass
class FormTable:
    """What was found: the sheet, what made it, its columns and its rows as (number, values by letter)."""

    sheet: str
    columns: list[FormColumn]
    rows: list[tuple[int, dict[str, Any]]]
    program: str
    notes: list[str] = field(default_factory=list)


Rows = list[tuple[int, dict[str, Any]]]


def recognise(book: Workbook, file_name: str = "") -> FormTable:
    """The table of answers in the workbook; refused with the cure when there is none."""
    sheets = [(sheet, _rows(sheet)) for sheet in book.sheets if not sheet.hidden]
    filled = [(sheet, rows) for sheet, rows in sheets if rows]
    if not filled:
        raise Refused(_("The file is empty. Export the answers from the form once more."))
    sheet, rows, program, shaped = _best(filled)
    found = _table(sheet.name, rows, program, by_shape=shaped)
    found.notes += _remarks(found, filled, file_name)
    found.notes += [str(note) for note in sheet.notes]
    return found


def _best(filled: Sequence[tuple[Sheet, Rows]]) -> tuple[Sheet, Rows, str, bool]:
    """The sheet whose titles a program wrote, else one that has its shape, else the first with a table."""
    known = [
        (len(rows) - index, -place, sheet, rows[index:], program)
        for place, (sheet, rows) in enumerate(filled)
        for index, (_number, cells) in enumerate(rows[:_HEADER_WITHIN])
        if (program := program_of([str(value) for value in cells.values() if isinstance(value, str)]))
    ]
    if known:
        _size, _place, sheet, rows, program = max(known, key=lambda one: one[:2])
        return sheet, rows, program, False
    for sheet, rows in filled:
        if _shaped(rows[0][1]):
            raise Refused(
                _("The first row of «%(sheet)s» holds an answer, not the questions. Export the file once more, "
                  "with the questions in the first row.") % {"sheet": sheet.name}
            )  # fmt: skip
        if len(rows) > 1 and _shaped(rows[1][1]):
            return sheet, rows, Program.MICROSOFT, True
        if len(rows) > 2 and _stamped(rows):
            return sheet, rows, Program.GOOGLE, True
    sheet, rows = next(((sheet, rows) for sheet, rows in filled if len(rows) > 1), filled[0])
    start = next((index for index, (_n, cells) in enumerate(rows) if len(cells) > 1), 0)
    return sheet, rows[start:], Program.OTHER, False


def _remarks(found: FormTable, filled: Sequence[tuple[Sheet, Rows]], file_name: str) -> list[str]:
    """What a careful reader would say of the file; nothing of it is mended here."""
    said = []
    if found.program == Program.OTHER:
        said.append(_("This does not look like an export from a form. Look closely at the columns."))
    else:
        said.append(_("This looks like an export from %(program)s.") % {"program": Program(found.program).label})
    others = [sheet.name for sheet, rows in filled if sheet.name != found.sheet and len(rows) > 1]
    said += not_read(found.sheet, others)
    said += _damages(found)
    numbered = _NUMBERED.search(file_name)
    if numbered and int(numbered[1]) != len(found.rows):
        said.append(
            ngettext(
                "The name of the file says answers 1–%(last)s, and it holds %(count)s answer.",
                "The name of the file says answers 1–%(last)s, and it holds %(count)s answers.",
                len(found.rows),
            )
            % {"last": numbered[1], "count": len(found.rows)}
        )
    return said


def _damages(found: FormTable) -> list[str]:
    """What Excel on a Mac made of apostrophes: told, never repaired; other damages the reader of files tells of."""
    for number, row in found.rows:
        for letter, value in row.items():
            if isinstance(value, str) and not value.isascii() and _APOSTROPHE.search(value):
                words = _(
                    "Apostrophes have become ë or í in the file, as in %(cell)s. Use the .xlsx file from the form."
                )
                return [words % {"cell": f"{letter}{number}"}]
    return []


def _rows(sheet: Sheet) -> Rows:
    """The rows that hold something, with their cells by letter."""
    found = []
    for row in sheet.rows:
        cells = {letter_of(cell.address): cell.value for cell in row.cells if not _blank(cell.value)}
        if cells:
            found.append((row.number, cells))
    return found


def letter_of(address: str) -> str:
    return address.rstrip("0123456789")


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not tidy(value))


def _shaped(cells: dict[str, Any]) -> bool:
    """Four of the five first cells are what Microsoft Forms writes there."""
    values = [cells.get(letter) for letter in "ABCDE"]
    fits = [
        isinstance(values[0], int | float) and not isinstance(values[0], bool),
        isinstance(values[1], datetime),
        isinstance(values[2], datetime),
        isinstance(values[3], str) and ("@" in values[3] or values[3].strip().lower() in _ANONYMOUS),
        values[4] is None or isinstance(values[4], str),
    ]
    return sum(fits) >= 4 and fits[1]


def _stamped(rows: Rows) -> bool:
    """A title, and a time of day under it in every row, as Google writes its first column."""
    first = [cells.get("A") for _number, cells in rows]
    return isinstance(first[0], str) and all(
        isinstance(value, datetime) and (value.hour, value.minute, value.second) != (0, 0, 0) for value in first[1:]
    )


def _table(sheet: str, rows: Rows, program: str, *, by_shape: bool) -> FormTable:
    header, body = rows[0][1], rows[1:]
    if not body:
        raise Refused(_("The sheet «%(sheet)s» has a header but no answers.") % {"sheet": sheet})
    letters = sorted({letter for _number, cells in rows for letter in cells}, key=lambda one: (len(one), one))
    titles = _numbered([(letter, tidy(str(header.get(letter, "")))) for letter in letters])
    values = {letter: [cells[letter] for _number, cells in body if letter in cells] for letter in letters}
    proposed = fields_of(titles, values, program)
    if by_shape:
        names = ("id", "started", "completed", "email", "name") if program == Program.MICROSOFT else ("completed",)
        for letter, name in zip(letters, names, strict=False):
            proposed = {one: "" if said == name else said for one, said in proposed.items()} | {letter: name}
    columns = [FormColumn(letter, title, proposed[letter]) for letter, title in titles.items()]
    if not any(column.field in KINDS or column.field == "role" for column in columns):
        raise Refused(
            _("No questions were found in «%(sheet)s»: there are only the fixed columns %(columns)s. Export the file "
              "once more, with all questions.") % {"sheet": sheet, "columns": ", ".join(titles.values())}
        )  # fmt: skip
    return FormTable(sheet, columns, body, program)


def _numbered(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Equal titles get a number, as Forms gives them; a column without title is named after its letter."""
    seen: Counter[str] = Counter()
    found = {}
    for letter, title in titles:
        title = title or _("Column %(letter)s") % {"letter": letter}
        seen[plain(title)] += 1
        count = seen[plain(title)]
        found[letter] = title if count == 1 else f"{title}{count}"
    return found


def fields_of(headers: Mapping[str, str], values: Mapping[str, Sequence[Any]], program: str) -> dict[str, str]:
    """What each column most likely is, by its letter."""
    titles = titles_of(headers, program)
    asked = {plain(header) for header in headers.values()}
    found: dict[str, str] = {}
    for place, (letter, header) in enumerate(headers.items()):
        if quizzed(header, asked):
            found[letter] = ""
        else:
            taken = set(found.values())
            found[letter] = _field(header, titles[letter], values.get(letter, []), place, taken, program)
    boxes = {titles[letter].group for letter, name in found.items() if name == "tick"}
    return {
        letter: "tick" if titles[letter].group in boxes and is_other(headers[letter]) else name
        for letter, name in found.items()
    }


def _field(header: str, title: Title, values: Sequence[Any], place: int, taken: set[str], program: str) -> str:
    """A fixed column, the municipality, the people, or a kind of question."""
    name = meta_of(header)
    if name == "ignore" and place < _META_COLUMNS:
        return ""
    if name and (place < _META_COLUMNS or program == Program.LIMESURVEY) and (name == "private" or name not in taken):
        return name
    if values and all(isinstance(value, str) and _ADDRESS.fullmatch(tidy(value)) for value in values):
        return "private" if "email" in taken else "email"
    kind = kind_of(values, title=title.text, program=program, in_grid=bool(title.group))
    if title.group:
        return kind
    for wanted, pattern in (("municipality", _MUNICIPALITY), ("people", _PEOPLE), ("role", _ROLE)):
        if wanted not in taken and pattern.search(title.text) and not (wanted == "role" and kind == "multiple"):
            return wanted
    return kind
