"""The lists of surveys, answers and findings, on the page and as workbooks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from surveys.findings import Category
from surveys.models import Answer, Response, Survey
from surveys.results import QuestionResult, share
from surveys.waves import Thread


class SurveyTable(tables.DsTable):
    title = tables.Column(linkify=True)
    period = tables.Column(verbose_name=_("Period"), order_by=("opens_on",), empty_values=())
    answers = tables.NumberColumn(verbose_name=_("Answers"))
    people = tables.NumberColumn(verbose_name=_("People"))
    is_open = tables.Column(verbose_name=_("Remark"), orderable=False)

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
        about = gettext("about %(n)s") if record.reported_approximate else "%(n)s"
        return about % {"n": record.reported_people}

    def value_answers(self, record: Any) -> Any:
        return record.answers or record.reported_answers

    def value_people(self, record: Any) -> Any:
        return record.people if record.answers else record.reported_people

    def render_is_open(self, record: Survey) -> str:
        return gettext("Open") if record.is_open else tables.NOTHING

    def value_is_open(self, record: Survey) -> str:
        return gettext("Open") if record.is_open else ""


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
        return gettext("Answer %(id)s") % {"id": short_id(record)}

    def render_people_assumed(self, record: Response) -> str:
        return gettext("one answer = one person (assumed)") if record.people_assumed else tables.NOTHING


def short_id(response: Response) -> str:
    """What the form called the answer; one without a number goes by the start of its fingerprint."""
    return response.external_id if len(response.external_id) <= 12 else response.external_id[:8]


def results_sheet(found: list[QuestionResult]) -> SheetSpec:
    """Every count of a survey, in rows that can be worked on."""
    rows = []
    for result in found:
        for row in result.rows:
            remark = gettext("uncertain number") if row.uncertain else gettext("cut in the source") if row.cut else ""
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
        gettext("Number"), gettext("Question"), gettext("Choice"), gettext("Answers"), gettext("Share of the answers"),
        gettext("People"),
        gettext("Share of the people"), gettext("Answers to the question"), gettext("People behind them"),
        gettext("Remark"),
    ]  # fmt: skip
    return SheetSpec(gettext("Results"), head, rows)


def threads_sheet(threads: list[Thread]) -> SheetSpec:
    """Linked questions through the waves, a row for each figure."""
    rows = []
    for thread in threads:
        for wave, one in zip(thread.waves, thread.results, strict=True):
            if one is None:
                continue
            for row in one.rows:
                rows.append(
                    [thread.title, wave.survey.title, wave.survey.opens_on, one.question.text, row.label, row.answers,
                     share(row.answers, one.answers), row.people, one.answers, one.people, one.mean]
                )  # fmt: skip
    head = [
        gettext("Question"), gettext("Survey"), gettext("Opens"), gettext("Asked as"), gettext("Choice"),
        gettext("Answers"), gettext("Share of the answers"), gettext("People"), gettext("Answers to the question"),
        gettext("People behind them"), gettext("Mean"),
    ]  # fmt: skip
    return SheetSpec(gettext("Over time"), head, rows)


def texts_sheet(found: list[QuestionResult]) -> SheetSpec:
    """What was said in people's own words, where it may be read."""
    rows = [[str(result.question), text] for result in found for text in result.texts]
    return SheetSpec(gettext("Free text"), [gettext("Question"), gettext("Text")], rows)


def answers_sheet(survey: Survey, responses: Any) -> SheetSpec:
    """Each answer as a row, for those who may see single answers."""
    questions = list(survey.questions.all())
    said: dict[Any, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for answer in (
        Answer.objects.filter(response__in=responses).select_related("option").order_by("option__position", "pk")
    ):
        said[answer.response_id][answer.question_id].append(str(answer))
    head = [gettext("Answer"), gettext("Completed"), gettext("Municipality"), gettext("People"), gettext("Assumed")]
    rows = []
    for one in responses:
        completed = timezone.localtime(one.completed).replace(tzinfo=None) if one.completed else None
        fixed = [
            short_id(one),
            completed,
            str(one.municipality or ""),
            one.people,
            gettext("yes") if one.people_assumed else "",
        ]
        rows.append([*fixed, *("; ".join(said[one.pk][question.pk]) for question in questions)])
    return SheetSpec(gettext("Answers"), [*head, *(str(question) for question in questions)], rows)


def findings_sheet(categories: list[Category]) -> SheetSpec:
    rows = [
        [
            category.name,
            place,
            finding.text,
            finding.measure,
            "; ".join(name for name, _url in links),
            finding.known_from,
            gettext("yes") if finding.example else "",
        ]
        for category in categories
        for place, (finding, links) in enumerate(category.lines, start=1)
    ]
    head = [
        gettext("Category"), gettext("Order"), gettext("Finding"), gettext("Measure"), gettext("Projects"),
        gettext("Known from"), gettext("Example"),
    ]  # fmt: skip
    return SheetSpec(gettext("Findings"), head, rows)


def remarks_sheet(categories: list[Category]) -> SheetSpec:
    rows = [
        [category.name, str(remark.municipality), remark.get_agreement_display(), remark.text,
         gettext("the secretariat") if remark.on_behalf else gettext("the municipality")]
        for category in categories
        for remark in category.remarks
    ]  # fmt: skip
    head = [
        gettext("Category"),
        gettext("Municipality"),
        gettext("The municipality's view"),
        gettext("Remark"),
        gettext("Registered by"),
    ]
    return SheetSpec(gettext("Remarks"), head, rows)
