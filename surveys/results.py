"""What the answers say: for each question the counts of answers and of people, never mixed, never invented (rule 10).

``summary(survey)`` is what anybody in the collaboration may see; pages that know their reader pass ``everything``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import charts, wording
from governance.models import Organisation
from surveys.models import Answer, Option, Question, Response, Survey

SMALL = 5


@dataclass(frozen=True)
class OptionResult:
    """One choice with its counts; None is unknown, which is not nought."""

    label: str
    answers: int | None
    people: int | None
    uncertain: bool = False
    cut: bool = False

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
        return {"head": self.head, "rows": self.table}


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
) -> list[QuestionResult]:
    """Every question of the survey with its result; ``responses`` narrows to a group that the reader may see."""
    group = survey.responses.all() if responses is None else responses
    questions = list(survey.questions.prefetch_related("options"))
    if not survey.responses.exists():
        return [_reported(survey, question) for question in questions]
    counts = _Counts(group)
    return [counts.of(question, everything=everything, survey=survey) for question in questions]


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


class _Counts:
    """All counts of a group of answers, in as many queries for one question as for a hundred."""

    def __init__(self, group: QuerySet[Response]) -> None:
        answers = Answer.objects.filter(response__in=group).order_by()
        sizes = {"answers": Count("response", distinct=True), "people": Sum("response__people")}
        self.options = _by(answers.exclude(option=None).values("option").annotate(**sizes), "option")
        self.steps = _steps(answers.exclude(number=None).values("question", "number").annotate(**sizes))
        self.means = dict(
            answers.exclude(number=None).values("question").annotate(mean=Avg("number")).values_list("question", "mean")
        )
        self.questions = _people_once(answers)
        self.texts: dict[int, list[str]] = defaultdict(list)
        for question, text in answers.exclude(text="").values_list("question", "text"):
            self.texts[question].append(text)

    def of(self, question: Question, *, everything: bool, survey: Survey) -> QuestionResult:
        answers, people = self.questions.get(question.pk, (0, 0))
        texts = sorted(self.texts.get(question.pk, []), key=str.casefold)
        hidden = bool(texts) and not everything and survey.personal_opinion and len(texts) < SMALL
        return QuestionResult(
            question=question,
            answers=answers,
            people=people,
            people_approximate=False,
            rows=self._rows(question),
            mean=self.means.get(question.pk) if question.kind == Question.Kind.SCALE else None,
            texts=[] if hidden else texts,
            texts_count=len(texts),
            texts_hidden=hidden,
        )

    def _rows(self, question: Question) -> list[OptionResult]:
        if question.has_choices:
            return [self._row(option) for option in question.options.all()]
        if question.kind == Question.Kind.TEXT:
            return []
        steps = self.steps.get(question.pk, {})
        shown = sorted(steps)
        if question.kind == Question.Kind.SCALE and shown:
            shown = [Decimal(step) for step in range(min(int(shown[0]), 1), int(shown[-1]) + 1)]
        return [OptionResult(wording.number(step), *steps.get(step, (0, 0))) for step in shown]

    def _row(self, option: Option) -> OptionResult:
        answers, people = self.options.get(option.pk, (0, 0))
        return OptionResult(option.label, answers, people, cut=option.cut)


def _by(rows: Iterable[Any], name: str) -> dict[int, tuple[int, int]]:
    return {row[name]: (row["answers"], row["people"]) for row in rows}


def _steps(rows: Iterable[Any]) -> dict[int, dict[Decimal, tuple[int, int]]]:
    found: dict[int, dict[Decimal, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        found[row["question"]][row["number"]] = (row["answers"], row["people"])
    return found


def _people_once(answers: QuerySet[Answer]) -> dict[int, tuple[int, int]]:
    """Who answered each question: a response with three choices is one answer, and its people count once."""
    once = answers.order_by("question_id", "response_id").distinct("question_id", "response_id").values("pk")
    rows = Answer.objects.filter(pk__in=once).order_by().values("question")
    return {
        row["question"]: (row["answers"], row["people"])
        for row in rows.annotate(answers=Count("pk"), people=Sum("response__people"))
    }


# --- groups and who may see them ---------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Those who answered from one municipality, or in one role; a small one is hidden where opinions are personal."""

    key: str
    name: str
    answers: int
    people: int
    hidden: bool = False


def municipalities(survey: Survey, *, everything: bool) -> list[Group]:
    """How far each member municipality has answered; one without answers is a state too (S2)."""
    found = survey.responses.order_by().values("municipality").annotate(n=Count("pk"), people=Sum("people"))
    counts: dict[int | None, tuple[int, int]] = {row["municipality"]: (row["n"], row["people"]) for row in found}
    members = list(survey.collaboration.members())
    former = {pk for pk in counts if pk is not None} - {one.pk for one in members}
    members += Organisation.objects.filter(pk__in=former)
    groups = [Group(one.number, str(one), *counts.get(one.pk, (0, 0))) for one in members]
    if None in counts:
        groups.append(Group("", _("Municipality not given"), *counts[None]))
    return _guarded(survey, groups, everything=everything)


def roles(survey: Survey, *, everything: bool) -> list[Group]:
    """The roles that have answered, where the survey asks for it."""
    found = Answer.objects.filter(question__survey=survey, question__about_role=True, option__isnull=False)
    rows = (
        found.order_by("option__position")
        .values("option", "option__text")
        .annotate(n=Count("pk"), people=Sum("response__people"))
    )
    groups = [Group(str(row["option"]), row["option__text"], row["n"], row["people"]) for row in rows]
    return _guarded(survey, groups, everything=everything)


def _guarded(survey: Survey, groups: list[Group], *, everything: bool) -> list[Group]:
    """Hide what is small, and so much more that the hidden cannot be found by subtraction."""
    if everything or not survey.personal_opinion:
        return groups
    hidden: set[str] = set()
    behind = 0
    for group in sorted((one for one in groups if one.answers), key=lambda one: (one.answers, one.key)):
        if group.answers < SMALL or 0 < behind < SMALL:
            hidden.add(group.key)
            behind += group.answers
    return [Group(one.key, one.name, one.answers, one.people, hidden=one.key in hidden) for one in groups]


def seen(groups: Sequence[Group]) -> list[Group]:
    """The groups whose results may be looked at by themselves."""
    return [group for group in groups if group.answers and not group.hidden]
