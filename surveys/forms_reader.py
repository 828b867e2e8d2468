"""Recognising an export from Microsoft Forms, or a table like it: which row is the header, which column is what.

Headers are known in English and the Scandinavian languages; where they are not, the shape tells
(number, time, time, e-mail or «anonymous», text). What a column holds is only proposed; a person confirms it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.reading import Refused, Sheet, Workbook
from surveys.import_kinds import plain
from surveys.models.questionnaires import tidy

# Fixed columns of a form, by the words that programs write over them.
META: dict[str, tuple[str, ...]] = {
    "id": ("ID", "Svar-ID", "Response ID"),
    "started": (
        "Start time", "Starttidspunkt", "Starttid", "Begyndelsestidspunkt", "Hora de inicio", "Tidspunkt for start",
    ),
    "completed": (
        "Completion time", "Fullføringstidspunkt", "Fullføringstid", "Slutförandetid", "Fuldførelsestidspunkt",
        "Sluttidspunkt", "Hora de finalización", "Timestamp", "Tidsmerke", "Tidsstempel", "Tidsstämpel",
    ),
    "email": ("Email", "E-mail", "E-postadresse", "E-post", "Epost", "Mail", "Correo electrónico"),
    "name": ("Name", "Navn", "Namn", "Namn1", "Nombre"),
    "ignore": (
        "Last modified time", "Tidspunkt for siste endring", "Sist endret", "Senast ändrad", "Language", "Språk",
        "Total points", "Quiz feedback", "Totalt antall poeng", "Tilbakemelding på quiz",
    ),
}  # fmt: skip
_META_WORDS = {plain(word): name for name, words in META.items() for word in words}
_QUIZ = re.compile(r"^(points|feedback|poeng|tilbakemelding)\s+[-–]\s+", re.IGNORECASE)
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
_SCALE = re.compile(r"^(\d{1,2})\s*(?:[-–:.)]\s*\D.*)?$")
_META_COLUMNS = 8
_HEADER_WITHIN = 20
KINDS = ("single", "multiple", "scale", "number", "text")


@dataclass(frozen=True)
class FormColumn:
    letter: str
    title: str
    field: str


@dataclass
class FormTable:
    """What was found: the sheet, its columns and its rows as (number, values by letter)."""

    sheet: str
    columns: list[FormColumn]
    rows: list[tuple[int, dict[str, Any]]]
    is_form: bool
    notes: list[str] = field(default_factory=list)


def recognise(book: Workbook) -> FormTable:
    """The table of answers in the workbook; refused with the cure when there is none."""
    sheets = [(sheet, _rows(sheet)) for sheet in book.sheets if not sheet.hidden]
    filled = [(sheet, rows) for sheet, rows in sheets if rows]
    if not filled:
        raise Refused(_("The file is empty. Export the answers from the form once more."))
    for sheet, rows in filled:
        for index, (_number, cells) in enumerate(rows[:_HEADER_WITHIN]):
            if _looks_like_header(cells):
                return _table(sheet.name, rows[index:], is_form=True)
    for sheet, rows in filled:
        if _shaped(rows[0][1]):
            raise Refused(
                _("The first row of «%(sheet)s» holds an answer, not the questions. Export the file once more, "
                  "with the questions in the first row.") % {"sheet": sheet.name}
            )  # fmt: skip
        if len(rows) > 1 and _shaped(rows[1][1]):
            return _table(sheet.name, rows, is_form=True, by_shape=True)
    sheet, rows = filled[0]
    start = next((index for index, (_n, cells) in enumerate(rows) if len(cells) > 1), 0)
    found = _table(sheet.name, rows[start:], is_form=False)
    found.notes.append(_("This does not look like an export from Microsoft Forms. Look closely at the columns."))
    return found


def _rows(sheet: Sheet) -> list[tuple[int, dict[str, Any]]]:
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


def meta_of(title: str) -> str:
    return _META_WORDS.get(plain(title), "")


def _looks_like_header(cells: dict[str, Any]) -> bool:
    names = [meta_of(str(value)) for value in list(cells.values())[:_META_COLUMNS] if isinstance(value, str)]
    return len({name for name in names if name and name != "ignore"}) >= 3


def _shaped(cells: dict[str, Any]) -> bool:
    """Four of the five first cells are what a form writes there."""
    values = [cells.get(letter) for letter in "ABCDE"]
    fits = [
        isinstance(values[0], int | float) and not isinstance(values[0], bool),
        isinstance(values[1], datetime),
        isinstance(values[2], datetime),
        isinstance(values[3], str) and ("@" in values[3] or values[3].strip().lower() in ("anonymous", "anonym")),
        values[4] is None or isinstance(values[4], str),
    ]
    return sum(fits) >= 4 and fits[1]


def _table(sheet: str, rows: list[tuple[int, dict[str, Any]]], *, is_form: bool, by_shape: bool = False) -> FormTable:
    header, body = rows[0][1], rows[1:]
    if not body:
        raise Refused(_("The sheet «%(sheet)s» has a header but no answers.") % {"sheet": sheet})
    letters = sorted({letter for _number, cells in rows for letter in cells}, key=lambda one: (len(one), one))
    titles = _numbered([(letter, tidy(str(header.get(letter, "")))) for letter in letters])
    columns: list[FormColumn] = []
    for place, (letter, title) in enumerate(titles):
        values = [cells[letter] for _number, cells in body if letter in cells]
        taken = {column.field for column in columns}
        if by_shape and place < 5:
            name = ("id", "started", "completed", "email", "name")[place]
        else:
            name = field_of(title, values, place=place, taken=taken)
        columns.append(FormColumn(letter, title, name))
    if not any(column.field in KINDS or column.field == "role" for column in columns):
        raise Refused(
            _("No questions were found in «%(sheet)s»: there are only the fixed columns %(columns)s. Export the file "
              "once more, with all questions.") % {"sheet": sheet, "columns": ", ".join(title for _l, title in titles)}
        )  # fmt: skip
    return FormTable(sheet, columns, body, is_form)


def _numbered(titles: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Equal titles get a number, as Forms gives them; a column without title is named after its letter."""
    seen: Counter[str] = Counter()
    found = []
    for letter, title in titles:
        title = title or _("Column %(letter)s") % {"letter": letter}
        seen[plain(title)] += 1
        count = seen[plain(title)]
        found.append((letter, title if count == 1 else f"{title}{count}"))
    return found


