"""What each row of a survey export would do, and every fault in it: cell, value and cure; nothing is written here."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import values as typed
from digivesteralen.spreadsheets.reading import Workbook
from surveys import forms_reader
from surveys.import_kinds import Column, SheetRead
from surveys.models import Answer, ImportJob, ImportRow, Option, Question, Response, Survey
from surveys.models.questionnaires import key_of, tidy
from surveys.places import Places
from surveys.survey_plan import QUESTION, plan_of

MOST_PEOPLE = 9999
LONGEST_TEXT = 20_000
NOTHING_SAID = {"vet ikke", "ikke relevant", "usikker", "ingen formening", "don't know", "not relevant"}
ANONYMOUS = {"anonymous", "anonym", "anonyme"}

FIXED = [
    Column("id", gettext_lazy("ID of the answer")),
    Column("started", gettext_lazy("Start time")),
    Column("completed", gettext_lazy("Completion time")),
    Column("email", gettext_lazy("E-mail address")),
    Column("name", gettext_lazy("Name")),
    Column("municipality", gettext_lazy("Municipality")),
    Column("people", gettext_lazy("Number of people behind the answer")),
    Column("role", gettext_lazy("Question: role")),
    Column("single", gettext_lazy("Question: one choice"), repeatable=True),
    Column("multiple", gettext_lazy("Question: several choices"), repeatable=True),
    Column("scale", gettext_lazy("Question: scale"), repeatable=True),
    Column("number", gettext_lazy("Question: number"), repeatable=True),
    Column("text", gettext_lazy("Question: free text"), repeatable=True),
]
LABELS = {column.name: column.label for column in FIXED}


def survey_of(job: ImportJob) -> Survey:
    return Survey.objects.select_related("collaboration").get(pk=job.subject)


def columns(job: ImportJob) -> list[Column]:
    """The fixed columns, the kinds a new question can be of, and the questions that the survey has."""
    asked = Question.objects.filter(survey_id=job.subject)
    return [*FIXED, *(Column(f"{QUESTION}{one.pk}", tidy(one.text)[:120]) for one in asked)]


def read(job: ImportJob, book: Workbook) -> SheetRead:
    """Find the answers; names and addresses are left behind at once unless the survey says that it keeps them."""
    survey = survey_of(job)
    table = forms_reader.recognise(book)
    known = {question.key: question.pk for question in survey.questions.all()}
    found = [
        {"letter": column.letter, "header": column.title, "field": _field(column, known)} for column in table.columns
    ]
    private = {} if survey.named else {one.letter: one.field for one in table.columns if one.field in ("email", "name")}
    rows = [(number, "", _raw(number, cells, private)) for number, cells in table.rows]
    return SheetRead(sheet=table.sheet, columns=found, rows=rows, notes=[*table.notes, *map(str, book.notes)])


def _field(column: forms_reader.FormColumn, known: dict[str, int]) -> str:
    if column.field == "ignore":
        return ""
    asked = known.get(key_of(column.title))
    return f"{QUESTION}{asked}" if asked and column.field in forms_reader.KINDS else column.field


def _raw(number: int, cells: dict[str, Any], private: dict[str, str]) -> dict[str, Any]:
    raw = {}
    for letter, value in cells.items():
        if private.get(letter) == "name":
            continue
        if private.get(letter) == "email":
            value = _domain(str(value))
        raw[f"{letter}{number}"] = _kept(value)
    return raw


def _kept(value: Any) -> Any:
    """A cell as the row can keep it: times and durations in words."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def _domain(address: str) -> str:
    """Of an address that may not be kept, only the municipality's own domain."""
    domain = tidy(address).casefold().rpartition("@")[2]
    return f"@{domain}" if domain.endswith(".kommune.no") else ""


