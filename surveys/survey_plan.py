"""Which questions and choices a survey export brings: each column that asks something, with its kind and choices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from digivesteralen.spreadsheets import values as typed
from surveys.answer_kinds import KINDS, NOT_TICKED, TICKED, step_of
from surveys.choices import COMMA, in_order, plain_choice, proposed, separator_of, split_choices
from surveys.models import ImportJob, ImportRow, Question, Survey
from surveys.models.questionnaires import key_of, question_key, tidy
from surveys.question_titles import Title, titles_of
from surveys.survey_words import Program

QUESTION = "question-"
LONGEST_CHOICE = 1000
# With fewer answers than this a choice that only one has taken cannot be told from words of one's own.
FEW = 10
CHOICES = (Question.Kind.SINGLE, Question.Kind.MULTIPLE)


@dataclass
class Plan:
    """What the columns ask; the titles connected to one question twice, and tick boxes that no question is known of."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def program_of(job: ImportJob) -> str:
    """What made the file: as a person has said, else as it was recognised."""
    said: str = job.mapping.get("program") or next((one.get("program", "") for one in job.columns), "")
    return said or Program.OTHER


def plan_of(job: ImportJob, survey: Survey, rows: Sequence[ImportRow]) -> Plan:
    """Each question in the file, with its kind and choices; boxes to tick are folded into their question."""
    return _Planner(job, survey, rows).plan()


class _Planner:
    def __init__(self, job: ImportJob, survey: Survey, rows: Sequence[ImportRow]) -> None:
        self.job, self.rows, self.program = job, rows, program_of(job)
        self.asked = {one.pk: one for one in survey.questions.prefetch_related("options")}
        self.known = Known(list(self.asked.values()))
        self.titles = titles_of({one["letter"]: one["header"] for one in job.columns}, self.program)
        self.listed: dict[str, list[str]] = job.mapping.get("choices", {})
        self.by_key: dict[str, dict[str, Any]] = {}
        self.found = Plan()

    def plan(self) -> Plan:
        for column in self.job.columns:
            name = self.job.mapping["columns"].get(column["letter"], "")
            if name.startswith(QUESTION) or name in (*KINDS, "role"):
                self._column(column["letter"], tidy(column["header"]), name)
        for one in self.found.asked:
            self._finish(one)
        return self.found

    def _column(self, letter: str, header: str, name: str) -> None:
        title, values = self.titles[letter], self._values(letter)
        question = self.asked.get(int(name.removeprefix(QUESTION))) if name.startswith(QUESTION) else None
        ticked = name == "tick" or bool(
            question and question.kind == Question.Kind.MULTIPLE and title.group and _are_ticks(values)
        )
        if name == "tick" and not title.group:
            self.found.loose.append(header)
            return
        asks = Title(title.group) if ticked else title
        question = question or self.known.of(asks, header)
        key = question.key if question else question_key(asks.text, asks.group)
        there = self.by_key.get(key)
        if there is not None:
            if ticked and there["letters"]:
                there["letters"][letter] = title.text
            else:
                self.found.doubled.append(header)
            return
        self.by_key[key] = self._new(letter, asks, question, key, name, ticked=ticked)
        if ticked:
            self.by_key[key]["letters"] = {letter: title.text}
        self.found.asked.append(self.by_key[key])

    def _new(
        self, letter: str, title: Title, question: Question | None, key: str, name: str, *, ticked: bool
    ) -> dict[str, Any]:
        kind = question.kind if question else "multiple" if ticked else "single" if name == "role" else name
        return {
            "letter": letter,
            "letters": {},
            "pk": question.pk if question else None,
            "text": question.text if question else title.text,
            "group": question.group if question else title.group,
            "key": key,
            "kind": str(kind),
            "role": question.about_role if question else name == "role",
            "options": [],
            "other": False,
            "own_words": 0,
            "separator": "",
            "asks": False,
        }

    def _finish(self, one: dict[str, Any]) -> None:
        """The choices, when all columns of the question are known."""
        question = self.asked.get(one["pk"])
        if one["letters"]:
            self._boxes(one, question)
        elif one["kind"] in CHOICES:
            self._choices(one, question, self._values(one["letter"]))
        elif one["kind"] == Question.Kind.SCALE:
            one["options"] = _steps(question, self._values(one["letter"]))

    def _values(self, letter: str) -> list[str]:
        cells = (row.raw.get(f"{letter}{row.number}") for row in self.rows)
        return [said for cell in cells if (said := typed.text(cell))]

    def _boxes(self, one: dict[str, Any], question: Question | None) -> None:
        """A box for each choice; one that holds words instead of ticks is where people wrote their own."""
        options = _there(question)
        for letter, text in one["letters"].items():
            values = self._values(letter)
            if _are_ticks(values):
                options.setdefault(plain_choice(text), {"text": text, "new": True})
            else:
                one["letters"][letter] = ""
                one["own_words"] += sum(value.casefold() not in TICKED | NOT_TICKED for value in values)
        one["options"] = list(options.values())
        one["other"] = one["own_words"] > 0

    def _choices(self, one: dict[str, Any], question: Question | None, values: list[str]) -> None:
        """Words of one's own take the place of a choice in the same list, known only by not being a known choice."""
        several = one["kind"] == Question.Kind.MULTIPLE
        options, has_other = _there(question), question is not None and any(o.is_other for o in question.options.all())
        listed = [tidy(text) for text in self.listed.get(one["letter"], []) if tidy(text)]
        known = [*(option["text"] for option in options.values()), *listed]
        sign = separator_of(self.program, values) if several else ""
        if sign == COMMA and not known:
            one["asks"] = any(COMMA in value for value in values)
            known = proposed(values, COMMA)
        one["separator"] = sign
        taken, spelt = _taken([part for value in values for part in split(value, known, sign)])
        for text in listed or _new_choices(taken, spelt, len(values), closed=has_other):
            options.setdefault(plain_choice(text), {"text": text, "new": True})
        one["own_words"] = sum(count for plain, count in taken.items() if plain not in options)
        one["options"], one["other"] = list(options.values()), has_other or one["own_words"] > 0


