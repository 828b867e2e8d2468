"""What spreadsheets do to those who read them (surveys.md 9): each trap a file of its own, read right or refused.

Everything that concerns the file, its sheets, its headers as cells, and the cells; what a header or a value *means* is
for the kinds of import.
"""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from digivesteralen.spreadsheets import reading, values
from digivesteralen.spreadsheets.reading import Refused
from tests.spreadsheets import hostile

DAY, MORNING = datetime.fromisoformat("2027-12-31"), datetime.fromisoformat("2027-12-31T08:30")
HEAD = ["Kommune", "System", "Utløp"]
ROW = ["Bø", "Acos WebSak", "31.12.2027"]
PLAIN = {"A1": "Kommune", "B1": "System", "C1": "Utløp", "A2": "Bø", "B2": "Acos WebSak", "C2": "31.12.2027"}


def made(fill: Callable[[Any], None] = lambda sheet: None) -> bytes:
    """The plain list, and whatever is done to it."""

    def all_of_it(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(ROW)
        fill(sheet)

    return hostile.workbook(all_of_it)


def listed(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def read(content: bytes, name: str) -> reading.Workbook:
    with translation.override("en"):
        return reading.read(content, filename=name)


def cells(book: reading.Workbook, sheet: int = 0) -> dict[str, Any]:
    return {cell.address: cell.value for row in book.sheets[sheet].rows for cell in row.cells}


def notes(book: reading.Workbook) -> str:
    return " ".join([*book.notes, *(note for sheet in book.sheets for note in sheet.notes)])


# --- refused, each with what to do ---------------------------------------------------------------------

SAVE_AS = "Excel workbook (.xlsx)"
REFUSED: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("1 a page of the web named .xlsx", lambda: b"<html><table/></html>", "liste.xlsx", SAVE_AS),
    ("1 a page of the web named .csv", lambda: b"<!DOCTYPE html><p>", "liste.csv", SAVE_AS),
    ("1 a list named .xlsx", lambda: listed("a;b", "c;d"), "liste.xlsx", SAVE_AS),
    ("1 a PDF", lambda: b"%PDF-1.7", "liste.pdf", SAVE_AS),
    ("1 a PDF named .csv", lambda: b"%PDF-1.7", "liste.csv", SAVE_AS),
    ("1 a picture named .xlsx", lambda: b"\x89PNG\r\n\x1a\n", "liste.xlsx", SAVE_AS),
    ("1 a Word file named .xlsx", lambda: zipped(word__document_dot_xml=b"<w/>"), "liste.xlsx", SAVE_AS),
    ("1 an old .xls", lambda: hostile.OLE + b"\x00" * 600, "gammel.xls", SAVE_AS),
    ("1 an old .xls named .xlsx", lambda: hostile.OLE + b"\x00" * 600, "gammel.xlsx", SAVE_AS),
    ("1 an .ods", lambda: zipped(mimetype=b"application/vnd.oasis", content_dot_xml=b"<o/>"), "liste.ods", SAVE_AS),
    ("1 an .xlsb", lambda: zipped(xl__workbook_dot_bin=b"x"), "liste.xlsb", SAVE_AS),
    ("1 a .numbers", lambda: zipped(Index__Document_dot_iwa=b"x"), "liste.numbers", "Numbers"),
    ("2 a password", lambda: hostile.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "l.xlsx", "password"),
    ("3 a bomb by its size", lambda: hostile.bomb(70), "bombe.xlsx", "too large when unpacked"),
    ("3 a bomb by its ratio", lambda: hostile.bomb(30), "bombe.xlsx", "too large when unpacked"),
    ("3 a bomb that lies", lambda: hostile.lying_bomb(90), "bombe.xlsx", "«bombe.xlsx»"),
    ("3 a thousand parts", lambda: zipped(xl__workbook_dot_xml=b"<w/>", **{f"p{n}": b"" for n in range(1001)}),
     "mange.xlsx", "far too many parts"),
    ("4 an entity that reads a file", lambda: hostile.with_dtd('<!ENTITY x SYSTEM "file:///etc/passwd">'),
     "liste.xlsx", "Save it anew"),
    ("4 entities that multiply", lambda: hostile.with_dtd('<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;">'), "liste.xlsx",
     "Save it anew"),
    ("5 macros named .xlsm", lambda: hostile.with_part("xl/vbaProject.bin", b"m", of=made()), "liste.xlsm", "macros"),
    ("5 macros named .xlsx", lambda: hostile.with_part("xl/vbaProject.bin", b"m", of=made()), "liste.xlsx", "macros"),
    ("7 nothing at all", lambda: b"", "tom.xlsx", "is empty"),
    ("7 half a file", lambda: made()[:900], "halv.xlsx", "save it anew"),
    ("9 a hundred megabytes", lambda: b"x" * 100 * 1024 * 1024, "stor.csv", "split it"),
    ("9 more rows than we take", lambda: listed(*(str(n) for n in range(reading.MOST_ROWS + 2))), "lang.csv",
     "Split it"),
    ("9 more columns than we take", lambda: listed(";".join(["x"] * 301)), "bred.csv", "more than 300 columns"),
    ("9 a cell longer than Excel takes", lambda: listed("Navn;Merknad", f"a;{'x' * 32_768}"), "lang.csv", "Cell B2"),
    ("9 more sheets than we take", lambda: made(lambda one: [one.parent.create_sheet() for _n in range(50)]),
     "ark.xlsx", "more than 50 sheets"),
    ("31 letters that are none", lambda: b"Kommune;\x00\x00System", "liste.csv", SAVE_AS),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "word"), [pytest.param(*one[1:], id=one[0]) for one in REFUSED])
