"""The single answers that a figure was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from surveys.models import Option, Question, Response, Survey


def behind(survey: Survey, asked: Mapping[str, str]) -> tuple[QuerySet[Response], str]:
    """All answers, or those that took one choice, step or day; and that in words."""
    every: QuerySet[Response] = survey.responses.all()
    if option := _option(survey, asked.get("valg", "")):
        about = _about(option.question, option.label)
        return every.filter(answers__option=option), about
    question = _question(survey, asked.get("sporsmal", ""))
    if question is None:
        return every, ""
    if (step := _decimal(asked.get("trinn", ""))) is not None:
        told = every.filter(answers__question=question, answers__number=step)
        return told, _about(question, wording.number(step))
    if day := _day(asked.get("dag", "")):
        return every.filter(answers__question=question, answers__day=day), _about(question, wording.short_day(day))
    return every, ""


def _about(question: Question, said: str) -> str:
    return _("Those who answered «%(said)s» to «%(question)s».") % {"said": said, "question": question}


def _option(survey: Survey, number: str) -> Option | None:
    options = Option.objects.filter(question__survey=survey).select_related("question")
    return options.filter(pk=number).first() if _is_number(number) else None


def _question(survey: Survey, number: str) -> Question | None:
    return survey.questions.filter(pk=number).first() if _is_number(number) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
