"""The results of a survey as they are read: statements of one grid side by side, and what the questions are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from digivesteralen.ui.charts.palette import SERIES
from surveys.models import Question
from surveys.results import QuestionResult


@dataclass(frozen=True)
class Grid:
    """Statements that were asked together on one scale, each a bar of its own (S6)."""

    name: str
    results: list[QuestionResult]

    @property
    def steps(self) -> list[str]:
        return [row.label for row in max((one.rows for one in self.results), key=len)]

    @property
    def id(self) -> str:
        return f"gruppe-{self.results[0].question.pk}"

    @property
    def chart(self) -> charts.Chart:
        rows = [(f"{one.title} ({one.n})", self._counts(one)) for one in self.results]
        colors = list(zip(self.steps, SERIES, strict=False))
        return charts.stacked_bars(self.name, rows, colors, label=_("Statement"), id=self.id)

    @property
    def numbers(self) -> dict[str, Any]:
        """Each statement with its counts, and both sizes behind them."""
        head = [_("Statement"), *self.steps, _("Answers"), _("People"), _("Mean")]
        rows = [
            [
                one.title,
                *(wording.number(count) for count in self._counts(one)),
                wording.number(one.answers),
                wording.number(one.people),
                one.mean_words if one.mean is not None else "–",
            ]
            for one in self.results
        ]
        return {"head": head, "rows": rows}

    def _counts(self, one: QuestionResult) -> list[int | None]:
        counts = {row.label: row.answers for row in one.rows}
        return [counts.get(step, 0) for step in self.steps]


def blocks(found: Sequence[QuestionResult]) -> Iterator[Grid | QuestionResult]:
    """Each question by itself, but for those of one grid that offer the same steps."""
    for name, group in groupby(found, key=lambda one: one.question.group):
        members = list(group)
        if name and len(members) > 1 and _alike(members):
            yield Grid(name, members)
        else:
            yield from members


def _alike(members: Sequence[QuestionResult]) -> bool:
    """On one scale, with no more steps than there are colours, and without words of one's own."""
    kinds = {one.question.kind for one in members}
    if kinds not in ({Question.Kind.SINGLE}, {Question.Kind.SCALE}) or any(one.texts_count for one in members):
        return False
    steps = {row.label for one in members for row in one.rows}
    return steps == {row.label for row in max((one.rows for one in members), key=len)} and 0 < len(steps) <= len(SERIES)


def themes(found: Sequence[QuestionResult]) -> list[tuple[str, list[QuestionResult]]]:
    """What the answers are about: needs, benefits, challenges, strengths, each with its questions (S15)."""
    names = Question.Theme
    by_theme = [(str(theme.label), [one for one in found if one.question.theme == theme]) for theme in names]
    return [(name, members) for name, members in by_theme if members]