def test_refused_with_the_name_of_the_file_and_the_cure(make: Callable[[], bytes], name: str, word: str) -> None:
    content = make()
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        read(content, name)
    with translation.override("en"):
        sentence = refused.value.sentence

    assert f"«{name}»" in sentence
    assert word in sentence
    assert time.monotonic() - began < 5


# --- read as a careful person reads --------------------------------------------------------------------


def _external_links() -> bytes:
    return hostile.with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>", of=made())


def _rich_text() -> bytes:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>Acos </t></r><r><rPr><b/></rPr><t>WebSak</t></r></is></c></row>'
    )
    return hostile.sheet_of(rows)


def _never_reckoned() -> bytes:
    return made(lambda sheet: sheet.append(["Sum", "=COUNTA(B2:B2)"]))


def _went_wrong() -> bytes:
    rows = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    return hostile.sheet_of(rows)


def _reckoned() -> bytes:
    return hostile.sheet_of('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')


def _since_1904() -> bytes:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = DAY
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guide_first(sheet: Any) -> None:
    guide = sheet.parent.create_sheet("Les dette", 0)
    guide.append(["Slik fyller du ut"])
    sheet.parent.active = 0


def _hide(sheet: Any) -> None:
    sheet.append(["Øksnes", "Elements", None])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True


def _merge(sheet: Any) -> None:
    sheet["A3"] = "Andøy"
    sheet.merge_cells("A3:A4")
    sheet["B4"] = "Visma"