def field_of(title: str, values: Sequence[Any], *, place: int, taken: set[str]) -> str:
    """What a column most likely is: a fixed column, the municipality, the people, or a kind of question."""
    name = meta_of(title)
    if name and place < _META_COLUMNS and (name == "ignore" or name not in taken):
        return name
    if _QUIZ.match(title):
        return "ignore"
    for wanted, pattern in (("municipality", _MUNICIPALITY), ("people", _PEOPLE), ("role", _ROLE)):
        if wanted not in taken and pattern.search(title) and not (wanted == "role" and kind_of(values) == "multiple"):
            return wanted
    return kind_of(values)


def kind_of(values: Sequence[Any]) -> str:
    """What kind of question gave these answers."""
    texts = [tidy(str(value)) for value in values]
    if not texts:
        return "text"
    if any(text.endswith(";") for text in texts):
        return "multiple"
    if all(scale_of(text) is not None for text in texts) and any(not text.isdigit() for text in texts):
        return "scale"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        whole = all(float(value).is_integer() and 0 <= float(value) <= 10 for value in values)
        return "scale" if whole and len(values) > 1 else "number"
    different = len(set(texts))
    if max(len(text) for text in texts) <= 120 and different <= len(texts) * 0.6:
        return "single"
    return "text"


def scale_of(text: str) -> int | None:
    """The number in front: «4 – Enig» is 4."""
    found = _SCALE.match(tidy(text))
    return int(found.group(1)) if found else None


def moment(value: Any) -> datetime | None:
    """A time as it stands in the file, without a zone. Slashes are refused: day and month cannot be told apart."""
    if _blank(value):
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- as it stands in the file
    text = re.sub(r"\s*(kl\.?|,)\s*", " ", tidy(str(value)), flags=re.IGNORECASE)
    for pattern in (
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
        "%d.%m.%Y %H.%M.%S", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M", "%d.%m.%Y",
    ):  # fmt: skip
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 -- as it stands in the file
        except ValueError:
            continue
    raise ValueError(_("Write the time like 06.09.2025 15:37."))


def split_choices(cell: str, known: Sequence[str]) -> list[str]:
    """The choices in a cell «A;B;»; a known choice that itself holds «;» is found first, the longest before others."""
    parts = [tidy(part) for part in cell.split(";")]
    while parts and not parts[-1]:
        parts.pop()
    wanted = {plain_choice(one): tidy(one) for one in known}
    longest = max((one.count(";") for one in known), default=0) + 1
    found: list[str] = []
    start = 0
    while start < len(parts):
        for size in range(min(longest, len(parts) - start), 0, -1):
            joined = ";".join(parts[start : start + size])
            if size == 1 or plain_choice(joined) in wanted:
                break
        text = wanted.get(plain_choice(joined), joined)
        if text and text not in found:
            found.append(text)
        start += size
    return found


def plain_choice(text: str) -> str:
    """One spelling of a choice for many."""
    return re.sub(r"\s*;\s*", ";", unicodedata.normalize("NFKC", tidy(text))).casefold().rstrip(" .:*;")
