"""A made-up survey put twice, from files as a form writes them, and its questions linked by a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from surveys.actions import imports, surveys, text_review, waves
from surveys.models import Answer, Survey

FIXED = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"]
ASKED = [
    "Hvilken kommune svarer du for?", "Hvor mange personer står bak svaret?", "Hva trenger dere mest hjelp til?",
    "Vi vet hvem vi skal spørre i de andre kommunene", "Hva fungerer godt i samarbeidet?",
]  # fmt: skip
REWORDED = {ASKED[3]: "Vi vet hvem vi skal spørre i de andre kommunene når noe stopper opp"}
NEEDS = ["Innkjøp", "Informasjonssikkerhet", "Opplæring", "Integrasjoner"]
STEPS = ["1 - Helt uenig", "2 - Uenig", "3 - Både og", "4 - Enig", "5 - Helt enig"]
TEXTS = ["Vi får svar raskt", "Møtene er korte og nyttige", "Vi finner ikke opp alt selv", "Lett å ringe"]
WAVES = [(400, 12, 0), (40, 15, 1)]


def load(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    """Two waves a year apart; the answers, the municipalities and the words are examples."""
    put = [_wave(cast, collaboration, days, count, later, by) for days, count, later in WAVES]
    series = waves.define_series(collaboration=collaboration, name="Samarbeidet i hverdagen", surveys=put, by=by)
    first, second = put
    pairs = zip(second.questions.all(), first.questions.all(), strict=True)
    waves.link_questions(
        series=series, earlier=first, later=second, links={now.pk: then.pk for now, then in pairs}, by=by
    )


def _wave(cast: Cast, collaboration: Collaboration, days: int, count: int, later: int, by: Any) -> Survey:
    opens = cast.past(-days)
    survey = surveys.define_survey(
        collaboration=collaboration, title=f"Samarbeidet i hverdagen {opens.year}", opens_on=opens,
        closes_on=opens + timedelta(days=14), purpose="Eksempel: hvordan samarbeidet merkes der jobben gjøres.",
        example=True, by=by,
    )  # fmt: skip
    places = [place.number for place in collaboration.members()]
    rows = _rows(datetime.combine(opens, time(9)), places[later:], count, later)
    out = io.StringIO()
    csv.writer(out).writerows([[*FIXED, *(REWORDED.get(one, one) if later else one for one in ASKED)], *rows])
    job = imports.keep(
        kind="survey", content=out.getvalue().encode(), file_name=f"Samarbeidet(1-{count}).csv",
        collaboration=collaboration, subject=str(survey.pk), by=by,
    )  # fmt: skip
    imports.apply(job=imports.check_now(imports.read_now(job)), by=by)
    for theme, kind in (("need", "multiple"), ("strength", "text")):
        survey.questions.filter(kind=kind).update(theme=theme)
    texts = Answer.objects.texts_of(survey).values_list("pk", flat=True)
    text_review.review(survey=survey, decided=dict.fromkeys(list(texts)[2:], "open"), by=by)
    return survey


def _rows(start: datetime, places: list[str], count: int, later: int) -> Iterator[list[Any]]:
    for number in range(1, count + 1):
        began = start + timedelta(hours=number * 5)
        needs = [need for place, need in enumerate(NEEDS) if (number + place) % (place + 2) == 0] or [NEEDS[0]]
        yield [
            number, f"{began:%d.%m.%Y %H:%M}", f"{began + timedelta(minutes=6):%d.%m.%Y %H:%M}", "anonymous", "",
            places[number % len(places)], number % 3 + 1 if number % 4 == 0 else "", ";".join(needs) + ";",
            STEPS[min(number % 4 + later, 4)], TEXTS[number % 4] if number % 2 else "",
        ]  # fmt: skip
