"""What the tests of maturity share: a small model, waves of it, and municipalities that answer in the portal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from governance.models import Collaboration, Organisation
from surveys.actions import answering, maturity
from surveys.models import MaturityModel, Question, Response, Survey


def days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def small_model(digi: Collaboration, *, by: Any, name: str = "Modenhet", **facts: Any) -> MaturityModel:
    """Two dimensions with two statements each; one of them counts from the other end."""
    scale = {"scale_min": Decimal(1), "scale_max": Decimal(5), "lowest_label": "Nei", "highest_label": "Ja"} | facts
    model = maturity.define_model(collaboration=digi, name=name, by=by, **scale)
    maturity.define_dimension(model=model, name="Ledelse", statements=["Ledelsen følger opp.", "Mål er satt."], by=by)
    maturity.define_dimension(
        model=model, name="Data", statements=["Vi har oversikt."], reversed=["Vi taster på nytt."], by=by
    )
    return model


def wave_of(model: MaturityModel, *, by: Any, title: str = "Modenhet i år", ago: int = 1, **facts: Any) -> Survey:
    """A survey of the model that opened some days ago and is open for a week more."""
    return maturity.make_survey(
        model=model, title=title, opens_on=days(-ago), closes_on=facts.pop("closes_on", days(7)), by=by, **facts
    )


def statements_of(survey: Survey) -> list[Question]:
    return list(survey.questions.filter(dimension__isnull=False).prefetch_related("options"))


def chosen(survey: Survey, steps: Sequence[int | None]) -> dict[str, str]:
    """What stands in the form when these steps were chosen, statement by statement; None is «don't know»."""
    said = {}
    for question, step in zip(statements_of(survey), steps, strict=True):
        option = next(one for one in question.options.all() if one.score == step)
        said[str(question.pk)] = str(option.pk)
    return said


def answered(survey: Survey, place: Organisation, steps: Sequence[int | None], *, by: Any, people: int = 1) -> Response:
    answering.keep(survey=survey, municipality=place, said=chosen(survey, steps), by=by)
    return answering.hand_in(survey=survey, municipality=place, people=people, by=by)
