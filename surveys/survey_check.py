"""What each row of a survey export would do, and every fault in it; nothing is written here."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets.reading import Workbook
from surveys import forms_reader
from surveys.answer_kinds import KINDS
from surveys.import_kinds import Column, SheetRead
from surveys.models import Answer, ImportJob, ImportRow, Option, Question, Response, Survey
from surveys.models.questionnaires import tidy
from surveys.question_titles import titles_of
from surveys.survey_answers import Answers
from surveys.survey_faults import PRIVATE, Faults, is_faulty
from surveys.survey_plan import QUESTION, Known, plan_of
from surveys.survey_rows import MOST_PEOPLE, FixedColumns
from surveys.survey_words import Program

__all__ = ["MOST_PEOPLE", "check", "columns", "fields_for", "read", "state_of", "survey_of"]
# A file with fewer of the known answers than this is told of before it is used.
FEWER = 0.8

FIXED = [
    Column("id", gettext_lazy("ID of the answer")),
    Column("started", gettext_lazy("Start time")),
    Column("completed", gettext_lazy("Completion time")),
    Column("modified", gettext_lazy("Time of the last change")),
    Column("email", gettext_lazy("E-mail address")),
    Column("name", gettext_lazy("Name")),
    Column("private", gettext_lazy("Personal data that is not kept"), repeatable=True),
    Column("municipality", gettext_lazy("Municipality")),
    Column("people", gettext_lazy("Number of people behind the answer")),
    Column("role", gettext_lazy("Question: role")),
    Column("single", gettext_lazy("Question: one choice"), repeatable=True),
    Column("multiple", gettext_lazy("Question: several choices"), repeatable=True),
    Column("tick", gettext_lazy("Question: several choices, one column for each"), repeatable=True),
    Column("scale", gettext_lazy("Question: scale"), repeatable=True),
    Column("number", gettext_lazy("Question: number"), repeatable=True),
    Column("date", gettext_lazy("Question: date"), repeatable=True),
    Column("text", gettext_lazy("Question: free text"), repeatable=True),
]


def survey_of(job: ImportJob) -> Survey:
    return Survey.objects.select_related("collaboration").get(pk=job.subject)


def columns(job: ImportJob) -> list[Column]:
    """The fixed columns, the kinds a new question can be of, and the questions that the survey has."""
    asked = Question.objects.filter(survey_id=job.subject)
    return [
        *FIXED,
        *(
            Column(f"{QUESTION}{one.pk}", tidy(str(one))[:120], repeatable=one.kind == Question.Kind.MULTIPLE)
            for one in asked
        ),
    ]


def read(job: ImportJob, book: Workbook) -> SheetRead:
    """Find the answers; names and addresses are left behind at once unless the survey says that it keeps them."""
    survey = survey_of(job)
    table = forms_reader.recognise(book, job.file_name)
    proposed = _connected(survey, {one.letter: one.title for one in table.columns}, table.program, table.columns)
    found = [
        {"letter": one.letter, "header": one.title, "field": proposed[one.letter], "program": str(table.program)}
        for one in table.columns
    ]
    private = {letter: name for letter, name in proposed.items() if name in PRIVATE}
    rows = [(number, "", _raw(number, cells, private, named=survey.named)) for number, cells in table.rows]
    return SheetRead(sheet=table.sheet, columns=found, rows=rows, notes=[*table.notes, *map(str, book.notes)])


def fields_for(job: ImportJob, program: str) -> dict[str, str]:
    """The columns proposed anew, when a person has said that another program made the file."""
    headers = {one["letter"]: one["header"] for one in job.columns}
    values: dict[str, list[Any]] = defaultdict(list)
    for row in job.rows.in_order():
        for address, value in row.raw.items():
            values[forms_reader.letter_of(address)].append(value)
    fields = forms_reader.fields_of(headers, values, program)
    found = [forms_reader.FormColumn(letter, header, fields[letter]) for letter, header in headers.items()]
    return _connected(survey_of(job), headers, program, found)


def _connected(
    survey: Survey, headers: dict[str, str], program: str, found: Sequence[forms_reader.FormColumn]
) -> dict[str, str]:
    """The proposed fields, with the questions that the survey has already in place of new ones."""
    known = Known(list(survey.questions.all()))
    titles = titles_of(headers, program)
    fields = {}
    for column in found:
        title = titles[column.letter]
        asked = known.of(title, column.title) if column.field in KINDS and column.field != "tick" else None
        fields[column.letter] = f"{QUESTION}{asked.pk}" if asked else column.field
    return fields


def _raw(number: int, cells: dict[str, Any], private: dict[str, str], *, named: bool) -> dict[str, Any]:
    """The cells as they stood, but for what may not be kept of those who answered."""
    raw = {}
    for letter, value in cells.items():
        kept = _may_keep(value, private.get(letter, ""), named=named)
        if kept is not None:
            raw[f"{letter}{number}"] = _kept(kept)
    return raw


def _may_keep(value: Any, name: str, *, named: bool) -> Any:
    if name == "private" or (name == "name" and not named):
        return None
    return _domain_of(str(value)) if name == "email" and not named else value


def _domain_of(address: str) -> str:
    """Of an address that may not be kept, only the municipality's own domain."""
    domain = tidy(address).casefold().rpartition("@")[2]
    return f"@{domain}" if domain.endswith(".kommune.no") else ""


