"""What lies around in spreadsheets is read as it is; what would harm is refused with a sentence."""

import io
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl.chart import BarChart

from digivesteralen.spreadsheets import reading
from digivesteralen.spreadsheets.reading import Refused
from tests.spreadsheets import hostile


def cells(content: bytes, filename: str = "liste.xlsx", sheet: int = 0) -> dict[str, Any]:
    rows = reading.read(content, filename=filename).sheets[sheet].rows
    return {cell.address: cell.value for row in rows for cell in row.cells}


def refusal(content: bytes, filename: str = "liste.xlsx") -> str:
    with pytest.raises(Refused) as refused, translation.override("en"):
        reading.read(content, filename=filename)
    with translation.override("en"):
        return refused.value.sentence


def test_every_cell_keeps_its_address_and_its_type() -> None:
    def fill(sheet: Any) -> None:
        sheet["A3"] = "Systemer i bruk"
        sheet["B5"] = "Acos\xa0WebSak "
        sheet["C5"] = 12500.5
        sheet["D5"] = datetime(2026, 12, 31)  # noqa: DTZ001 -- Excel knows no time zones
        sheet["E5"] = True

    assert cells(hostile.workbook(fill)) == {
        "A3": "Systemer i bruk",
        "B5": "Acos\xa0WebSak ",
        "C5": 12500.5,
        "D5": datetime(2026, 12, 31),  # noqa: DTZ001
        "E5": True,
    }


def test_row_numbers_are_those_of_the_file() -> None:
    def fill(sheet: Any) -> None:
        sheet["A4"], sheet["B9"] = "Bø", "Sortland"

    assert [row.number for row in reading.read(hostile.workbook(fill), filename="a.xlsx").sheets[0].rows] == [4, 9]


def test_hidden_sheets_and_chart_sheets() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a"])
        sheet.parent.create_chartsheet("Diagram").add_chart(BarChart())
        hidden = sheet.parent.create_sheet("Skjult")
        hidden.append(["b"])
        hidden.sheet_state = "hidden"

    book = reading.read(hostile.workbook(fill), filename="a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Sheet", False), ("Skjult", True)]
    assert any("Skjult" in note for note in book.notes)


def test_a_formula_without_a_value_is_told() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Sum", "=SUM(B2:B9)"])

    sheet = reading.read(hostile.workbook(fill), filename="a.xlsx").sheets[0]
    assert [cell.address for cell in sheet.rows[0].cells] == ["A1"]
    assert "B1" in sheet.notes[0]


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "A1:B2"])
def test_what_the_sheet_says_of_its_size_is_not_trusted(dimension: str) -> None:
    rows = "".join(f'<row r="{n}">{hostile.text_cell(f"C{n}")}</row>' for n in range(1, 31))
    assert len(cells(hostile.sheet_of(rows, dimension=dimension))) == 30


@pytest.mark.parametrize("address", ["XFD1", "XFD20", "KP1"])
def test_too_many_columns(address: str) -> None:
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert "columns" in refusal(hostile.sheet_of(f'<row r="{number}">{hostile.text_cell(address)}</row>'))


@pytest.mark.parametrize("number", [1_048_576, 4_294_967_295])
def test_a_cell_very_far_down_is_told_and_costs_no_time(number: int) -> None:
    began = time.monotonic()
    rows = f'<row r="1">{hostile.text_cell("A1")}</row><row r="{number}">{hostile.text_cell(f"A{number}")}</row>'
    sheet = reading.read(hostile.sheet_of(rows), filename="a.xlsx").sheets[0]
    assert [row.number for row in sheet.rows] == [1]
    assert "til og med 1 er lest" in sheet.notes[0]
    assert time.monotonic() - began < 5


def test_too_many_rows() -> None:
    rows = "".join(f'<row r="{n}">{hostile.text_cell(f"A{n}")}</row>' for n in range(1, reading.MOST_ROWS + 2))
    assert "rows" in refusal(hostile.sheet_of(rows))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = hostile.bomb(120)
    began = time.monotonic()
    assert "unpacked" in refusal(content)
    assert time.monotonic() - began < 1


