"""The inside of an .xlsx file, written row by row: a tenth of the time and memory of a library keeping every cell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The file is the same for the same content.
MOMENT = (2000, 1, 1, 0, 0, 0)
FIRST_DAY = date(1899, 12, 30)
# Excel knows no day before this one, and takes the year it begins in for a leap year.
FIRST_KNOWN = date(1900, 3, 1)
WIDEST, NARROWEST = 60, 8
# A column is as wide as what stands in the first of its rows.
MEASURED = 1000
CHUNK = 500
# Numbers of the formats in STYLES.
PLAIN, BOLD, WRAPPED, BOLD_WRAPPED, DAY, MOMENT_OF_DAY, WHOLE, DECIMALS = range(8)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    "</fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        f' applyFont="1" applyAlignment="1"><alignment vertical="top"{wrap}/></xf>'
        for number, font, wrap in [
            (0, 0, ""), (0, 1, ""), (0, 0, ' wrapText="1"'), (0, 1, ' wrapText="1"'), (164, 0, ""), (165, 0, ""),
            (3, 0, ""), (4, 0, ""),
        ]
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)  # fmt: skip
# A text that looks like the way Excel writes a control character is kept as the text it is.
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
TO_ESCAPE = re.compile(r"[&<>\r]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True)
class Sheet:
    """A name, and rows of plain values of which the first is the header."""

    name: str
    rows: Iterable[Sequence[Any]]


def package(sheets: Sequence[Sheet]) -> bytes:
    """All sheets in one file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        # Sheets first: what stands in the workbook about their filters follows from their length.
        filtered = [_write(packed, f"xl/worksheets/sheet{n}.xml", sheet.rows) for n, sheet in enumerate(sheets, 1)]
        for name, content in _around([sheet.name for sheet in sheets], filtered):
            packed.writestr(_entry(name), content)
    return out.getvalue()


def _write(packed: zipfile.ZipFile, name: str, rows: Iterable[Sequence[Any]]) -> str:
    """One sheet, with its header frozen and filtered; answers with the range that the filter covers."""
    every = iter(rows)
    first = list(islice(every, MEASURED))
    columns = max((len(row) for row in first), default=0)
    letters = [_letters(place) for place in range(1, columns + 1)]
    count = 0
    with packed.open(_entry(name), "w") as part:
        part.write(_opening(first, columns).encode())
        for chunk in _chunks(chain(first, every)):
            part.write("".join(_row(count + n, row, letters) for n, row in enumerate(chunk, 1)).encode())
            count += len(chunk)
        covered = f"A1:{letters[-1]}{count}" if letters else ""
        filtering = f'<autoFilter ref="{covered}"/>' if covered else ""
        part.write(f"</sheetData>{filtering}</worksheet>".encode())
    return covered


def _chunks(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _opening(rows: Sequence[Sequence[Any]], columns: int) -> str:
    widths = [NARROWEST] * columns
    for row in rows:
        for place, value in enumerate(row):
            if value is not None:
                widths[place] = max(widths[place], min(_breadth(value) + 2, WIDEST))
    cols = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{cols}</cols>" if cols else ""}<sheetData>'
    )


def _breadth(value: Any) -> int:
    if isinstance(value, Decimal):
        return len(f"{value:,.2f}")
    return 10 if type(value) is date else len(str(value))


def _row(number: int, row: Sequence[Any], letters: Sequence[str]) -> str:
    head = number == 1
    cells = "".join(
        _cell(f"{letter}{number}", value, head=head)
        for letter, value in zip(letters, row, strict=False)
        if value is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(address: str, value: Any, *, head: bool) -> str:
    if isinstance(value, str):
        wraps = len(value) > WIDEST
        style = (BOLD_WRAPPED if wraps else BOLD) if head else WRAPPED if wraps else PLAIN
        text = _escaped(value) if TO_ESCAPE.search(value) else value
        return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, date):
        return _day(address, value)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f'<c r="{address}" s="{WHOLE if whole else DECIMALS}"><v>{_number(value, whole=whole)}</v></c>'
    whole = isinstance(value, int) or value.is_integer()
    return f'<c r="{address}" s="{PLAIN}"><v>{int(value) if whole else repr(value)}</v></c>'


def _number(value: Decimal, *, whole: bool) -> str:
    return str(int(value)) if whole else f"{value:f}"


def _day(address: str, value: date) -> str:
    moment = value if isinstance(value, datetime) else None
    day = moment.date() if moment else value
    if day < FIRST_KNOWN:
        return _cell(address, day.strftime("%d.%m.%Y"), head=False)
    serial = (day - FIRST_DAY).days
    if moment is None:
        return f'<c r="{address}" s="{DAY}"><v>{serial}</v></c>'
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f'<c r="{address}" s="{MOMENT_OF_DAY}"><v>{serial + seconds / 86400!r}</v></c>'


def _escaped(text: str) -> str:
    return escape(LOOKS_ESCAPED.sub("_x005F_", text), {"\r": "&#13;"})


def _letters(place: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _around(names: Sequence[str], filtered: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts that say what the sheets are."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{_attribute(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    ranges = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">'
        f"{escape(_quoted(name))}!{_fixed(covered)}</definedName>"
        for n, (name, covered) in enumerate(zip(names, filtered, strict=True))
        if covered
    )
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>'
        f"{f'<definedNames>{ranges}</definedNames>' if ranges else ''}</workbook>",
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId{len(names) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}{styles}</Relationships>',
    )
    yield "xl/styles.xml", STYLES
    yield (
        "_rels/.rels",
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPES}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>{parts}'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _fixed(covered: str) -> str:
    """A1:C9 → $A$1:$C$9."""
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", covered)