def check(job: ImportJob, rows: Sequence[ImportRow], report: Report) -> dict[str, Any]:
    """Set verdict, messages, values, target and before of each row; answer with the plan and the state of the data."""
    checker = Checker(job, rows)
    for place, row in enumerate(rows):
        checker.check(row)
        if place % 500 == 0:
            report(10 + 60 * place // max(len(rows), 1), gettext_lazy("Checking the rows"))
    remember(checker.changed)
    job.error = checker.blocked()
    return {
        "plan": checker.plan,
        "state": state_of(checker.survey),
        "missing": checker.missing,
        "unplaced": checker.unplaced,
        "assumed": checker.assumed,
    }


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

    def __init__(self, job: ImportJob, rows: Sequence[ImportRow]) -> None:
        self.job, self.rows = job, rows
        self.survey = survey_of(job)
        self.places = Places(job.collaboration)
        self.fields: dict[str, str] = job.mapping["columns"]
        self.titles = {one["letter"]: one["header"] for one in job.columns}
        self.by_row: dict[str, dict[str, Any]] = job.mapping.get("by_row", {})
        self.letters = {name: letter for letter, name in self.fields.items() if name in LABELS}
        self.plan, self.doubled = plan_of(job, self.survey, rows)
        self.known = self._known()
        self.standing = {_identity(one.external_id, one.started): one for one in self.survey.responses.all()}
        self.seen: dict[tuple[str, str], int] = {}
        self.alike: Counter[str] = Counter()
        self.changed: list[ImportRow] = []
        self.unplaced: list[int] = []
        self.assumed = 0

    def _known(self) -> dict[str, dict[str, str]]:
        return {
            one["letter"]: {forms_reader.plain_choice(option["text"]): option["text"] for option in one["options"]}
            for one in self.plan
        }

    @property
    def missing(self) -> list[str]:
        """Questions that the survey has and the file lacks: perhaps the wrong file."""
        found = {one["pk"] for one in self.plan}
        return [str(one) for one in self.survey.questions.all() if one.pk not in found]

    def blocked(self) -> str:
        if not self.plan:
            return _("No column is connected to a question. Say which columns are questions.")
        if self.doubled:
            return _("Two columns are connected to the same question: %(columns)s.") % {
                "columns": " / ".join(self.doubled)
            }
        return ""

    def check(self, row: ImportRow) -> None:
        """One row, all its faults at once."""
        said: dict[str, Any] = {
            "external_id": self._external_id(row),
            "started": self._moment(row, "started"),
            "completed": self._moment(row, "completed"),
        }
        self._in_order(row, said)
        self._people(row, said)
        self._municipality(row, said)
        said["name"], said["email"] = self._respondent(row)
        said["answers"] = {one["letter"]: answer for one in self.plan if (answer := self._answer(row, one)) is not None}
        first = self.seen.setdefault((said["external_id"], said["started"] or ""), row.number)
        if first != row.number:
            self._fault(row, "id", _("The same answer stands in row %(row)s too. Delete one of them.") % {"row": first})
        if any(message["level"] == "error" for message in row.messages):
            row.verdict = ImportRow.Verdict.ERROR
            return
        said["content"] = self._fingerprint(said)
        self._compare(row, said)

    def _compare(self, row: ImportRow, said: dict[str, Any]) -> None:
        standing = self.standing.get(_identity(said["external_id"], said["started"]))
        if standing is None:
            row.verdict, row.target = ImportRow.Verdict.NEW, uuid.uuid5(self.job.pk, f"{row.sheet}:{row.number}")
        else:
            row.target = standing.pk
            self._keep_what_was_filled_in(standing, said)
            same = said["content"] == standing.content and all(
                said[name] == getattr(standing, attribute)
                for name, attribute in (("municipality", "municipality_id"), ("people", "people"))
            )
            row.verdict = ImportRow.Verdict.UNCHANGED if same else ImportRow.Verdict.CHANGED
        row.values = said | {"version": standing.version if standing else 0}
        if row.verdict == ImportRow.Verdict.CHANGED:
            self.changed.append(row)
        if said["municipality"] is None:
            self.unplaced.append(row.number)
        self.assumed += said["people_assumed"]

    def _keep_what_was_filled_in(self, standing: Response, said: dict[str, Any]) -> None:
        """What a person has filled in stays, unless the same is filled in anew for this file."""
        by_hand = self.by_row.get(str(said["row"]), {})
        asked = standing.municipality_from == Response.Source.ASKED
        known = standing.municipality_id and said["municipality_from"] != Response.Source.QUESTION
        if "municipality" not in by_hand and (asked or known):
            said["municipality"], said["municipality_from"] = standing.municipality_id, standing.municipality_from
        if "people" not in by_hand and said["people_assumed"] and not standing.people_assumed:
            said["people"], said["people_assumed"] = standing.people, False

    # --- the fixed columns ----------------------------------------------------------------------

    def _cell(self, row: ImportRow, letter: str) -> Any:
        return row.raw.get(f"{letter}{row.number}") if letter else None

    def _of(self, row: ImportRow, field: str) -> Any:
        return self._cell(row, self.letters.get(field, ""))

    def _external_id(self, row: ImportRow) -> str:
        """The ID that the form gave; without one, a fingerprint of the row and its place among equal ones."""
        value = self._of(row, "id")
        if value not in (None, ""):
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            return tidy(str(value))[:64]
        cells = json.dumps([row.raw[address] for address in sorted(row.raw)], ensure_ascii=False, default=str)
        print_of = hashlib.sha256(cells.encode()).hexdigest()[:32]
        self.alike[print_of] += 1
        return f"{print_of}-{self.alike[print_of]}"

    def _moment(self, row: ImportRow, field: str) -> str | None:
        """The time in UTC; the file says no zone, and a form filled in here was filled in by Norwegian time."""
        try:
            found = forms_reader.moment(self._of(row, field))
        except ValueError as fault:
            self._fault(row, field, str(fault))
            return None
        if found is None:
            return None
        aware = found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        if aware > timezone.now():
            self._fault(
                row,
                field,
                _("The time is in the future. Correct the date in the sheet, and import the file once more."),
            )
            return None
        return aware.astimezone(ZoneInfo("UTC")).isoformat()

    def _in_order(self, row: ImportRow, said: dict[str, Any]) -> None:
        said["row"] = row.number
        if said["started"] and said["completed"] and said["completed"] < said["started"]:
            self._fault(
                row, "completed", _("The answer was completed before it was started. Correct one of the times.")
            )

    def _people(self, row: ImportRow, said: dict[str, Any]) -> None:
        """How many people stand behind the answer; one is assumed, and marked so, where nothing is said (R31)."""
        by_hand = self.by_row.get(str(row.number), {}).get("people")
        value = by_hand if by_hand is not None else self._of(row, "people")
        said["people"], said["people_assumed"], said["people_in_file"] = 1, False, None
        if value is None or (isinstance(value, str) and not tidy(value)):
            said["people_assumed"] = True
            return
        try:
            number = typed.number(value)
        except ValueError:
            number = None
        if number is None or number != int(number) or not 1 <= number <= MOST_PEOPLE:
            self._fault(
                row,
                "people",
                _("The number of people must be a whole number, 1 or more. Write for example 3."),
            )
            return
        said["people"] = int(number)
        said["people_in_file"] = None if by_hand is not None else int(number)

    def _municipality(self, row: ImportRow, said: dict[str, Any]) -> None:
        """From a question, else from the e-mail domain, else as filled in by hand; never guessed."""
        said["municipality"], said["municipality_from"] = None, ""
        by_hand = self.by_row.get(str(row.number), {}).get("municipality")
        value = self._of(row, "municipality")
        if by_hand in self.places.by_pk:
            said["municipality"], said["municipality_from"] = by_hand, Response.Source.ASKED
        elif value not in (None, "") and tidy(str(value)):
            found = self.places.named(value)
            if found is None:
                self._fault(row, "municipality", self._not_a_member())
            else:
                said["municipality"], said["municipality_from"] = found.pk, Response.Source.QUESTION
        elif found := self.places.of_email(str(self._of(row, "email") or "")):
            said["municipality"], said["municipality_from"] = found.pk, Response.Source.EMAIL

    def _not_a_member(self) -> str:
        names = ", ".join(place.name for place in list(self.places.by_pk.values())[:8])
        return _(
            "No municipality in the collaboration has this name or number. Choose the municipality for this "
            "answer below, or correct the sheet. The members are: %(names)s."
        ) % {"names": names + (" …" if len(self.places.by_pk) > 8 else "")}

    def _respondent(self, row: ImportRow) -> tuple[str, str]:
        if not self.survey.named:
            return "", ""
        name, email = (tidy(str(self._of(row, field) or "")) for field in ("name", "email"))
        return ("" if name.casefold() in ANONYMOUS else name[:200], email[:254] if "@" in email else "")

    # --- the questions --------------------------------------------------------------------------

    def _answer(self, row: ImportRow, asked: dict[str, Any]) -> dict[str, Any] | None:
        value = self._cell(row, asked["letter"])
        if value is None or not tidy(str(value)):
            return None
        if asked["kind"] in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
            return self._choices(row, asked, str(value))
        if asked["kind"] == Question.Kind.SCALE:
            return self._on_scale(row, asked, str(value))
        if asked["kind"] == Question.Kind.NUMBER:
            return self._number(row, asked, value)
        text = str(value).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_TEXT:
            self._fault_at(
                row, asked["letter"], _("The text is longer than the 20 000 characters that fit. Shorten it.")
            )
            return None
        return {"text": text}

    def _choices(self, row: ImportRow, asked: dict[str, Any], value: str) -> dict[str, Any] | None:
        known = self.known[asked["letter"]]
        parts = (
            forms_reader.split_choices(value, list(known.values())) if asked["kind"] == "multiple" else [tidy(value)]
        )
        chosen = [known[plain] for part in parts if (plain := forms_reader.plain_choice(part)) in known]
        own_words = [part for part in parts if forms_reader.plain_choice(part) not in known]
        if not chosen and not own_words:
            return None
        return {"choices": chosen, "other": "; ".join(own_words)}

    def _on_scale(self, row: ImportRow, asked: dict[str, Any], value: str) -> dict[str, Any] | None:
        number = forms_reader.scale_of(value.removesuffix(".0"))
        if number is not None:
            return {"number": str(number)}
        if tidy(value).casefold() not in NOTHING_SAID:
            self._fault_at(row, asked["letter"], _("This is no step of the scale. Write the number of the step."))
        return None

    def _number(self, row: ImportRow, asked: dict[str, Any], value: Any) -> dict[str, Any] | None:
        try:
            number = typed.number(value)
        except ValueError as fault:
            self._fault_at(row, asked["letter"], str(fault))
            return None
        if number is not None and abs(number) >= 10**12:
            self._fault_at(row, asked["letter"], _("The number is too large. Correct it in the sheet."))
            return None
        return None if number is None else {"number": f"{number:.2f}"}

    # --- sentences and fingerprints -------------------------------------------------------------

    def _fingerprint(self, said: dict[str, Any]) -> str:
        keys = {one["letter"]: one["key"] for one in self.plan}
        content = {
            "answers": {keys[letter]: answer for letter, answer in said["answers"].items()},
            "completed": said["completed"],
            "municipality": said["municipality"] if said["municipality_from"] == "question" else None,
            "people": said["people_in_file"],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def _fault(self, row: ImportRow, field: str, sentence: str) -> None:
        letter = self.letters.get(field, "")
        private = field in ("email", "name")
        self._say(row, letter, str(LABELS[field]), sentence, value="" if private else self._cell(row, letter))

    def _fault_at(self, row: ImportRow, letter: str, sentence: str) -> None:
        self._say(row, letter, self.titles.get(letter, letter), sentence, value=self._cell(row, letter))

    def _say(self, row: ImportRow, letter: str, column: str, sentence: str, *, value: Any) -> None:
        row.messages.append(
            {
                "cell": f"{letter}{row.number}" if letter else "",
                "column": column,
                "value": "" if value is None else str(value)[:200],
                "sentence": sentence,
                "level": "error",
            }
        )


def _identity(external_id: str, started: datetime | str | None) -> tuple[str, str]:
    if isinstance(started, datetime):
        started = started.astimezone(ZoneInfo("UTC")).isoformat()
    return external_id, started or ""


def remember(rows: Sequence[ImportRow]) -> None:
    """Keep with each row that changes an answer what stood there, so that it can be taken back."""
    there = {one.pk: one for one in Response.objects.filter(pk__in=[row.target for row in rows])}
    answers: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in Answer.objects.filter(response__in=there).values("response", "question", "option", "number", "text"):
        said: dict[str, Any] = {**one, "number": None if one["number"] is None else str(one["number"])}
        answers[said.pop("response")].append(said)
    for row in rows:
        assert row.target is not None
        standing = there[row.target]
        row.before = {
            "completed": standing.completed.isoformat() if standing.completed else None,
            "municipality": standing.municipality_id,
            "municipality_from": standing.municipality_from,
            "people": standing.people,
            "people_assumed": standing.people_assumed,
            "name": standing.respondent_name,
            "email": standing.respondent_email,
            "content": standing.content,
            "answers": answers[row.target],
        }
