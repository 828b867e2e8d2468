"""What the answers say: for each question the counts of answers and of people, never mixed, never invented (rule 10).

``summary(survey)`` is what anybody in the collaboration may see; pages that know their reader pass ``everything``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import charts, wording
from surveys.models import Answer, Question, Response, Survey
from surveys.result_counts import Counts, Size

SMALL = 5
MEASURED = (Question.Kind.SCALE, Question.Kind.NUMBER)
NOBODY: Size = (0, 0)


@dataclass(frozen=True)
class OptionResult:
    """One choice with its counts; None is unknown, which is not nought. ``about`` asks for the answers behind it."""

    label: str
    answers: int | None
    people: int | None
    uncertain: bool = False
    cut: bool = False
    about: str = ""

    @property
    def said(self) -> str:
        return _("%(label)s (uncertain number)") % {"label": self.label} if self.uncertain else self.label


@dataclass(frozen=True)
class QuestionResult:
    """One question with all its choices in full, as chart, table and rows; texts only where they may be read."""

    question: Question
    answers: int | None
    people: int | None
    people_approximate: bool
    rows: list[OptionResult]
    mean: Decimal | None = None
    texts: list[str] = field(default_factory=list)
    texts_count: int = 0
    texts_hidden: bool = False
    reported: bool = False
    texts_waiting: int = 0
    answers_url: str = ""

    @property
    def title(self) -> str:
        return str(self.question)

    @property
    def n(self) -> str:
        """«35 svar, ca. 50 personer»: the two sizes, each with its word."""
        return counted(self.answers, self.people, approximate=self.people_approximate)

    @property
    def chart(self) -> charts.Chart | None:
        """How many answers each choice got, and how many people stand behind where that is another figure (S4, S6)."""
        if not self.rows:
            return None
        title, identity = f"{self.title} ({self.n})", f"sporsmal-{self.question.pk}"
        if self.reported or self.people == self.answers:
            rows = [(row.said, row.answers) for row in self.rows]
            return charts.bars(title, rows, label=_("Choice"), value=_("Answers"), note=self.note, id=identity)
        return charts.grouped(
            title,
            [(row.said, [row.answers, row.people]) for row in self.rows],
            [(_("Answers"), "accent"), (_("People"), "brand2")],
            label=_("Choice"),
            note=self.note,
            id=identity,
        )

    @property
    def note(self) -> str:
        notes = []
        if self.question.kind == Question.Kind.MULTIPLE:
            notes.append(_("One answer can hold several choices."))
        if any(row.cut for row in self.rows):
            notes.append(_("Choices that end in «…» were cut in the source."))
        if any(row.answers is None for row in self.rows):
            notes.append(_("Unknown numbers are shown as unknown; they are not nought."))
        return " ".join(notes)

    @property
    def most(self) -> str:
        """The choice most have taken; "" where several are equal, or none is known."""
        known = sorted((row.answers for row in self.rows if row.answers), reverse=True)
        if not known or known.count(known[0]) > 1 or not self.question.has_choices:
            return ""
        return next(row.label for row in self.rows if row.answers == known[0])

    @property
    def mean_words(self) -> str:
        return wording.number(self.mean, 1)

    @property
    def head(self) -> list[str]:
        return [_("Choice"), _("Answers"), _("Share of the answers"), _("People"), _("Share of the people")]

    @property
    def table(self) -> list[list[str]]:
        """The rows under ``head``, said in words."""
        return [
            [
                row.said,
                wording.number(row.answers),
                wording.percent(share(row.answers, self.answers)),
                wording.number(row.people),
                wording.percent(share(row.people, self.people)),
            ]
            for row in self.rows
        ]

    @property
    def numbers(self) -> dict[str, Any]:
        """Answers, people and both shares, under the figure that draws only the counts."""
        rows = self.table
        if self.answers_url:
            rows = [[self._linked(row, said[0]), *said[1:]] for row, said in zip(self.rows, rows, strict=True)]
        return {"head": self.head, "rows": rows}

    def _linked(self, row: OptionResult, said: str) -> str:
        """From a figure to the answers it was counted from, for those who may see them."""
        if not row.about or not row.answers:
            return said
        return format_html('<a class="ds-link" href="{}?{}">{}</a>', self.answers_url, row.about, said)


def share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def counted(answers: int | None, people: int | None, *, approximate: bool = False) -> str:
    parts = []
    if answers is not None:
        parts.append(ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": wording.number(answers)})
    if people is not None:
        words = ngettext("%(n)s person", "%(n)s people", people)
        if approximate:
            words = ngettext("about %(n)s person", "about %(n)s people", people)
        parts.append(words % {"n": wording.number(people)})
    return "n = " + ", ".join(parts) if parts else _("number of answers unknown")


def totals(survey: Survey) -> tuple[int | None, int | None, bool]:
    """Answers, people, and whether the people are approximate: from the answers themselves, else as reported (N2)."""
    answers, people = survey.responses.totals()
    if answers:
        return answers, people, False
    return survey.reported_answers, survey.reported_people, survey.reported_approximate


def summary(
    survey: Survey,
    *,
    responses: QuerySet[Response] | None = None,
    everything: bool = False,
    answers_url: str = "",
) -> list[QuestionResult]:
    """Every question of the survey with its result; ``responses`` narrows to a group that the reader may see.

    ``answers_url`` is where the single answers behind a figure are listed, for those who may see them.
    """
    group = survey.responses.all() if responses is None else responses
    questions = list(survey.questions.prefetch_related("options"))
    if not survey.responses.exists():
        return [_reported(survey, question) for question in questions]
    counts = Counts(group)
    return [_counted(survey, question, counts, everything, answers_url) for question in questions]


def _reported(survey: Survey, question: Question) -> QuestionResult:
    """A survey whose single answers are not at hand: what was reported, and unknown for the rest (N3)."""
    return QuestionResult(
        question=question,
        answers=survey.reported_answers,
        people=survey.reported_people,
        people_approximate=survey.reported_approximate,
        rows=[
            OptionResult(option.label, option.reported_count, None, uncertain=option.uncertain, cut=option.cut)
            for option in question.options.all()
        ],
        reported=True,
    )


def _counted(survey: Survey, question: Question, counts: Counts, everything: bool, url: str) -> QuestionResult:
    answers, people = counts.questions.get(question.pk, (0, 0))
    said = counts.texts.get(question.pk, [])
    few = bool(said) and not everything and survey.personal_opinion and len(said) < SMALL
    shown = [text for text, review in said if everything or _may_be_shown(survey, review)]
    return QuestionResult(
        question=question,
        answers=answers,
        people=people,
        people_approximate=False,
        rows=_rows(question, counts),
        mean=counts.means.get(question.pk) if question.kind in MEASURED else None,
        texts=[] if few else sorted(shown, key=str.casefold),
        texts_count=len(said),
        texts_hidden=few,
        texts_waiting=sum(not review for _text, review in said) if survey.personal_opinion else 0,
        answers_url=url,
    )


def _may_be_shown(survey: Survey, review: str) -> bool:
    """What a municipality says is open but for what is held back; what people say, when somebody has read it."""
    if survey.personal_opinion:
        return review == Answer.Review.OPEN
    return review != Answer.Review.HELD


def _rows(question: Question, counts: Counts) -> list[OptionResult]:
    match question.kind:
        case Question.Kind.SINGLE | Question.Kind.MULTIPLE:
            return [
                OptionResult(one.label, *counts.options.get(one.pk, NOBODY), cut=one.cut, about=f"valg={one.pk}")
                for one in question.options.all()
            ]
        case Question.Kind.SCALE | Question.Kind.NUMBER:
            return _steps(question, counts.steps.get(question.pk, {}))
        case Question.Kind.DATE:
            days = counts.days.get(question.pk, {})
            return [
                OptionResult(wording.short_day(day), *days[day], about=f"sporsmal={question.pk}&dag={day:%Y-%m-%d}")
                for day in sorted(days)
            ]
    return []


def _steps(question: Question, steps: dict[Decimal, Size]) -> list[OptionResult]:
    """Every step of a scale, also those that nobody took, with what it means; of a number those that were given."""
    shown = sorted(steps)
    if question.kind == Question.Kind.SCALE and shown:
        lowest = min(shown[0], question.scale_min if question.scale_min is not None else Decimal(1))
        highest = max(shown[-1], question.scale_max if question.scale_max is not None else shown[-1])
        shown = sorted({*shown, *(Decimal(step) for step in range(int(lowest), int(highest) + 1))})
    meaning = {option.score: option.label for option in question.options.all()}
    return [
        OptionResult(
            meaning.get(step) or wording.number(step),
            *steps.get(step, NOBODY),
            about=f"sporsmal={question.pk}&trinn={step.normalize():f}",
        )
        for step in shown
    ]
