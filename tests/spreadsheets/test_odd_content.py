"""Content that no cell should hold: refused, or kept so that the database can hold it."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from digivesteralen.spreadsheets import reading
from digivesteralen.spreadsheets.writing import SheetSpec, workbook


@pytest.mark.parametrize(
    "content",
    ["Kommune;Bø\n".encode() * 1000 + b"a\x00b;c", b"\xff\xfea", b"\xff\xfe" + "a\x00b;c".encode("utf-16-le")],
    ids=["nought far down", "half a letter", "nought in wide letters"],
)
def test_letters_that_cannot_be_read_are_refused(content: bytes) -> None:
    with pytest.raises(reading.Refused):
        reading.read(content, filename="liste.csv")


def test_a_number_beyond_all_numbers_is_read_as_what_it_says() -> None:
    book = Workbook()
    book.active.append([12345])
    saved = io.BytesIO()
    book.save(saved)
    changed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b"<v>12345</v>", b"<v>1e999</v>"))

    [row] = reading.read(changed.getvalue(), filename="tall.xlsx").sheets[0].rows

    assert row.cells[0].value == "inf"


def test_a_workbook_opens_whatever_the_text_held() -> None:
    content = workbook([SheetSpec("Ark", ["Tekst"], [["a\x0bb\ud800c\uffffd"]])])

    assert load_workbook(io.BytesIO(content)).active["A2"].value == "abcd"
