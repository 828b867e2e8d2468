"""A survey put several times: what can be compared, since a person has said that two questions ask the same (G14, S13).

A wave that did not ask leaves a gap; nothing is filled in between, and what is not linked stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from digivesteralen.ui.charts.palette import SERIES
from governance.models import Organisation
from surveys import results
from surveys.models import Question, SameQuestion, Survey, SurveySeries
from surveys.models.questionnaires import tidy
from surveys.results import QuestionResult

LIKE = 0.6
Amount = Decimal | float | None


@dataclass(frozen=True)
class Wave:
    """One of the surveys in a series, with its size and the municipalities that answered."""

    survey: Survey
    answers: int | None
    people: int | None
    approximate: bool
    places: frozenset[int]
    found: list[QuestionResult]

    @property
    def name(self) -> str:
        return self.survey.period or self.survey.title

    @property
    def n(self) -> str:
        return results.counted(self.answers, self.people, approximate=self.approximate)


def waves_of(series: SurveySeries) -> list[Wave]:
    """The surveys of the series in the order they were put."""
    surveys = series.waves.select_related("collaboration").order_by(F("opens_on").asc(nulls_first=True), "pk")
    return [_wave(survey) for survey in surveys]


def _wave(survey: Survey) -> Wave:
    answers, people, approximate = results.totals(survey)
    places = survey.responses.exclude(municipality=None).values_list("municipality", flat=True).distinct()
    return Wave(survey, answers, people, approximate, frozenset(places), results.summary(survey))


@dataclass(frozen=True)
class Thread:
    """One question through the waves; None where a wave did not ask it, or nobody answered."""

    waves: list[Wave]
    results: list[QuestionResult | None]

    @property
    def question(self) -> Question:
        """As it was worded last."""
        return [one for one in self.results if one][-1].question

    @property
    def title(self) -> str:
        return self.question.text

    @property
    def wordings(self) -> list[str]:
        """The other ways in which it was asked."""
        return [text for text in dict.fromkeys(one.question.text for one in self.results if one) if text != self.title]

    @property
    def is_measured(self) -> bool:
        return self.question.kind in results.MEASURED

    @property
    def chart(self) -> charts.Chart | None:
        """The mean of a scale as a line with gaps; of choices the share of the answers, wave by wave."""
        title, identity = f"{self.title}", f"maling-{self.question.pk}"
        names = [wave.name for wave in self.waves]
        if self.is_measured:
            means = [one.mean if one else None for one in self.results]
            if all(mean is None for mean in means):
                return None
            return charts.line(title, names, [(_("Mean"), "accent", means)], label=_("Wave"), id=identity)
        rows = [(label, [_percent(one, label) for one in self.results]) for label in self.labels]
        if not rows:
            return None
        colors = list(zip(names, SERIES, strict=False))
        note = _("Share of the answers to the question. One that a wave did not ask stands as unknown.")
        return charts.grouped(title, rows, colors, unit="%", label=_("Choice"), note=note, id=identity)

    @property
    def labels(self) -> list[str]:
        """Every choice that some wave offered, as the last one orders them."""
        known = [row.label for one in reversed(self.results) if one for row in one.rows]
        return list(dict.fromkeys(known))

    @property
    def numbers(self) -> dict[str, Any]:
        """Every figure with the sizes behind it."""
        head = [_("Wave"), _("Answers"), _("People"), *([_("Mean")] if self.is_measured else self.labels)]
        return {
            "head": head,
            "rows": [self._line(wave, one) for wave, one in zip(self.waves, self.results, strict=True)],
        }

    def _line(self, wave: Wave, one: QuestionResult | None) -> list[str]:
        width = 1 if self.is_measured else len(self.labels)
        if one is None:
            return [wave.name, *([_("not asked")] * (width + 2))]
        sizes = [wording.number(one.answers), wording.number(one.people)]
        if self.is_measured:
            return [wave.name, *sizes, one.mean_words if one.mean is not None else "–"]
        shares = (_share(one, label) for label in self.labels)
        return [wave.name, *sizes, *("–" if part is None else wording.percent(part) for part in shares)]

    @property
    def change(self) -> str:
        """What changed between the last two waves that asked, and whether those who answered are the same."""
        asked = [(wave, one) for wave, one in zip(self.waves, self.results, strict=True) if one and one.answers]
        if len(asked) < 2:
            return ""
        (before, first), (after, last) = asked[-2:]
        return " ".join(one for one in (self._moved(first, last), base_words(before, after, first, last)) if one)

    def _moved(self, first: QuestionResult, last: QuestionResult) -> str:
        if self.is_measured and first.mean is not None and last.mean is not None:
            moved = last.mean - first.mean
            return _("The mean has changed by %(change)s.") % {"change": signed(moved)}
        moves = [(_share(last, label), _share(first, label), label) for label in self.labels]
        known = [(now - then, label) for now, then, label in moves if now is not None and then is not None]
        if not known:
            return ""
        moved_by, label = max(known, key=lambda one: abs(one[0]))
        return _("The largest change is «%(choice)s»: %(change)s percentage points.") % {
            "choice": label,
            "change": signed(Decimal(str(round(moved_by * 100, 1)))),
        }


def signed(number: Decimal) -> str:
    """«+0,4», «−0,4», «0»."""
    said = wording.number(abs(number), 1)
    return f"+{said}" if number > 0 else f"−{said}" if number < 0 else said


def base_words(before: Wave, after: Wave, first: QuestionResult, last: QuestionResult) -> str:
    """How many answered then and now, and which municipalities did so only one of the times."""
    said = [_("%(before)s → %(after)s answers.") % {"before": first.answers, "after": last.answers}]
    for words, gone in (
        (_("Only the first time: %(names)s."), before.places - after.places),
        (_("Only the last time: %(names)s."), after.places - before.places),
    ):
        if gone and before.places and after.places:
            names = Organisation.objects.filter(pk__in=gone).order_by("sort_key")
            said.append(words % {"names": ", ".join(str(place) for place in names)})
    return " ".join(said)


def _share(one: QuestionResult | None, label: str) -> float | None:
    row = next((row for row in one.rows if row.label == label), None) if one else None
    return results.share(row.answers, one.answers) if row and one else None


def _percent(one: QuestionResult | None, label: str) -> float | None:
    part = _share(one, label)
    return None if part is None else round(part * 100, 1)


def threads(waves: Sequence[Wave]) -> list[Thread]:
    """The questions that were linked, in the order of the last wave."""
    by_root = _by_root(waves)
    linked = [
        Thread(list(waves), [found.get(wave.survey.pk) for wave in waves])
        for found in by_root.values()
        if len(found) > 1
    ]
    return sorted(linked, key=lambda thread: thread.question.position)


def alone(waves: Sequence[Wave]) -> list[tuple[Wave, list[QuestionResult]]]:
    """Wave by wave the questions that nobody has linked: shown by themselves."""
    single = {
        pk
        for found in _by_root(waves).values()
        if len(found) == 1
        for pk in (one.question.pk for one in found.values())
    }
    return [(wave, [one for one in wave.found if one.question.pk in single]) for wave in waves]


def _by_root(waves: Sequence[Wave]) -> dict[int, dict[int, QuestionResult]]:
    """By the first question of its thread: the result of each survey that asked it."""
    surveys = [wave.survey.pk for wave in waves]
    earlier = dict(
        SameQuestion.objects.filter(question__survey__in=surveys, same_as__survey__in=surveys).values_list(
            "question", "same_as"
        )
    )
    found: dict[int, dict[int, QuestionResult]] = {}
    for wave in waves:
        for one in wave.found:
            found.setdefault(_root(one.question.pk, earlier), {})[wave.survey.pk] = one
    return found


def _root(question: int, earlier: dict[int, int]) -> int:
    """Where the thread of a question began."""
    passed = {question}
    while (before := earlier.get(question)) is not None and before not in passed:
        question = before
        passed.add(question)
    return question


@dataclass(frozen=True)
class Proposal:
    """A question of the later wave, those of the earlier it could be, the likest first, and the linked one."""

    question: Question
    candidates: list[tuple[Question, float]]
    linked: int | None

    @property
    def likest(self) -> Question | None:
        """Only a proposal: wording alone decides nothing."""
        return self.candidates[0][0] if self.candidates and self.candidates[0][1] >= LIKE else None


def proposals(earlier: Survey, later: Survey) -> list[Proposal]:
    """Side by side: only questions of one kind can be the same."""
    there = list(earlier.questions.all())
    linked = dict(SameQuestion.objects.filter(question__survey=later).values_list("question", "same_as"))
    found = []
    for question in later.questions.all():
        like = [(one, likeness(one, question)) for one in there if one.kind == question.kind]
        like.sort(key=lambda pair: (-pair[1], pair[0].position))
        found.append(Proposal(question, like, linked.get(question.pk)))
    return found


def likeness(one: Question, other: Question) -> float:
    """How much of the words are the same, from 0 to 1."""
    first, second = (tidy(f"{question.group} {question.text}").casefold() for question in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
