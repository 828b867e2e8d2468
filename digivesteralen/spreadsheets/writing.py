"""Writes .xlsx that can be trusted: typed cells, no formulas, nothing capped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets import xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML can't hold: a workbook with one of these would not open.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass
class SheetSpec:
    """One sheet: its name, its header and its rows of plain values."""

    title: Any
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Sequence[SheetSpec]) -> bytes:
    """All sheets in one file; a text that begins with = or + stays a text."""
    taken: set[str] = set()
    return xlsx.package([xlsx.Sheet(_name(str(spec.title), taken), _rows(spec)) for spec in sheets])


def response(content: Any, *, file_name: str) -> HttpResponse:
    """A download: of sheets, or of a table as it is filtered and sorted, whole."""
    sheets = content if isinstance(content, list | tuple) else [_of_table(content)]
    answer = HttpResponse(workbook(sheets), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, file_name)
    return answer


def _of_table(table: Any) -> SheetSpec:
    header, *rows = list(table.as_values())
    caption = getattr(table, "caption", None) or getattr(getattr(table, "_meta", None), "caption", None)
    return SheetSpec(caption or _("List"), header, rows)


def _rows(spec: SheetSpec) -> Iterator[list[Any]]:
    yield [_plain(value) for value in spec.header]
    for row in spec.rows:
        yield [_plain(value) for value in row]


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
