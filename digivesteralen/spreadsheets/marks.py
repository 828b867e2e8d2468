"""What a workbook says beside the values of its cells: what is hidden, merged, filtered, reckoned or commented on."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets.guard import Sentence

CHUNK = 1 << 20
# A mark may stand across two pieces of the file; none is longer than this.
OVERLAP = 4096
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\bhidden=\"(?:1|true)\"[^<>]*>")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^<>]*?\bhidden=\"(?:1|true)\"[^<>]*>")
_FIRST, _LAST = re.compile(rb"\bmin=\"(\d+)\""), re.compile(rb"\bmax=\"(\d+)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=\"([A-Z]+\d+)\"[^<>]*>\s*<(?:\w+:)?f\b")
_FILTERED = re.compile(rb"<(?:\w+:)?filterColumn\b|\bfilterMode=\"(?:1|true)\"")
NAMED = 10


@dataclass
class Marks:
    """Of one sheet: remarks for its reader, and where formulas stand."""

    notes: list[Any] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)


def of_workbook(content: bytes) -> tuple[list[Any], dict[str, Marks]]:
    """Remarks to the whole file, and what is marked in each sheet by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        notes = [sentence for sentence, part in _ABOUT if any(part.search(name) for name in names)]
        sheets = {title: _of_sheet(archive, part, names) for title, part in _sheets(archive, names)}
    return notes, sheets


_ABOUT = [
    (_("Comments on cells are not read."), re.compile(r"^xl/(threadedC|c)omments")),
    (
        _("The file has links to other files. They are not followed: the values are those that were saved last."),
        re.compile(r"^xl/externalLinks/"),
    ),
    (_("The file has sheets with nothing but a chart. They are left out."), re.compile(r"^xl/chartsheets/")),
]


def _sheets(archive: zipfile.ZipFile, names: list[str]) -> Iterator[tuple[str, str]]:
    """The title of each sheet, and the part of the file that it is."""
    targets = {one.get("Id"): one.get("Target", "") for one in _parsed(archive, "xl/_rels/workbook.xml.rels")}
    for one in _parsed(archive, "xl/workbook.xml").iter():
        if one.tag.endswith("}sheet"):
            related = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            target = targets.get(related) or ""
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if part in names:
                yield one.get("name", ""), part


def _parsed(archive: zipfile.ZipFile, part: str) -> Element:
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 -- slow import

    found: Element = fromstring(archive.read(part))
    return found


def _of_sheet(archive: zipfile.ZipFile, part: str, names: list[str]) -> Marks:
    rows: set[int] = set()
    columns: dict[int, int] = {}
    merged: dict[str, None] = {}
    formulas: set[str] = set()
    filtered = _FILTERED.search(b"".join(archive.read(name) for name in _tables_of(archive, part, names))) is not None
    for piece in _pieces(archive, part):
        rows.update(int(number[1]) for row in _HIDDEN_ROW.findall(piece) if (number := _ROW_NUMBER.search(row)))
        for column in _HIDDEN_COLUMN.findall(piece):
            if (first := _FIRST.search(column)) and (last := _LAST.search(column)):
                columns[int(first[1])] = int(last[1])
        merged.update(dict.fromkeys(match.decode() for match in _MERGED.findall(piece)))
        formulas.update(address.decode() for address in _FORMULA.findall(piece))
        filtered = filtered or _FILTERED.search(piece) is not None
    return Marks([*_said(rows, columns, list(merged), filtered=filtered)], formulas)


def _said(rows: set[int], columns: dict[int, int], merged: list[str], *, filtered: bool) -> Iterator[Any]:
    if filtered:
        yield _("The sheet was saved with a filter on. The rows that the filter hides are read too.")
    elif rows:
        yield Sentence(_("Hidden rows are read too: %(rows)s."), rows=_listed([str(row) for row in sorted(rows)]))
    if columns:
        spans = [
            column_name(first) if first == last else f"{column_name(first)}–{column_name(last)}"
            for first, last in sorted(columns.items())
        ]
        yield Sentence(_("Hidden columns are read too: %(columns)s."), columns=_listed(spans))
    if merged:
        yield Sentence(
            _("Cells are merged: %(cells)s. Only the first of them has the value; the others are empty."),
            cells=_listed(merged),
        )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _tables_of(archive: zipfile.ZipFile, part: str, names: list[str]) -> list[str]:
    """The parts with the tables of a sheet: their filters stand there."""
    folder, file = posixpath.split(part)
    relations = f"{folder}/_rels/{file}.rels"
    if relations not in names:
        return []
    found = [one.get("Target", "") for one in _parsed(archive, relations) if one.get("Type", "").endswith("/table")]
    paths = [one.lstrip("/") if one.startswith("/") else posixpath.normpath(f"{folder}/{one}") for one in found]
    return [path for path in paths if path in names]


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield tail + chunk
            tail = chunk[-OVERLAP:]


def column_name(place: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while place > 0:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