def _filter(sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:C2"
    sheet.auto_filter.add_filter_column(0, ["Bø"])


def _filtered_table(sheet: Any) -> None:
    table = Table(displayName="Systemer", ref="A1:C2")
    sheet.add_table(table)
    table._initialise_columns()
    table.autoFilter.add_filter_column(0, ["Bø"])


def _comment(sheet: Any) -> None:
    sheet["B2"].comment = Comment("Utgår i 2028", "noen")


def _link(sheet: Any) -> None:
    sheet["B2"].hyperlink = "https://example.org/"


def _hidden_sheet(sheet: Any) -> None:
    sheet.parent.create_sheet("Skjult").append(["gjemt"])
    sheet.parent["Skjult"].sheet_state = "veryHidden"


def _empty_rows() -> bytes:
    rows = "".join(f'<row r="{n}">{hostile.text_cell(f"A{n}")}</row>' for n in (1, 2))
    rows += "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(3, 50_003))
    return hostile.sheet_of(rows)


def _of_size(dimension: str) -> Callable[[], bytes]:
    rows = f'<row r="1">{hostile.text_cell("A1", "a")}</row><row r="2">{hostile.text_cell("C2", "b")}</row>'
    return lambda: hostile.sheet_of(rows, dimension=dimension)


SAID = listed("Kommune;System;Utløp", "Bø;Acos WebSak;31.12.2027")
READ: list[tuple[str, Callable[[], bytes], str, dict[str, Any], str]] = [
    ("a workbook without any trap", made, "liste.xlsx", PLAIN, ""),
    ("1 a workbook named .csv is read as what it is", made, "liste.csv", PLAIN, ""),
    ("1 capitals in the name", made, "LISTE.XLSX", PLAIN, ""),
    ("6 links to other files", _external_links, "liste.xlsx", PLAIN, "links to other files"),
    ("7 a header alone", lambda: listed("Kommune;System"), "tom.csv", {"A1": "Kommune", "B1": "System"}, ""),
    ("10 the guide stands first and is open", lambda: made(_guide_first), "liste.xlsx", {"A1": "Slik fyller du ut"},
     ""),
    ("11 a hidden sheet", lambda: made(_hidden_sheet), "liste.xlsx", PLAIN, "«Skjult» is hidden"),
    ("11 a hidden row and column", lambda: made(_hide), "liste.xlsx", PLAIN | {"A3": "Øksnes", "B3": "Elements"},
     "Hidden rows are read too: 2. Hidden columns are read too: B."),
    ("12 a sheet with nothing but a chart",
     lambda: made(lambda one: one.parent.create_chartsheet("Diagram").add_chart(BarChart())), "liste.xlsx", PLAIN,
     "nothing but a chart"),
    ("13 a dimension that is too small", _of_size("A1"), "liste.xlsx", {"A1": "a", "C2": "b"}, ""),
    ("13 a dimension that is huge", _of_size("A1:XFD1048576"), "liste.xlsx", {"A1": "a", "C2": "b"}, ""),
    ("14 lines of title above", lambda: hostile.workbook(lambda one: [one.append(r) for r in (["Systemer"], [], HEAD)]),
     "liste.xlsx", {"A1": "Systemer", "A3": "Kommune", "B3": "System", "C3": "Utløp"}, ""),
    ("15 merged cells", lambda: made(_merge), "liste.xlsx", PLAIN | {"A3": "Andøy", "B4": "Visma"}, "merged: A3:A4"),
    ("16 fifty thousand empty rows", _empty_rows, "liste.xlsx", {"A1": "x", "A2": "x"}, ""),
    ("17 a row of sums is a row", lambda: made(lambda one: one.append(["Sum", 1])), "liste.xlsx",
     PLAIN | {"A3": "Sum", "B3": 1}, ""),
    ("18 saved with a filter on", lambda: made(_filter), "liste.xlsx", PLAIN, "filter on"),
    ("18 a table saved with a filter on", lambda: made(_filtered_table), "liste.xlsx", PLAIN, "filter on"),
    ("19 two headers of the same", lambda: listed("Navn;Navn", "a;b"), "l.csv",
     {"A1": "Navn", "B1": "Navn", "A2": "a", "B2": "b"}, ""),
    ("20 a column without a header", lambda: listed("Navn;;Pris", "a;b;3"), "l.csv",
     {"A1": "Navn", "C1": "Pris", "A2": "a", "B2": "b", "C2": "3"}, ""),
    ("21 a byte order mark", lambda: b"\xef\xbb\xbf" + SAID, "l.csv", PLAIN, ""),
    ("21 a line break in a header", lambda: b'"Navn p\xc3\xa5\nsystem";Pris', "l.csv",
     {"A1": "Navn på\nsystem", "B1": "Pris"}, ""),
    ("27 a question of four hundred letters", lambda: listed("x" * 400), "l.csv", {"A1": "x" * 400}, ""),
    ("29 days as days and moments", lambda: hostile.workbook(lambda one: one.append([MORNING])),
     "l.xlsx", {"A1": MORNING}, ""),
    ("29 days counted from 1904", _since_1904, "l.xlsx", {"A1": DAY}, ""),
    ("31 noughts in front in a text", lambda: hostile.workbook(lambda one: one.append(["0301", "00123"])), "l.xlsx",
     {"A1": "0301", "B1": "00123"}, ""),
    ("31 noughts in front in a list", lambda: listed("0301;00123"), "l.csv", {"A1": "0301", "B1": "00123"}, ""),
    ("32 a share as Excel keeps it", lambda: hostile.workbook(lambda one: one.append([0.45])), "l.xlsx",
     {"A1": 0.45}, ""),
    ("33 a formula that was never reckoned", _never_reckoned, "l.xlsx", PLAIN | {"A3": "Sum"},
     "Formula without a value in B3"),
    ("33 a formula with its value", _reckoned, "l.xlsx", {"A1": 2}, ""),
    ("33 a formula that went wrong", _went_wrong, "l.xlsx", {"A1": "#DIV/0!", "B1": "#N/A"}, ""),
    ("34 texts that look like formulas", lambda: listed("=1+1;+47 99;-2;@x"), "l.csv",
     {"A1": "=1+1", "B1": "+47 99", "C1": "-2", "D1": "@x"}, ""),
    ("35 separators in an answer", lambda: listed('"a;b;";"c, d"'), "l.csv", {"A1": "a;b;", "B1": "c, d"}, ""),
    ("37 damaged letters", lambda: listed("Kommune", "BÃ¸ â€“ Ã˜ksnes"), "l.csv",
     {"A1": "Kommune", "A2": "BÃ¸ â€“ Ã˜ksnes"}, "letters in A2 are damaged"),
    ("39 rich text", _rich_text, "l.xlsx", {"A1": "Acos WebSak"}, ""),
    ("39 a link keeps its text", lambda: made(_link), "l.xlsx", PLAIN, ""),
    ("39 a comment", lambda: made(_comment), "l.xlsx", PLAIN, "Comments on cells are not read"),
    ("a list with semicolons", lambda: SAID, "l.csv", PLAIN, ""),
    ("a list with commas", lambda: SAID.replace(b";", b","), "l.csv", PLAIN, ""),
    ("a list with tabs", lambda: SAID.replace(b";", b"\t"), "l.csv", PLAIN, ""),
    ("a list that names its separator", lambda: b"sep=,\r\n" + SAID.replace(b";", b","), "l.csv",
     {f"{a[0]}{int(a[1]) + 1}": value for a, value in PLAIN.items()}, ""),
    ("a list in Windows-1252", lambda: SAID.decode().encode("cp1252"), "l.csv", PLAIN, "Windows-1252"),
    ("a list in UTF-16", lambda: SAID.decode().encode("utf-16"), "l.csv", PLAIN, ""),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "expected", "told"), [pytest.param(*one[1:], id=one[0]) for one in READ])