def _kept(value: Any) -> Any:
    """A cell as the row can keep it: times and durations in words."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def check(job: ImportJob, rows: Sequence[ImportRow], report: Report) -> dict[str, Any]:
    """Set verdict, messages, values, target and before of each row; answer with the plan and the state of the data."""
    survey = survey_of(job)
    _forget(job, rows, named=survey.named)
    checker = Checker(job, survey, rows)
    for place, row in enumerate(rows):
        checker.check(row)
        if place % 500 == 0:
            report(10 + 60 * place // max(len(rows), 1), gettext_lazy("Checking the rows"))
    remember(checker.changed)
    job.error = checker.blocked()
    return {
        "plan": checker.plan.asked,
        "state": state_of(survey),
        "missing": checker.missing,
        "unplaced": checker.unplaced,
        "assumed": checker.assumed,
        "known": checker.known,
        "absent": checker.absent,
        "program": str(Program(checker.fixed.program).label),
        "asks": any(one["asks"] for one in checker.plan.asked),
    }


def _forget(job: ImportJob, rows: Sequence[ImportRow], *, named: bool) -> None:
    """A column that a person says holds names or addresses is treated so from then on."""
    private = {letter: name for letter, name in job.mapping["columns"].items() if name in PRIVATE}
    if not private:
        return
    for row in rows:
        cells = {forms_reader.letter_of(address): value for address, value in row.raw.items()}
        row.raw = _raw(row.number, cells, private, named=named)


def state_of(survey: Survey) -> dict[str, int]:
    """What a check rests on; when it is another at writing, the rows are looked over once more."""
    versions = list(survey.responses.values_list("version", flat=True))
    return {
        "survey": Survey.objects.values_list("version", flat=True).get(pk=survey.pk),
        "responses": len(versions),
        "versions": sum(versions),
        "questions": survey.questions.count(),
        "options": Option.objects.filter(question__survey=survey).count(),
    }


class Checker:
    """One check of one file: what the survey holds now, what the columns are, and what was seen in the file so far."""

    def __init__(self, job: ImportJob, survey: Survey, rows: Sequence[ImportRow]) -> None:
        self.job, self.survey = job, survey
        fixed = {column.name for column in FIXED} - {*KINDS, "role"}
        letters = {name: letter for letter, name in job.mapping["columns"].items() if name in fixed}
        self.faults = Faults(letters, {one["letter"]: one["header"] for one in job.columns})
        self.plan = plan_of(job, survey, rows)
        self.fixed = FixedColumns(job, survey, rows, self.faults)
        self.answers = Answers(self.plan.asked, self.faults)
        self.keys = {one["letter"]: one["key"] for one in self.plan.asked}
        self.standing = {_identity(one.external_id, one.started): one for one in survey.responses.all()}
        self.seen: dict[tuple[str, str], int] = {}
        self.changed: list[ImportRow] = []
        self.unplaced: list[int] = []
        self.assumed = self.known = 0

    @property
    def missing(self) -> list[str]:
        """Questions that the survey has and the file lacks: perhaps the wrong file."""
        found = {one["pk"] for one in self.plan.asked}
        return [str(one) for one in self.survey.questions.all() if one.pk not in found]

    @property
    def absent(self) -> int:
        """Known answers that the file lacks, where they are so many that it may be the wrong file; they stay."""
        from_files = sum(one.imported_by_id is not None for one in self.standing.values())
        return from_files - self.known if self.known < FEWER * from_files else 0

    def blocked(self) -> str:
        if self.plan.loose:
            return _(
                "These columns have a tick for each answer, but their titles do not say of which question: "
                "%(columns)s. Connect them to a question with several choices, or do not use them."
            ) % {"columns": ", ".join(f"«{title}»" for title in self.plan.loose[:5])}
        if not self.plan.asked:
            return _("No column is connected to a question. Say which columns are questions.")
        if self.plan.doubled:
            return _("Two columns are connected to the same question: %(columns)s.") % {
                "columns": " / ".join(self.plan.doubled)
            }
        asks = [one["text"] for one in self.plan.asked if one["asks"]]
        if asks and not self.job.mapping.get("as_proposed"):
            return _(
                "The choices are joined by commas, and a choice can hold a comma itself. Look over the choices of: "
                "%(questions)s."
            ) % {"questions": ", ".join(f"«{text[:80]}»" for text in asks[:5])}
        return ""

    def check(self, row: ImportRow) -> None:
        """One row, all its faults at once."""
        said = self.fixed.read(row)
        said["answers"] = self.answers.read(row)
        first = self.seen.setdefault((said["external_id"], said["started"] or ""), row.number)
        if first != row.number:
            self.faults.of_field(
                row, "id", _("The same answer stands in row %(row)s too. Delete one of them.") % {"row": first}
            )
        if is_faulty(row):
            row.verdict = ImportRow.Verdict.ERROR
            return
        said["content"] = self._fingerprint(said)
        self._compare(row, said)

    def _compare(self, row: ImportRow, said: dict[str, Any]) -> None:
        standing = self.standing.get(_identity(said["external_id"], said["started"]))
        if standing is None:
            row.verdict, row.target = ImportRow.Verdict.NEW, uuid.uuid5(self.job.pk, f"{row.sheet}:{row.number}")
        else:
            self.known += 1
            row.target = standing.pk
            self._keep_what_was_filled_in(standing, said)
            row.verdict = self._verdict(row, standing, said)
        row.values = said | {"version": standing.version if standing else 0}
        if row.verdict == ImportRow.Verdict.CHANGED:
            self.changed.append(row)
        if said["municipality"] is None:
            self.unplaced.append(row.number)
        self.assumed += said["people_assumed"]

    def _verdict(self, row: ImportRow, standing: Response, said: dict[str, Any]) -> str:
        """Changed in the form since, or the same; what an older export says does not come back."""
        edited = datetime.fromisoformat(said["modified"]) if said["modified"] else None
        if edited and standing.modified and edited < standing.modified:
            self.faults.of_field(
                row, "modified", _("A newer version of this answer has been imported already."), level="note"
            )
            return ImportRow.Verdict.UNCHANGED
        newer = edited is not None and edited != standing.modified
        same = said["content"] == standing.content and all(
            said[name] == getattr(standing, attribute)
            for name, attribute in (("municipality", "municipality_id"), ("people", "people"))
        )
        return ImportRow.Verdict.UNCHANGED if same and not newer else ImportRow.Verdict.CHANGED

    def _keep_what_was_filled_in(self, standing: Response, said: dict[str, Any]) -> None:
        """What a person has filled in stays, unless the same is filled in anew for this file."""
        by_hand = self.fixed.filled_in(said["row"])
        asked = standing.municipality_from == Response.Source.ASKED
        known = standing.municipality_id and said["municipality_from"] != Response.Source.QUESTION
        if "municipality" not in by_hand and (asked or known):
            said["municipality"], said["municipality_from"] = standing.municipality_id, standing.municipality_from
        if "people" not in by_hand and said["people_assumed"] and not standing.people_assumed:
            said["people"], said["people_assumed"] = standing.people, False

    def _fingerprint(self, said: dict[str, Any]) -> str:
        content = {
            "answers": {self.keys[letter]: answer for letter, answer in said["answers"].items()},
            "completed": said["completed"],
            "municipality": said["municipality"] if said["municipality_from"] == "question" else None,
            "people": said["people_in_file"],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _identity(external_id: str, started: datetime | str | None) -> tuple[str, str]:
    if isinstance(started, datetime):
        started = started.astimezone(ZoneInfo("UTC")).isoformat()
    return external_id, started or ""


def remember(rows: Sequence[ImportRow]) -> None:
    """Keep with each row that changes an answer what stood there, so that it can be taken back."""
    there = {one.pk: one for one in Response.objects.filter(pk__in=[row.target for row in rows])}
    answers: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    fields = ("response", "question", "option", "number", "text", "day", "review")
    for one in Answer.objects.filter(response__in=there).values(*fields):
        said: dict[str, Any] = {
            name: str(value) if name in ("number", "day") and value is not None else value
            for name, value in one.items()
        }
        answers[said.pop("response")].append(said)
    for row in rows:
        assert row.target is not None
        standing = there[row.target]
        row.before = {
            "completed": standing.completed.isoformat() if standing.completed else None,
            "modified": standing.modified.isoformat() if standing.modified else None,
            "municipality": standing.municipality_id,
            "municipality_from": standing.municipality_from,
            "people": standing.people,
            "people_assumed": standing.people_assumed,
            "name": standing.respondent_name,
            "email": standing.respondent_email,
            "content": standing.content,
            "answers": answers[row.target],
        }
