"""Writes .xlsx that can be trusted: typed cells, no formulas, nothing capped."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML can't hold: a workbook with one of these would not open.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WIDEST, NARROWEST = 60, 8


@dataclass
class SheetSpec:
    """One sheet: its name, its header and its rows of plain values."""

    title: Any
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Sequence[SheetSpec]) -> bytes:
    """All sheets in one file; a text that begins with = or + stays a text."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import

    book = Workbook()
    book.remove(book.worksheets[0])
    # The file is the same for the same content.
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 -- openpyxl wants it plain
    taken: set[str] = set()
    for spec in sheets:
        _write(book.create_sheet(_name(str(spec.title), taken)), spec)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def response(content: Any, *, file_name: str) -> HttpResponse:
    """A download: of sheets, or of a table as it is filtered and sorted, whole."""
    sheets = content if isinstance(content, list | tuple) else [_of_table(content)]
    answer = HttpResponse(workbook(sheets), content_type=XLSX)
    plain = file_name.encode("ascii", "replace").decode().replace("?", "_")
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _of_table(table: Any) -> SheetSpec:
    header, *rows = list(table.as_values())
    caption = getattr(table, "caption", None) or getattr(getattr(table, "_meta", None), "caption", None)
    return SheetSpec(caption or _("List"), header, rows)


def _write(sheet: Any, spec: SheetSpec) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    widths: dict[int, int] = {}
    rows = [list(spec.header), *map(list, spec.rows)]
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            _fill(cell, _plain(value))
            if number == 1:
                cell.font = Font(bold=True)
            cell.alignment = Alignment(
                vertical="top", wrap_text=isinstance(cell.value, str) and len(cell.value) > WIDEST
            )
            widths[place] = max(widths.get(place, NARROWEST), min(len(str(cell.value or "")) + 2, WIDEST))
    for place, width in widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    if rows[0]:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"


def _fill(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        # openpyxl takes a text that begins with «=» for a formula.
        cell.data_type = "s"
    elif isinstance(value, datetime):
        cell.number_format = "dd.mm.yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd.mm.yyyy"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00" if value != value.to_integral_value() else "#,##0"


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None)
    if isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, Promise):
        value = str(value)
    return CONTROL.sub("", str(value))[:32_767]


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 characters, none of Excel's own signs, each once."""
    wanted = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "Ark"
    name, count = wanted, 1
    while name.lower() in taken:
        count += 1
        name = f"{wanted[:28]} {count}"
    taken.add(name.lower())
    return name
