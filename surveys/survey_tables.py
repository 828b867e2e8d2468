"""The lists of surveys, answers and findings, on the page and as workbooks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from surveys.findings import Category
from surveys.models import Answer, Response, Survey
from surveys.results import QuestionResult, share


class SurveyTable(tables.DsTable):
    title = tables.Column(linkify=True)
    period = tables.Column(verbose_name=_("Period"), order_by=("opens_on",), empty_values=())
    answers = tables.NumberColumn(verbose_name=_("Answers"))
    people = tables.NumberColumn(verbose_name=_("People"))
    example = tables.Column(verbose_name=_("Remark"), empty_values=())

    class Meta:
        caption = _("Surveys")
        row_header = "title"
        empty_text = _("No surveys yet.")

    def render_period(self, record: Survey) -> str:
        return record.period or tables.NOTHING

    def value_period(self, record: Survey) -> str:
        return record.period

    def render_answers(self, record: Any) -> Any:
        return _count(record.answers or record.reported_answers)

    def render_people(self, record: Any) -> Any:
        if record.answers or record.reported_people is None:
            return _count(record.people if record.answers else None)
        about = _now("about %(n)s") if record.reported_approximate else "%(n)s"
        return about % {"n": record.reported_people}

    def value_answers(self, record: Any) -> Any:
        return record.answers or record.reported_answers

    def value_people(self, record: Any) -> Any:
        return record.people if record.answers else record.reported_people

    def render_example(self, record: Survey) -> str:
        return ", ".join(self._remarks(record)) or tables.NOTHING

    def value_example(self, record: Survey) -> str:
        return ", ".join(self._remarks(record))

    @staticmethod
    def _remarks(record: Survey) -> list[str]:
        return [text for text, holds in ((_now("Open"), record.is_open), (_now("Example"), record.example)) if holds]


def _count(number: int | None) -> str:
    return tables.NOTHING if number is None else str(number)


class AnswerTable(tables.DsTable):
    external_id = tables.Column(verbose_name=_("Answer"), linkify=True)
    completed = tables.DateColumn(verbose_name=_("Completed"))
    municipality = tables.Column(verbose_name=_("Municipality"), order_by=("municipality__sort_key",))
    people = tables.NumberColumn(verbose_name=_("People"))
    people_assumed = tables.Column(verbose_name=_("Remark"), empty_values=())

    class Meta:
        caption = _("Answers")
        row_header = "external_id"
        empty_text = _("No answers yet. Import the export from the form.")

    def render_external_id(self, record: Response) -> str:
        return _now("Answer %(id)s") % {"id": short_id(record)}

    def render_people_assumed(self, record: Response) -> str:
        return _now("one answer = one person (assumed)") if record.people_assumed else tables.NOTHING


def short_id(response: Response) -> str:
    """What the form called the answer; one without a number goes by the start of its fingerprint."""
    return response.external_id if len(response.external_id) <= 12 else response.external_id[:8]


def results_sheet(found: list[QuestionResult]) -> SheetSpec:
    """Every count of a survey, in rows that can be worked on."""
    rows = []
    for result in found:
        for row in result.rows:
            remark = _now("uncertain number") if row.uncertain else _now("cut in the source") if row.cut else ""
            rows.append(
                [
                    result.question.number,
                    result.question.text,
                    row.label,
                    row.answers,
                    share(row.answers, result.answers),
                    row.people,
                    share(row.people, result.people),
                    result.answers,
                    result.people,
                    remark,
                ]
            )
    head = [
        _now("Number"), _now("Question"), _now("Choice"), _now("Answers"), _now("Share of the answers"), _now("People"),
        _now("Share of the people"), _now("Answers to the question"), _now("People behind them"), _now("Remark"),
    ]  # fmt: skip
    return SheetSpec(_now("Results"), head, rows)


def texts_sheet(found: list[QuestionResult]) -> SheetSpec:
    """What was said in people's own words, where it may be read."""
    rows = [[str(result.question), text] for result in found for text in result.texts]
    return SheetSpec(_now("Free text"), [_now("Question"), _now("Text")], rows)


def answers_sheet(survey: Survey, responses: Any) -> SheetSpec:
    """Each answer as a row, for those who may see single answers."""
    questions = list(survey.questions.all())
    said: dict[Any, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for answer in Answer.objects.filter(response__in=responses).select_related("option").order_by("option__position", "pk"):
        said[answer.response_id][answer.question_id].append(str(answer))
    head = [_now("Answer"), _now("Completed"), _now("Municipality"), _now("People"), _now("Assumed")]
    rows = []
    for one in responses:
        completed = timezone.localtime(one.completed).replace(tzinfo=None) if one.completed else None
        fixed = [short_id(one), completed, str(one.municipality or ""), one.people, _now("yes") if one.people_assumed else ""]
        rows.append([*fixed, *("; ".join(said[one.pk][question.pk]) for question in questions)])
    return SheetSpec(_now("Answers"), [*head, *(str(question) for question in questions)], rows)


def findings_sheet(categories: list[Category]) -> SheetSpec:
    rows = [
        [category.name, place, finding.text, finding.known_from, _now("yes") if finding.example else ""]
        for category in categories
        for place, finding in enumerate(category.findings, start=1)
    ]
    head = [_now("Category"), _now("Order"), _now("Finding"), _now("Known from"), _now("Example")]
    return SheetSpec(_now("Findings"), head, rows)


def remarks_sheet(categories: list[Category]) -> SheetSpec:
    rows = [
        [category.name, str(remark.municipality), remark.get_agreement_display(), remark.text,
         _now("the secretariat") if remark.on_behalf else _now("the municipality")]
        for category in categories
        for remark in category.remarks
    ]  # fmt: skip
    head = [_now("Category"), _now("Municipality"), _now("The municipality"), _now("Remark"), _now("Registered by")]
    return SheetSpec(_now("Remarks"), head, rows)
