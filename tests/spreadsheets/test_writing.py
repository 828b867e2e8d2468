"""What we write is data: no formula, no lost type, whatever the cells hold."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
import openpyxl
import pytest

from digivesteralen.spreadsheets import reading, writing
from digivesteralen.spreadsheets.writing import SheetSpec

DANGEROUS = ["=1+1", "==1+1", "+1", "-1", "@SUM(1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]


def sheet(header: list[Any], *rows: list[Any]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(writing.workbook([SheetSpec("Ark", header, rows)]))).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text: str) -> None:
    written = sheet([text], [text])
    for address in ("A1", "A2"):
        assert written[address].data_type == "s"
        assert written[address].value.replace("_x000D_", "\r") == text


def test_types_survive() -> None:
    row = [12, Decimal("12500.50"), date(2026, 12, 31), None, "", "Bø"]
    written = sheet([str(number) for number in range(6)], row)
    assert [cell.value for cell in written[2]] == [12, 12500.5, datetime(2026, 12, 31), None, None, "Bø"]  # noqa: DTZ001
    assert [cell.data_type for cell in written[2][:3]] == ["n", "n", "d"]


def test_moments_are_those_of_the_clock_on_the_wall() -> None:
    written = sheet(["Når"], [datetime(2026, 7, 1, 22, 30, tzinfo=UTC)])
    assert written["A2"].value == datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001 -- Excel knows no time zones


def test_control_characters_break_no_file() -> None:
    assert sheet(["a"], ["x\x00\x0b\x1fy"])["A2"].value == "xy"


def test_the_header_stays_in_sight() -> None:
    written = sheet(["Kommune", "System"], ["Bø", "Elements"])
    assert written.freeze_panes == "A2"
    assert written.auto_filter.ref == "A1:B2"
    assert written["A1"].font.bold


def test_sheet_names_that_excel_refuses() -> None:
    specs = [SheetSpec("Økonomi: 2026/2027 [utkast] for hele samarbeidet", ["a"], []) for _ in range(2)]
    names = openpyxl.load_workbook(io.BytesIO(writing.workbook(specs))).sheetnames
    assert len({name.lower() for name in names}) == 2
    assert all(len(name) <= 31 for name in names)


def test_what_we_write_we_read() -> None:
    content = writing.workbook([SheetSpec("Systemer", ["Kommune"], [["Sortland"], ["=Bø"]])])
    rows = reading.read(content, filename="a.xlsx").sheets[0].rows
    assert [cell.value for row in rows for cell in row.cells] == ["Kommune", "Sortland", "=Bø"]


def test_the_same_content_is_the_same_file() -> None:
    specs = [SheetSpec("A", ["a"], [[1]])]
    assert writing.workbook(specs) == writing.workbook(specs)


def test_a_table_is_written_whole_and_as_a_download() -> None:
    class Systems(django_tables2.Table):
        name = django_tables2.Column(verbose_name="System")
        price = django_tables2.Column(verbose_name="Pris")

    answer = writing.response(Systems([{"name": "=x", "price": Decimal("3.50")}]), file_name="systemer i Bø.xlsx")
    written = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in written.rows] == [["System", "Pris"], ["=x", 3.5]]
    assert "filename*=utf-8''systemer%20i%20B%C3%B8.xlsx" in answer["Content-Disposition"]
