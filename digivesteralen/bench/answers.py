"""Thousands of answers to a survey of sixty columns: read, checked, looked over and written."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from openpyxl import Workbook

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import World
from surveys.actions import imports
from surveys.actions.surveys import define_survey
from surveys.models import Survey

ANSWERS, QUICK, COLUMNS = 5_000, 50, 60
IN, WITHIN = 60, 300  # seconds, MiB
START = datetime(2025, 3, 3, 8, 0)  # noqa: DTZ001 -- a form writes times without a zone
FIXED = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn", "Hvilken kommune?"]
AREAS = ["Drift", "Innkjøp; felles", "Kompetanse", "Metodikk", "Arkiv"]
STEPS = ["1 - Helt uenig", "2 - Uenig", "3 - Både og", "4 - Enig", "5 - Helt enig"]


def measure(world: World, *, quick: bool) -> list[Row]:
    count = QUICK if quick else ANSWERS
    survey = define_survey(collaboration=world.collaboration, title=f"Måling {count}", example=True)
    content = _sheet(world, count)
    forget_the_peak()
    took = timed(lambda: _all_the_way(world, survey, content))
    memory = peak()
    if survey.responses.count() != count:
        raise RuntimeError("The import did not write what the sheet holds.")
    good = None if quick else took < IN and memory < WITHIN * MIB
    target = f"< {IN} s, < {WITHIN} MiB"
    return [Row(f"import of {count} answers × {COLUMNS} columns", took, memory=memory, target=target, good=good)]


def _all_the_way(world: World, survey: Survey, content: bytes) -> None:
    job = imports.keep(
        kind="survey", content=content, file_name="svar.xlsx", collaboration=world.collaboration,
        subject=str(survey.pk), by=world.secretary,
    )  # fmt: skip
    job = imports.check_now(imports.read_now(job))
    imports.apply(job=job, by=None)


def _sheet(world: World, count: int) -> bytes:
    """A question of each kind in turn, until the columns are full."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Svar")
    asked = COLUMNS - len(FIXED)
    sheet.append([*FIXED, *(f"Spørsmål {place} om samarbeidet?" for place in range(1, asked + 1))])
    for number in range(1, count + 1):
        started = START + timedelta(minutes=number)
        place = world.municipalities[number % len(world.municipalities)].number
        fixed = [number, started, started + timedelta(minutes=4), "anonymous", None, place]
        sheet.append([*fixed, *(_said(number, column) for column in range(asked))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _said(number: int, column: int) -> str | int:
    match column % 5:
        case 0:
            return STEPS[(number + column) % 5]
        case 1:
            return "".join(f"{area};" for place, area in enumerate(AREAS) if (number + place) % (column % 3 + 2) == 0)
        case 2:
            return ["Ja", "Nei", "Vet ikke"][(number * column) % 3]
        case 3:
            return (number * column) % 400 + 11
    return f"Svar nummer {number} i egne ord, om det som står i kolonne {column}"
