"""Makes the exports that the tests import, as Microsoft Forms writes them: ``python tests/files/make_forms.py``.

All names, addresses and answers are made up.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

HERE = Path(__file__).parent
START = datetime(2021, 5, 18, 9, 0)  # noqa: DTZ001 -- a form writes times without a zone
NO_BREAK = "\N{NO-BREAK SPACE}"

WHICH_AREAS = "Hva er de viktigste områdene å samarbeide om?"
AREAS = [
    "Kompetanseutvikling",
    "Felles anskaffelser av systemer",
    "Felles metodikk; brukerreiser og tjenestedesign",
    "IKT-drift: samarbeid om vaktordning og overvåking i alle seks kommunene, også om natten og i helgene",
]
PLACES = ["Sortland", "Øksnes kommune", "1866", "Bø i Vesterålen", f"Andøy{NO_BREAK}", "Lødingen kommune"]


def norwegian(answers: int = 20) -> list[list[Any]]:
    """Twelve or more answers that name their municipality and how many took part."""
    header = [
        "ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn", "Tidspunkt for siste endring",
        f"Hvilken kommune svarer{NO_BREAK}du for? ", "Hvor mange personer står bak svaret?",
        "Hvilken rolle har du?", WHICH_AREAS + "\n(velg flere)",
        "I hvor stor grad har kommunen mål for digitalisering?", "Hva mener du kommunen er god på?",
        "Hva mener du kommunen er god på?2",
    ]  # fmt: skip
    rows: list[list[Any]] = [header]
    for number in range(1, answers + 1):
        started = START + timedelta(hours=number)
        chosen = [area for place, area in enumerate(AREAS) if (number + place) % (place + 2) == 0] or [AREAS[0]]
        if number == 5:
            chosen.append("Å møtes oftere")
        rows.append(
            [
                number,
                started,
                started + timedelta(minutes=8),
                "anonymous",
                None,
                None,
                PLACES[number % 6],
                3 if number % 4 == 0 else None,
                "Kommunedirektør" if number % 5 == 0 else "IT-leder" if number % 5 == 1 else "Fagleder",
                ";".join(chosen) + ";",
                f"{number % 5 + 1} - {['Svært liten', 'Liten', 'Noe', 'Stor', 'Svært stor'][number % 5]} grad",
                f"Vi prøver nye ting. Svar {number}." if number % 3 == 0 else None,
                f"Ildsjeler, for eksempel i avdeling {number}" if number % 7 == 0 else None,
            ]
        )
    return rows


def english(answers: int = 15) -> list[list[Any]]:
    """Answers without a question about the municipality: some addresses tell it, most do not."""
    header = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Which systems should we buy together?",
        "Comments",
    ]
    mails = ["kari@sortland.kommune.no", "ola@oksnes.kommune.no", "it@boe.kommune.no", "anonymous", "per@firma.example"]
    choices = ["Sak/arkiv", "Lønn", "Oppvekst"]
    rows: list[list[Any]] = [header]
    for number in range(1, answers + 1):
        started = START + timedelta(days=1, hours=number)
        chosen = [choice for place, choice in enumerate(choices) if (number + place) % 2]
        rows.append(
            [
                number,
                started,
                started + timedelta(minutes=3),
                mails[number % 5],
                "Kari Nordmann" if number % 5 == 0 else "Anonymous",
                ";".join(chosen) + ";",
                None,
            ]
        )
    return rows


def save(rows: list[list[Any]], path: Path) -> None:
    """One sheet with a table, as Forms makes it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(row)
    sheet.add_table(Table(displayName="Table1", ref=f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"))
    for name in ("created", "modified"):
        setattr(book.properties, name, datetime(2021, 6, 30))  # noqa: DTZ001 -- a stamp has no zone
    book.save(path)


if __name__ == "__main__":
    save(norwegian(), HERE / "forms-norsk.xlsx")
    save(english(), HERE / "forms-engelsk.xlsx")
