"""Digital maturity in two waves, one of them open: the neutral model, and made-up answers of the six municipalities."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from surveys.actions import answering, maturity
from surveys.models import MaturityModel, Response, ResponseDraft, Survey

# Made up: how high each municipality stands, by dimension, two years ago and now. None has not answered.
THEN = {
    "1871": (2, 2, 2, 1, 3, 2), "1867": (2, 3, 2, 2, 2, 2), "1866": (3, 3, 3, 2, 3, 3),
    "1851": (1, 2, 2, 1, 2, 3), "1870": (4, 3, 4, 3, 4, 3), "1868": (2, 2, 3, 2, 3, 2),
}  # fmt: skip
NOW: dict[str, tuple[int, ...] | None] = {
    "1871": (3, 3, 2, 2, 3, 3), "1867": (3, 3, 3, 2, 3, 3), "1866": (4, 3, 3, 3, 4, 4),
    "1851": None, "1870": None, "1868": (3, 3, 3, 3, 3, 3),
}  # fmt: skip
PEOPLE = {"1871": 4, "1867": 3, "1866": 6, "1851": 2, "1870": 8, "1868": 5}
# How a single statement stands beside its dimension, in turn.
TURNS = (0, 1, 0, -1, 0)
LAST_WAVE, THIS_WAVE, OPEN_FOR = -700, -9, 21
LASTED = 20


def load(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    model = maturity.begin_with_template(collaboration=collaboration, example=True, by=by)
    earlier = _wave(cast, model, "Digital modenhet, første måling", by)
    for number, steps in THEN.items():
        _answer(cast, earlier, number, steps)
    _was_answered_then(cast, earlier)
    now = _wave(cast, model, "Digital modenhet, andre måling", by)
    for number, known in NOW.items():
        if known:
            _answer(cast, now, number, known)
    _begin(cast, now, "1870", THEN["1870"])


def _wave(cast: Cast, model: MaturityModel, title: str, by: Any) -> Survey:
    return maturity.make_survey(
        model=model,
        title=title,
        purpose="Eksempel: svarene er oppdiktet. Kommunene svarer hver for seg, og flere kan stå bak ett svar.",
        opens_on=cast.past(THIS_WAVE),
        closes_on=cast.today + timedelta(days=OPEN_FOR),
        example=True,
        by=by,
    )


def _said(survey: Survey, steps: tuple[int, ...]) -> dict[str, str]:
    """One choice for each statement, about where the dimension stands; a statement turned round is answered so."""
    said = {}
    asked = list(survey.questions.exclude(dimension=None).prefetch_related("options"))
    sides = list(dict.fromkeys(question.dimension_id for question in asked))
    for place, question in enumerate(asked):
        step = steps[sides.index(question.dimension_id)] + TURNS[place % len(TURNS)]
        step = min(max(6 - step if question.reversed else step, 1), 5)
        said[str(question.pk)] = str(next(one.pk for one in question.options.all() if one.score == step))
    return said


def _begin(cast: Cast, survey: Survey, number: str, steps: tuple[int, ...]) -> None:
    """A draft that somebody has begun on, and not handed in."""
    said = dict(list(_said(survey, steps).items())[:5])
    answering.keep(survey=survey, municipality=cast.municipality(number), said=said, by=cast.director_of(number))


def _answer(cast: Cast, survey: Survey, number: str, steps: tuple[int, ...]) -> None:
    place, director = cast.municipality(number), cast.director_of(number)
    answering.keep(survey=survey, municipality=place, said=_said(survey, steps), by=director)
    answering.hand_in(survey=survey, municipality=place, people=PEOPLE[number], by=director)


def _was_answered_then(cast: Cast, survey: Survey) -> None:
    """A wave can be answered only while it is open: the first one is laid back to where it belongs."""
    opened = cast.past(LAST_WAVE)
    closed = opened + timedelta(days=LASTED)
    moment = timezone.now() - (cast.today - closed)
    Response.objects.filter(survey=survey).update(completed=moment, modified=None)
    ResponseDraft.objects.filter(survey=survey).update(updated_at=moment)
    Survey.objects.filter(pk=survey.pk).update(opens_on=opened, closes_on=closed)
