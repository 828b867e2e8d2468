"""Finding an inventory in a spreadsheet that a stranger made: which sheet, where the headers are, long or wide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.reading import Refused, Row, Sheet, Workbook
from governance.models import Organisation
from surveys.import_kinds import Column, SheetRead, plain, propose
from surveys.models import ImportJob

COLUMNS = (
    Column(
        "municipality", gettext_lazy("Municipality"),
        ("kommune", "kommunenummer", "kommunenr", "komm.nr", "municipality number", "kommunenavn"),
    ),
    Column("service_area", gettext_lazy("Service area"), ("tjenesteområde", "tjeneste", "sektor", "hovedområde")),
    Column(
        "area", gettext_lazy("Area"),
        ("fagområde", "område", "funksjonsområde", "funksjon", "fagomraade", "function", "formål"), required=True,
    ),
    Column(
        "system", gettext_lazy("System"),
        ("fagsystem", "systemnavn", "produkt", "løsning", "programvare", "navn på system",
         "it kontrakt navn (påkrævet)"),
        required=True,
    ),
    Column("supplier", gettext_lazy("Supplier"), ("leverandør", "leverandørnavn", "vendor", "leverandor", "firma")),
    Column(
        "contract_end", gettext_lazy("Contract end"),
        (
            "avtaleutløp", "avtale utløper", "avtaleslutt", "utløp", "utløpsdato", "kontraktsutløp", "kontrakt utløper",
            "sluttdato", "avtale til", "gyldig til", "kontraktsslutt", "avtalens utløp", "udløbsdato",
            "contract expiry",
        ),
        required=True,
    ),
    Column("release", gettext_lazy("Version in use"), ("versjon", "version", "versjonsnummer")),
    Column("operation", gettext_lazy("Operated by"), ("driftes av", "drift", "driftsform", "driftsleverandør")),
    Column("operated_by", gettext_lazy("Name of the operator"), ("navn på driftsansvarlig", "driftsansvarlig")),
    Column(
        "annual_cost", gettext_lazy("Cost per year"),
        ("årlig kostnad", "kostnad per år", "kostnad pr år", "årskostnad", "pris", "kostnad", "årspris"),
    ),
    Column(
        "planned_replacement", gettext_lazy("Planned replacement"),
        ("planlagt utskifting", "planlagt erstatning", "planlagt bytte", "erstattes av"),
    ),
    Column("remark", gettext_lazy("Remark"), ("merknad", "kommentar", "merknader", "bemærkning", "beskrivelse")),
    Column("example", gettext_lazy("Example"), ("eksempel",)),
)  # fmt: skip

HEADER_WITHIN = 40
WIDE_FROM = 3


def columns(job: ImportJob) -> Sequence[Column]:
    """What a column can be; a file for no single municipality must name one, by row or by column."""
    if job.layout == ImportJob.Layout.WIDE:
        members = [Column(f"municipality:{place.number}", place.name) for place in job.collaboration.members()]
        return [next(column for column in COLUMNS if column.name == "area"), *members]
    if job.municipality_id:
        return COLUMNS
    return [replace(column, required=column.required or column.name == "municipality") for column in COLUMNS]


def read(job: ImportJob, book: Workbook) -> SheetRead:
    """The sheet that looks most like an inventory; told apart by its headers, never by its place or name."""
    names = names_of(Organisation.objects.municipalities().filter(pk__in=job.collaboration.members()))
    best, score = None, 0
    for sheet in book.sheets:
        for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            for found in (_long(sheet, index, row), _wide(sheet, index, row, names)):
                if found and found[0] > score:
                    score, best = found
    if best is None:
        raise Refused(_no_header(book))
    best.notes = [*(str(note) for note in book.notes), *best.notes]
    return best


def names_of(municipalities: Any) -> dict[str, Organisation]:
    """What a municipality is called in a sheet: number, name, with or without «kommune», and earlier names."""
    names: dict[str, Organisation] = {}
    for place in municipalities.prefetch_related("names"):
        said = [place.name, place.official_name, *(earlier.name for earlier in place.names.all())]
        for name in filter(None, said):
            bare = re.sub(r"\s+(kommune|herad)$", "", name.strip(), flags=re.IGNORECASE)
            for form in (bare, f"{bare} kommune", f"{place.number} {bare}", f"{bare} ({place.number})"):
                names.setdefault(plain(form), place)
        names[place.number] = place
        names[place.number.lstrip("0")] = place
    return names


def _long(sheet: Sheet, index: int, row: Row) -> tuple[int, SheetRead] | None:
    """One row for each system: at least two headers are known, one of them the area or the system."""
    headers = {letters(cell.address): text(cell.value) for cell in row.cells if text(cell.value)}
    taken: set[str] = set()
    proposed = {}
    for letter, header in headers.items():
        proposed[letter] = propose(header, COLUMNS, taken)
        taken.add(proposed[letter])
    known = taken - {""}
    if len(known) < 2 or not known & {"area", "system"}:
        return None
    return len(known) * 2, SheetRead(
        sheet=sheet.name,
        columns=[_column(letter, headers[letter], field, row) for letter, field in proposed.items()],
        rows=_rows(sheet, index, set(headers)),
        notes=[*map(str, sheet.notes)],
    )


def _wide(sheet: Sheet, index: int, row: Row, names: dict[str, Organisation]) -> tuple[int, SheetRead] | None:
    """One row for each area and one column for each municipality: at least three headers name municipalities."""
    headers = {letters(cell.address): text(cell.value) for cell in row.cells if text(cell.value)}
    places = {letter: names[plain(header)] for letter, header in headers.items() if plain(header) in names}
    if len(places) < min(WIDE_FROM, max(2, len(set(names.values())))):
        return None
    first = min(places, key=_position)
    left = [letter for letter in headers if _position(letter) < _position(first)]
    area = next((one for one in left if propose(headers[one], COLUMNS, set()) == "area"), left[-1] if left else "A")
    columns = [_column(letter, header, _wide_field(letter, area, places), row) for letter, header in headers.items()]
    if area not in headers:
        columns.insert(0, {"letter": area, "header": str(_("(no header)")), "field": "area"})
    return len(places) * 3, SheetRead(
        sheet=sheet.name,
        columns=columns,
        rows=_unpivoted(sheet, index, area, places),
        layout=ImportJob.Layout.WIDE,
        notes=[*map(str, sheet.notes)],
    )


def _wide_field(letter: str, area: str, places: dict[str, Organisation]) -> str:
    if letter in places:
        return f"municipality:{places[letter].number}"
    return "area" if letter == area else ""


def _rows(sheet: Sheet, header: int, within: set[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for row in sheet.rows[header + 1 :]:
        cells = {cell.address: stored(cell.value) for cell in row.cells if letters(cell.address) in within}
        if any(value not in (None, "") for value in cells.values()):
            yield row.number, "", cells


def _unpivoted(
    sheet: Sheet, header: int, area: str, places: dict[str, Organisation]
) -> Iterator[tuple[int, str, dict[str, Any]]]:
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


def _position(letter: str) -> int:
    number = 0
    for sign in letter:
        number = number * 26 + ord(sign) - 64
    return number


def text(value: Any) -> str:
    """A cell as one line of text."""
    return " ".join(str(value).split()) if value is not None else ""


def stored(value: Any) -> Any:
    """A cell as it can be kept in the row for ever."""
    if isinstance(value, datetime):
        whole_day = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if whole_day else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, int | float | bool | str) or value is None else str(value)
