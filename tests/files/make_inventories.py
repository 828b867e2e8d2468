"""Makes the two inventories of this folder, such as a stranger makes them in Excel (run it as a script).

The long one has a guidance sheet first, title rows, other words in the headers, days as days and as text. The wide one
has one column for each municipality, a merged area, a row of sums, and two systems in one cell.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

HERE = Path(__file__).parent
MADE = datetime(2026, 1, 1, 12, 0, 0)  # noqa: DTZ001 -- a workbook's stamp has no zone

# ruff: noqa: E501 -- one line of the sheet is one line here
LONG: list[list[Any]] = [
    ["Tjeneste", "Fagområde", "Fagsystem", "Leverandør", "Avtale utløper", "Versjon", "Driftes av", "Pris", "Kommentar"],
    ["Fellesadministrasjon og støtte", "Sak/arkiv", "ACOS WebSak", "Acos AS", date(2027, 6, 30), "9.2", "leverandør", "kr 300 000,-", ""],
    ["Fellesadministrasjon og støtte", "Økonomi/regnskap", "Visma Enterprise", "Visma", "31.12.2027", "", "IT-samarbeid", 512000.5, ""],
    ["Fellesadministrasjon og støtte", "Lønn/HR", "Visma Enterprise", "Visma", "løpende", "", "IT-samarbeid", "", ""],
    ["Oppvekst", "Barnehage/kulturskole", "Vigilo  ", "Vigilo", "vet ikke", "", "leverandør", "", "ny fra 2023"],
    ["Oppvekst", "Skoleadministrasjon", "ingen", "", "", "", "", "", ""],
    ["Helse og omsorg", "EPJ pleie og omsorg", "Gerica", "Tietoevry", "2028-01-31", "", "egen kommune", "", ""],
]  # fmt: skip

WIDE: list[list[Any]] = [
    ["Fagområde", "Andøy kommune", "Bø", "Hadsel", "Lødingen", "1870 Sortland", "Øksnes"],
    ["Sak/arkiv", "ACOS WebSak", "Elements", "Elements", None, "Elements / Public 360°", "Public 360°"],
    ["Økonomi/regnskap", "Visma Enterprise", "Visma Enterprise", "Visma Enterprise", "Visma Enterprise", "Unit4", "Visma Enterprise"],
    ["Barnehage/kulturskole", "Vigilo", "Vigilo", "ingen", "Vigilo", "Vigilo", "Vigilo"],
    ["Skoleadministrasjon", "Visma InSchool", "Vigilo", "samme som Andøy", "IST", "Visma Flyt Skole", "Vigilo og IST"],
    ["Sum", 4, 4, 4, 3, 4, 4],
]  # fmt: skip


def long(path: Path) -> None:
    book = Workbook()
    guide = book.active
    guide.title = "Les dette først"
    guide.append(["Fyll ut arket «Systemer» og send det tilbake."])
    sheet = book.create_sheet("Systemer")
    sheet.append(["Systemoversikt 2026"])
    sheet.append([])
    for row in LONG:
        sheet.append(row)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    _save(book, path)


def wide(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Oversikt"
    sheet.append(["Systemer i Vesterålen"])
    for row in WIDE:
        sheet.append(row)
    _save(book, path)


def _save(book: Workbook, path: Path) -> None:
    book.properties.created = book.properties.modified = MADE
    book.save(path)


if __name__ == "__main__":
    long(HERE / "inventory-long.xlsx")
    wide(HERE / "inventory-wide.xlsx")
