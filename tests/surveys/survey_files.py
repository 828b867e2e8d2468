"""Exports as survey programs write them, each with one or more of the oddities that real ones were met with.

The oddities were met in files of public repositories; every row here is made up, so that nothing of theirs is copied:
archived surveys of CodeRefinery (LimeSurvey and Indico), a school's lunch survey and a quiz from Microsoft Forms, a
Norwegian association's Google sheet, a survey of travellers with «Tak, zawsze».
Each case says what a careful person would write down from it: question, kind, and what each row answers.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl import Workbook

NB = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"]
NBSP, BOM = "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}"
LONG = "Hvordan vil du beskrive " + "hvordan kommunen arbeider med digitalisering " * 8 + "i dag?"
Said = tuple[str, str, list[str]]


@dataclass(frozen=True)
class Case:
    """A file, and what it says: «(question, kind, what each row answers)», answers of one row joined by « + »."""

    name: str
    rows: list[list[Any]]
    program: str
    said: list[Said]
    as_csv: str = ""
    encoding: str = "utf-8"
    choices: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)

    @property
    def file(self) -> tuple[str, bytes]:
        if not self.as_csv:
            return "svar.xlsx", workbook({**self.sheets, "Ark1": self.rows})
        out = io.StringIO()
        csv.writer(out, delimiter=self.as_csv).writerows(self.rows)
        return "svar.csv", out.getvalue().encode(self.encoding)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2025, 9, day, hour, minute)  # noqa: DTZ001 -- a form writes times without a zone


def forms(header: list[str], *answers: list[Any], mail: str = "anonymous", fixed: list[str] | None = None) -> Any:
    rows = [[n, at(n), at(n, 9, 5), mail, None, *said] for n, said in enumerate(answers, start=1)]
    return [[*(fixed or NB), *header], *rows]


LIME = [
    "id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "startlanguage. Start language",
    "seed. Seed", "startdate. Date started", "datestamp. Date last action", "ipaddr. IP address",
]  # fmt: skip


def lime(header: list[str], *answers: list[Any]) -> list[list[Any]]:
    rows = []
    for n, said in enumerate(answers, start=1):
        day = f"2025-09-{n:02}"
        fixed = [str(n), f"{day} 09:05:00", "3", "nb", "1234567", f"{day} 09:00:00", f"{day} 09:05:00", "192.0.2.7"]
        rows.append([*fixed, *said])
    return [[*LIME, *header], *rows]


YES_NO = ["Ja", "Nei", "Ja", "Ja"]

CASES = [
    Case(
        "Forms in Nynorsk",
        forms(
            ["Tidspunkt for siste endring", "Har de ein plan?"], *([at(20), said] for said in YES_NO),
            fixed=["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Namn"],
        ),
        "microsoft",
        [("Har de ein plan?", "single", YES_NO)],
    ),
    Case(
        "Forms in English, saved as CSV with American times",
        [
            ["Id", "Start time", "Completion time", "Email", "Name", "Do you have a plan?"],
            *([str(n), f"9/{12 + n}/25 9:00:00", f"9/{12 + n}/25 9:05:00", "anonymous", "", said]
              for n, said in enumerate(["Yes", "No", "Yes"], start=1)),
        ],
        "microsoft",
        [("Do you have a plan?", "single", ["Yes", "No", "Yes"])],
        as_csv=",",
    ),
    Case(
        "Forms in Swedish",
        forms(["Har ni en plan?"], *([said] for said in YES_NO),
              fixed=["ID", "Starttid", "Slutförandetid", "E-post", "Namn"]),
        "microsoft",
        [("Har ni en plan?", "single", YES_NO)],
    ),
    Case(
        "Forms in Danish",
        forms(["Har I en plan?"], *([said] for said in YES_NO),
              fixed=["ID", "Starttidspunkt", "Fuldførelsestidspunkt", "Mail", "Navn"]),
        "microsoft",
        [("Har I en plan?", "single", YES_NO)],
    ),
    Case(
        "Forms in Spanish",
        forms(["¿Tienen un plan?"], ["Un plan anual"], ["Ninguno por ahora"],
              fixed=["Id", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"]),
        "microsoft",
        [("¿Tienen un plan?", "text", ["Un plan anual", "Ninguno por ahora"])],
    ),
    Case(
        "Forms in a language we do not know, known by its shape",
        forms(["Mitä?"], ["Yksi"], ["Kaksi"], fixed=["Nro", "Aloitus", "Lopetus", "Sähköposti", "Nimi"]),
        "microsoft",
        [("Mitä?", "text", ["Yksi", "Kaksi"])],
    ),
    Case(
        "A quiz: points and feedback stand after each question",
        forms(
            ["Total points", "Quiz feedback", "Hva er en SSA?", "Points - Hva er en SSA?", "Feedback - Hva er en SSA?",
             "Points - eller noe annet"],
            [2, None, "En avtale", 2, "Bra", "Ingen poeng her"], [0, None, "En sang", 0, None, "Heller ikke her"],
        ),
        "microsoft",
        [("Hva er en SSA?", "text", ["En avtale", "En sang"]),
         ("Points - eller noe annet", "text", ["Ingen poeng her", "Heller ikke her"])],
    ),
    Case(
        "Titles that were the same got a number glued on",
        forms(["Hvorfor?", "Hvorfor?2"], ["Fordi det er nyttig", "Fordi vi må"]),
        "microsoft",
        [("Hvorfor?", "text", ["Fordi det er nyttig"]), ("Hvorfor?2", "text", ["Fordi vi må"])],
    ),
    Case(
        "Line breaks and no-break spaces in titles and choices",
        forms([f"Hvilke områder?\n(velg{NBSP}flere) "], [f"Drift;{NBSP}Innkjøp ;"], ["Drift;"], ["Innkjøp;"]),
        "microsoft",
        [("Hvilke områder? (velg flere)", "multiple", ["Drift + Innkjøp", "Drift", "Innkjøp"])],
    ),
    Case(
        "A choice that holds the sign between choices",
        forms(["Hvilke områder?"], ["Metodikk; brukerreiser;Drift;"], ["Drift;"], ["Metodikk; brukerreiser;"]),
        "microsoft",
        [("Hvilke områder?", "multiple", ["Metodikk; brukerreiser + Drift", "Drift", "Metodikk; brukerreiser"])],
        choices={"F": ["Metodikk; brukerreiser", "Drift"]},
    ),
    Case(
        "Words of one's own in place of a choice",
        forms(["Hvilke områder?"], *(["Drift;"] for _n in range(9)), ["Drift;Å møtes oftere;"]),
        "microsoft",
        [("Hvilke områder?", "multiple", [*["Drift"] * 9, "Drift + Other: Å møtes oftere"])],
    ),
    Case(
        "A question of more than 255 characters",
        forms([LONG], ["Fint"], ["Dårlig, men bedre enn i fjor"]),
        "microsoft",
        [(LONG, "text", ["Fint", "Dårlig, men bedre enn i fjor"])],
    ),
    Case(
        "The columns stand in another order",
        [["Hva er bra?", "Navn", "ID", "E-postadresse", "Fullføringstidspunkt", "Starttidspunkt"],
         ["Folkene her", None, 1, "anonymous", at(1, 9, 5), at(1)],
         ["Naturen her", None, 2, "anonymous", at(2, 9, 5), at(2)]],
        "microsoft",
        [("Hva er bra?", "text", ["Folkene her", "Naturen her"])],
    ),
    Case(
        "Steps of a scale in words, numbers, and «vet ikke»",
        forms(["Hvor enig?", "Karakter"], ["4 - Enig", 5], ["1 – Helt uenig", 3], ["Vet ikke", 0]),
        "microsoft",
        [("Hvor enig?", "scale", ["4.00", "1.00", ""]), ("Karakter", "scale", ["5.00", "3.00", "0.00"])],
        columns={"F": "scale"},
    ),
    Case(
        "Steps with a hidden sign before them",
        forms(["Experience"], [f"{BOM}1 (None at all)"], ["1 (None at all)"], ["3 (Some)"]),
        "microsoft",
        [("Experience", "scale", ["1.00", "1.00", "3.00"])],
    ),
    Case(
        "Days as dates and as words",
        forms(["Når ble planen vedtatt?", "Når revideres den?"],
              [datetime(2024, 5, 3), "12.12.2026"], [datetime(2023, 1, 9), "01.03.2027"]),  # noqa: DTZ001
        "microsoft",
        [("Når ble planen vedtatt?", "date", ["03.05.2024", "09.01.2023"]),
         ("Når revideres den?", "date", ["12.12.2026", "01.03.2027"])],
    ),
    Case(
        "Numbers with comma and thin blanks",
        forms(["Antall PC-er", "Andel i prosent"], [f"1{NBSP}200", "29,6"], ["45", "6"]),
        "microsoft",
        [("Antall PC-er", "number", ["1200.00", "45.00"]), ("Andel i prosent", "number", ["29.60", "6.00"])],
    ),
    Case(
        "Google in Norwegian: «kl.», decimal commas",
        [["Tidsmerke", "Hvor mange timer?", "Hva er bra?"],
         ["06.09.2025 kl. 15.37.20", "29,6", "Alt sammen"], ["07.09.2025 kl. 08.01.00", "6", "Ikke noe særlig"]],
        "google",
        [("Hvor mange timer?", "number", ["29.60", "6.00"]),
         ("Hva er bra?", "text", ["Alt sammen", "Ikke noe særlig"])],
        as_csv=",",
    ),
    Case(
        "Google joins choices with a comma, and a choice holds one",
        [["Timestamp", "Do you travel?"],
         *([f"2025-09-{n:02} 10:00:00", said]
           for n, said in enumerate(["Tak, zawsze", "Nie", "Tak, zawsze, Nie", "Nie"], start=1))],
        "google",
        [("Do you travel?", "multiple", ["Tak, zawsze", "Nie", "Nie + Tak, zawsze", "Nie"])],
        as_csv=",",
        choices={"B": ["Nie", "Tak, zawsze"]},
    ),
    Case(
        "A grid of Google: the rows are questions of one group",
        [["Tidsmerke", "Hvor enig er du? [Vi har en plan]", "Hvor enig er du? [Vi måler]", "Budsjett [kr]"],
         [at(1), "Enig", "Uenig", 100], [at(2), "Helt enig", "Enig", 250]],
        "google",
        [("Hvor enig er du? / Vi har en plan", "single", ["Enig", "Helt enig"]),
         ("Hvor enig er du? / Vi måler", "single", ["Uenig", "Enig"]),
         ("Budsjett [kr]", "number", ["100.00", "250.00"])],
    ),
    Case(
        "Google repeats titles, and the workbook holds other sheets",
        [["Timestamp", "Why?", "Why?"], [at(1), "It is useful", "We have to"], [at(2), "We like it", "We were told"]],
        "google",
        [("Why?", "text", ["It is useful", "We like it"]), ("Why?2", "text", ["We have to", "We were told"])],
        sheets={"Oversikt": [["Antall", 2], ["Snitt", 3]], "Tom": []},
    ),
    Case(
        "Google in a language we do not know, known by its times",
        [["Sygnatura", "Co?"], [at(1, 10, 1), "Tak"], [at(2, 11, 2), "Nie zawsze"]],
        "google",
        [("Co?", "text", ["Tak", "Nie zawsze"])],
    ),
    Case(
        "LimeSurvey: a column for each choice becomes one question",
        lime(
            ["G1Q1[SQ001]. Which systems? [Payroll [HR]]", "G1Q1[SQ002]. Which systems? [Archive]",
             "G1Q1[other]. Which systems? [Other]", "G1Q2._.How did it go?", "G1Q3. Your role"],
            ["Yes", "No", "", f"{BOM}Well enough", "Leader"], ["Yes", "Yes", "Maps", "Badly indeed", "Leader"],
            ["No", "No", "", "Nobody asked", "Expert"], ["N/A", "N/A", "", "No words for it", "Expert"],
        ),
        "limesurvey",
        [("Which systems?", "multiple", ["Payroll [HR]", "Payroll [HR] + Archive + Other: Maps", "", ""]),
         ("How did it go?", "text", ["Well enough", "Badly indeed", "Nobody asked", "No words for it"]),
         ("Your role", "single", ["Leader", "Leader", "Expert", "Expert"])],
        as_csv=",",
    ),
    Case(
        "LimeSurvey: an array is a group of questions",
        lime(
            ["A1[SQ001]. How often? [By phone]", "A1[SQ002]. How often? [By mail]", "G2Q9Time. Question time: A1"],
            ["Ofte", "Aldri", "12.3"], ["Aldri", "Aldri", "9.1"], ["Ofte", "Ofte", "7.7"], ["Aldri", "Ofte", "3"],
        ),
        "limesurvey",
        [("How often? / By phone", "single", ["Ofte", "Aldri", "Ofte", "Aldri"]),
         ("How often? / By mail", "single", ["Aldri", "Aldri", "Ofte", "Ofte"])],
        as_csv=";",
    ),
    Case(
        "Indico: sections before the questions, choices joined by «; »",
        [["Submitter", "Submitter Email", "Submission Date", "About you: Your field", "About you: Tools"],
         ["Kari Nordmann", "kari@eksempel.no", "2025-09-01T10:00:00+02:00", "Law", "Word; Excel"],
         ["Ola Nordmann", "ola@eksempel.no", "2025-09-02T10:00:00+02:00", "Law", "Excel"],
         ["Per Eksempel", "per@eksempel.no", "2025-09-03T10:00:00+02:00", "Arts", "Word; Excel"],
         ["Pål Eksempel", "pal@eksempel.no", "2025-09-04T10:00:00+02:00", "Arts", "Word"]],
        "indico",
        [("Your field", "single", ["Law", "Law", "Arts", "Arts"]),
         ("Tools", "multiple", ["Word + Excel", "Excel", "Word + Excel", "Word"])],
        as_csv=",",
    ),
    Case(
        "Any other table, in Windows-1252 with semicolons",
        [["Kommune", "Hva er viktigst nå?"], ["Bø", "Å få på plass én løsning"], ["Andøy", "Å være flere"]],
        "other",
        [("Hva er viktigst nå?", "text", ["Å få på plass én løsning", "Å være flere"])],
        as_csv=";",
        encoding="cp1252",
    ),
    Case(
        "Title rows above the table, and columns that a person connects",
        [["Svar fra møtet"], [], ["Sted", "Hvem", "Vurdering"], ["Bø", 3, "God"], ["Hadsel", 2, "Dårlig"]],
        "other",
        [("Vurdering", "single", ["God", "Dårlig"])],
        columns={"A": "municipality", "B": "people", "C": "single"},
    ),
    Case(
        "Only questions that ask for an address or a name",
        forms(["Din e-post", "Hva er bra?"], ["kari@eksempel.no", "Alt mulig"], ["ola@eksempel.no", "Lite, egentlig"]),
        "microsoft",
        [("Hva er bra?", "text", ["Alt mulig", "Lite, egentlig"])],
    ),
]  # fmt: skip
