"""All counts of a group of answers, in as many queries for one question as for a hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, QuerySet, Sum

from surveys.models import Answer, Response

Size = tuple[int, int]


class Counts:
    """Answers and people for each choice, step and day, and what was said in words."""

    def __init__(self, group: QuerySet[Response]) -> None:
        answers = Answer.objects.filter(response__in=group).order_by()
        sizes = {"answers": Count("response", distinct=True), "people": Sum("response__people")}
        self.options = _by(answers.exclude(option=None).values("option").annotate(**sizes), "option")
        self.steps: dict[int, dict[Decimal, Size]] = _each(
            answers.exclude(number=None).values("question", "number").annotate(**sizes), "number"
        )
        self.days: dict[int, dict[date, Size]] = _each(
            answers.exclude(day=None).values("question", "day").annotate(**sizes), "day"
        )
        self.means = dict(
            answers.exclude(number=None).values("question").annotate(mean=Avg("number")).values_list("question", "mean")
        )
        self.questions = _people_once(answers)
        self.texts: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for question, text, review in answers.exclude(text="").values_list("question", "text", "review"):
            self.texts[question].append((text, review))


def _by(rows: Iterable[Any], name: str) -> dict[int, Size]:
    return {row[name]: (row["answers"], row["people"]) for row in rows}


def _each(rows: Iterable[Any], name: str) -> dict[int, dict[Any, Size]]:
    found: dict[int, dict[Any, Size]] = defaultdict(dict)
    for row in rows:
        found[row["question"]][row[name]] = (row["answers"], row["people"])
    return found


def _people_once(answers: QuerySet[Answer]) -> dict[int, tuple[int, int]]:
    """Who answered each question: a response with three choices is one answer, and its people count once."""
    once = answers.order_by("question_id", "response_id").distinct("question_id", "response_id").values("pk")
    rows = Answer.objects.filter(pk__in=once).order_by().values("question")
    return {
        row["question"]: (row["answers"], row["people"])
        for row in rows.annotate(answers=Count("pk"), people=Sum("response__people"))
    }
