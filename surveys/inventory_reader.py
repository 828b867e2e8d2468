"""Finding an inventory in a spreadsheet that a stranger made: which sheet, where the headers are, long or wide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.reading import LETTERS, Refused, Row, Sheet, Workbook
from governance.models import Organisation
from surveys.import_kinds import SheetRead, not_read
from surveys.inventory_columns import COLUMNS, chosen, field_of
from surveys.models import ImportJob
from surveys.places import Places

HEADER_WITHIN = 40
WIDE_FROM = 3

Read = tuple[int, str, dict[str, Any]]


def read(job: ImportJob, book: Workbook) -> SheetRead:
    """The sheet that looks most like an inventory; told apart by its headers, never by its place or name."""
    places = Places(job.collaboration)
    tables = [
        found
        for sheet in book.sheets
        for index, row in enumerate(sheet.rows[:HEADER_WITHIN])
        for found in (_long(sheet, index, row), _wide(sheet, index, row, places))
        if found
    ]
    if not tables:
        raise Refused(_no_header(book))
    _score, best = max(tables, key=lambda one: one[0])
    others = dict.fromkeys(table.sheet for _score, table in tables)
    best.notes = [*(str(note) for note in book.notes), *not_read(best.sheet, others), *best.notes]
    return best


def _long(sheet: Sheet, index: int, row: Row) -> tuple[int, SheetRead] | None:
    """One row for each system: at least two headers are known, one of them the area or the system."""
    headers = _headers(row)
    taken: set[str] = set()
    proposed = {}
    for letter, header in headers.items():
        proposed[letter] = field_of(header, taken)
        taken.add(proposed[letter])
    proposed = chosen(proposed)
    known = set(proposed.values()) - {""}
    if len(known) < 2 or not known & {"area", "system"}:
        return None
    return len(known) * 2, SheetRead(
        sheet=sheet.name,
        columns=[_column(letter, headers[letter], field, row) for letter, field in proposed.items()],
        rows=_rows(sheet, index, set(headers)),
        notes=[*map(str, sheet.notes)],
    )


def _wide(sheet: Sheet, index: int, row: Row, places: Places) -> tuple[int, SheetRead] | None:
    """One row for each area and one column for each municipality: at least three headers name municipalities."""
    headers = _headers(row)
    named = {letter: place for letter, header in headers.items() if (place := places.named(header))}
    if len(named) < min(WIDE_FROM, max(2, len(places.by_pk))):
        return None
    first = min(named, key=LETTERS.index)
    left = [letter for letter in headers if LETTERS.index(letter) < LETTERS.index(first)]
    area = next((one for one in left if field_of(headers[one], set()) in ("area", "function")), "")
    area = area or (left[-1] if left else "A")
    columns = [_column(letter, header, _wide_field(letter, area, named), row) for letter, header in headers.items()]
    if area not in headers:
        columns.insert(0, {"letter": area, "header": str(_("(no header)")), "field": "area"})
    return len(named) * 3, SheetRead(
        sheet=sheet.name,
        columns=columns,
        rows=_unpivoted(sheet, index, area, list(named)),
        layout=ImportJob.Layout.WIDE,
        notes=[*map(str, sheet.notes)],
    )


def _headers(row: Row) -> dict[str, str]:
    return {letters(cell.address): said for cell in row.cells if (said := text(cell.value))}


def _wide_field(letter: str, area: str, places: dict[str, Organisation]) -> str:
    if letter in places:
        return f"municipality:{places[letter].number}"
    return "area" if letter == area else ""


def _rows(sheet: Sheet, header: int, within: set[str]) -> Iterator[Read]:
    """The cells under a header, of every row that has something in one of them."""
    wanted = [(place, letter) for place, letter in enumerate(LETTERS) if letter in within]
    for row in sheet.rows[header + 1 :]:
        number, values, width = row.number, row.values, len(row.values)
        cells = {
            f"{letter}{number}": stored(values[place])
            for place, letter in wanted
            if place < width and values[place] is not None
        }
        if any(value != "" for value in cells.values()):
            yield number, "", cells


def _unpivoted(sheet: Sheet, header: int, area: str, places: list[str]) -> Iterator[Read]:
    """Each cell under a municipality becomes a row of its own; a merged area counts for the rows under it."""
    last: tuple[str, Any] | None = None
    for row in sheet.rows[header + 1 :]:
        cells = {letters(cell.address): (cell.address, stored(cell.value)) for cell in row.cells}
        named = cells.get(area)
        if named and text(named[1]):
            last = named
        for letter in places:
            address, value = cells.get(letter, ("", None))
            if not text(value):
                continue
            yield row.number, letter, {address: value} | ({last[0]: last[1]} if last else {})


def _column(letter: str, header: str, field: str, row: Row) -> dict[str, str]:
    return {"letter": letter, "header": header, "field": field, "row": str(row.number)}


def _no_header(book: Workbook) -> str:
    needed = ", ".join(str(column.label) for column in COLUMNS if column.required)
    sheets = ", ".join(f"«{sheet.name}»" for sheet in book.sheets)
    if not any(sheet.rows for sheet in book.sheets):
        return _("The file has no rows. Choose a file with a table in it.")
    return _(
        "No table with systems was found in %(sheets)s. The sheet needs a row with the headers %(needed)s, "
        "or one column for each municipality."
    ) % {"sheets": sheets, "needed": needed}


def letters(address: str) -> str:
    return address.rstrip("0123456789")


def text(value: Any) -> str:
    """A cell as one line of text."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) if value is not None else ""


def stored(value: Any) -> Any:
    """A cell as it can be kept in the row for ever."""
    if type(value) is str:
        return value
    if isinstance(value, datetime):
        whole_day = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if whole_day else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, int | float | bool) or value is None else str(value)