def test_read_as_it_stands_and_told_what_one_should_know(
    make: Callable[[], bytes], name: str, expected: dict[str, Any], told: str
) -> None:
    book = read(make(), name)

    assert cells(book) == expected
    assert told in notes(book)
    if not told:
        assert notes(book) == ""


def test_there_are_files_enough() -> None:
    assert len(REFUSED) + len(READ) >= 40


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("Navn\xa0på\u202fsystem ", "Navn på system"),
        ("\ufeffNavn", "Navn"),
        ("Bø", "Bø"),
        ("A\u030andøy", "Åndøy"),
        ("Web\u200bSak\u00ad", "WebSak"),
        ("  to   linjer\nher ", "to linjer her"),
        (1867.0, "1867"),
        (None, ""),
    ],
)
def test_38_what_cannot_be_seen_is_not_there(value: Any, plain: str) -> None:
    assert values.text(value) == plain


@pytest.mark.parametrize(
    ("parse", "value", "meant"),
    [
        (values.date, 46387, date(2026, 12, 31)),
        (values.date, "46387", date(2026, 12, 31)),
        (values.date, "Q4 2026", date(2026, 12, 31)),
        (values.date, "2026", date(2026, 12, 31)),
        (values.date, "31. 12.26", date(2026, 12, 31)),
        (values.number, "12\xa0500,50", Decimal("12500.50")),
        (values.number, "1.250,5", Decimal("1250.5")),
        (values.money, "kr 300.000,-", Decimal(300000)),
        (values.municipality_number, 301, "0301"),
        (values.municipality_number, "1867 ", "1867"),
        (values.yes_no, "x", True),
        (values.yes_no, " NEI.", False),
        (values.yes_no, "Vet ikke", None),
        (values.yes_no, "", values.EMPTY),
    ],
)
def test_28_to_32_what_people_write_means_what_they_meant(parse: Any, value: Any, meant: Any) -> None:
    assert parse(value) == meant


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        (values.date, "03/04/2026"),
        (values.date, "31.02.2026"),
        (values.date, "snart"),
        (values.number, "45 %"),
        (values.number, "ca 250 000"),
        (values.number, "1e999"),
        (values.yes_no, "kanskje"),
        (values.municipality_number, "18670"),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_in_none(parse: Any, value: str) -> None:
    with pytest.raises(ValueError, match=r"«.+»"):
        parse(value)


# --- whatever the bytes --------------------------------------------------------------------------------

SEED = hostile.workbook(lambda sheet: sheet.append(["Kommune", 1, DAY, True]))


def answers(content: bytes, name: str) -> None:
    """A workbook or a refusal; anything else is a fault of ours."""
    try:
        assert isinstance(reading.read(content, filename=name), reading.Workbook)
    except Refused as refused:
        assert refused.sentence


@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n", hostile.OLE]))
def test_any_bytes_are_a_workbook_or_refused(content: bytes, start: bytes) -> None:
    for name in ("a.csv", "a.xlsx"):
        answers(start + content, name)


@given(content=st.text(max_size=300), separator=st.sampled_from(";,\t"))
def test_any_text_is_a_list_or_refused(content: str, separator: str) -> None:
    answers(f"a{separator}b\n{content}".encode("utf-8", "surrogatepass"), "a.csv")


@given(place=st.floats(0, 1), change=st.binary(min_size=1, max_size=8))
def test_a_workbook_with_some_bytes_changed_is_a_workbook_or_refused(place: float, change: bytes) -> None:
    at = int(place * (len(SEED) - len(change)))
    answers(SEED[:at] + change + SEED[at + len(change) :], "a.xlsx")


@given(part=st.sampled_from(zipfile.ZipFile(io.BytesIO(SEED)).namelist()), content=st.binary(max_size=200))
def test_a_workbook_with_a_strange_part_is_a_workbook_or_refused(part: str, content: bytes) -> None:
    answers(hostile.with_part(part, content, of=SEED), "a.xlsx")