def test_a_bomb_that_lies_about_its_size() -> None:
    assert "«liste.xlsx»" in refusal(hostile.lying_bomb(100))


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">',
    ],
)
def test_definitions_are_refused(entity: str) -> None:
    assert "DTD" in refusal(hostile.with_dtd(entity))


def test_definitions_far_down_or_in_another_encoding_do_not_pass_either() -> None:
    far = f'<?xml version="1.0"?>{" " * 10_000}<!DOCTYPE worksheet [<!ENTITY x "y">]><worksheet/>'
    assert refusal(hostile.with_part(hostile.SHEET, far))
    wide = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE worksheet [<!ENTITY x "y">]><worksheet/>'
    assert refusal(hostile.with_part(hostile.SHEET, wide.encode("utf-16")))


@pytest.mark.parametrize(
    ("content", "filename", "word"),
    [
        (b"", "tom.xlsx", "empty"),
        (b"", "tom.csv", "empty"),
        (b"<html><table></table></html>", "liste.xlsx", "something else"),
        (b"<html><table></table></html>", "liste.csv", "not a spreadsheet"),
        (b"%PDF-1.7 ...", "liste.xlsx", "something else"),
        (b"%PDF-1.7 ...", "liste.csv", "not a spreadsheet"),
        (hostile.OLE + b"\x00" * 600, "gammel.xls", ".xls"),
        (hostile.OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "hemmelig.xlsx", "password"),
        (hostile.workbook()[:800], "halv.xlsx", "damaged"),
        (hostile.with_part("xl/vbaProject.bin", b"macro"), "makro.xlsm", "macros"),
        (hostile.with_part("xl/vbaProject.bin", b"macro"), "makro.xlsx", "macros"),
        (b"hello", "liste.txt", "not a spreadsheet"),
        (b"x" * (100 * 1024 * 1024), "stor.xlsx", "MB"),
    ],
)
def test_refused_with_its_own_sentence(content: bytes, filename: str, word: str) -> None:
    sentence = refusal(content, filename)
    assert f"«{filename}»" in sentence
    assert word in sentence


def test_a_large_file_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "stor.xlsx"
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(Refused):
        reading.read(path)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_lists_with_any_separator(separator: str) -> None:
    line = separator.join(["Kommune", '"Acos WebSak, Fokus; 2"', "Pris"])
    assert cells(f"{line}\r\n".encode(), "liste.csv") == {"A1": "Kommune", "B1": "Acos WebSak, Fokus; 2", "C1": "Pris"}


@pytest.mark.parametrize(("encoding", "notes"), [("utf-8-sig", 0), ("utf-8", 0), ("cp1252", 1)])
def test_lists_as_excel_saves_them(encoding: str, notes: int) -> None:
    book = reading.read("Bø;Øksnes;Å\n".encode(encoding), filename="liste.csv")
    assert [cell.value for cell in book.sheets[0].rows[0].cells] == ["Bø", "Øksnes", "Å"]
    assert len(book.notes) == notes


def test_an_upload_is_read_from_its_beginning() -> None:
    upload = io.BytesIO(b"Kommune;System\n")
    upload.read()
    assert reading.read(upload, filename="liste.csv").sheets[0].rows[0].cells[1].value == "System"


def test_in_a_process_of_its_own_the_same_comes_back() -> None:
    content = hostile.workbook()
    assert reading.read_guarded(content, filename="a.xlsx") == reading.read(content, filename="a.xlsx")


def test_a_refusal_from_there_is_in_the_users_language() -> None:
    with translation.override("en"), pytest.raises(Refused) as refused:
        reading.read_guarded(hostile.bomb(70), filename="bombe.xlsx")
    with translation.override("en"):
        assert refused.value.sentence.startswith("«bombe.xlsx» is too large")


def test_what_takes_too_long_there_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    with pytest.raises(Refused):
        reading.read_guarded(hostile.workbook(), filename="a.xlsx")


def test_what_takes_too_much_room_there_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    beside = tmp_path / "digivesteralen" / "spreadsheets" / "beside.py"
    beside.parent.mkdir(parents=True)
    beside.write_text(
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (200 * 2**20,) * 2)\nb'x' * 500 * 2**20\n"
    )
    monkeypatch.setattr(reading, "ROOT", tmp_path)
    with pytest.raises(Refused):
        reading.read_guarded(hostile.workbook(), filename="a.xlsx")