class Known:
    """The questions that a survey has, found by the title of a column."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._by_key = {question.key: question for question in questions}
        by_text: dict[str, list[Question]] = defaultdict(list)
        for question in questions:
            by_text[key_of(question.text)].append(question)
        self._by_text = {key: found[0] for key, found in by_text.items() if len(found) == 1}

    def of(self, title: Title, header: str) -> Question | None:
        """By its words and its grid, else by the whole header, else by its words alone where only one has them."""
        found = self._by_key.get(question_key(title.text, title.group)) or self._by_key.get(key_of(header))
        return found or (None if title.group else self._by_text.get(key_of(title.text)))


def split(value: str, known: Sequence[str], sign: str) -> list[str]:
    return split_choices(value, known, sign) if sign else [tidy(value)]


def _there(question: Question | None) -> dict[str, dict[str, Any]]:
    options = question.options.all() if question else ()
    return {plain_choice(one.text): {"text": one.text, "new": False} for one in options if not one.is_other}


def _taken(parts: Sequence[str]) -> tuple[Counter[str], dict[str, str]]:
    """How often each choice was taken, and how it was spelt first."""
    taken: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for part in parts:
        plain = plain_choice(part)
        taken[plain] += 1
        spelt.setdefault(plain, part)
    return taken, spelt


def _new_choices(taken: Counter[str], spelt: dict[str, str], answers: int, *, closed: bool) -> list[str]:
    """What is likely a choice of the form; none where the question has its list already, with «Other» at its end."""
    if closed:
        return []
    often = 1 if answers < FEW else 2
    found = [spelt[plain] for plain, count in taken.items() if count >= often and len(spelt[plain]) <= LONGEST_CHOICE]
    return in_order(found)


def _are_ticks(values: Sequence[str]) -> bool:
    return all(value.casefold() in TICKED | NOT_TICKED for value in values)


def _steps(question: Question | None, values: Sequence[str]) -> list[dict[str, Any]]:
    """What the steps of a scale mean, where the file says it: «4 - Enig»."""
    there = {option.score for option in question.options.all()} if question else set()
    found: dict[int, str] = {}
    for value in values:
        step = step_of(value)
        if step and step[1] and step[0] not in there:
            found.setdefault(step[0], step[1])
    return [{"text": f"{step} – {found[step]}", "new": True, "score": step} for step in sorted(found)]
