"""What a row answers to each question, by the plan of the file; a cell that is not understood is told, not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets import values as typed
from surveys.answer_kinds import NOT_TICKED, TICKED, step_of
from surveys.choices import NOTHING_SAID, plain_choice
from surveys.models import ImportRow, Question
from surveys.models.questionnaires import tidy, visible
from surveys.survey_faults import Faults
from surveys.survey_plan import split

LONGEST_TEXT = 20_000
LARGEST = 10**12


class Answers:
    """Reads the questions of one file, row by row; ``plan`` is the work of ``survey_plan``."""

    def __init__(self, plan: Sequence[dict[str, Any]], faults: Faults) -> None:
        self.plan, self.faults = plan, faults
        self.known = {
            one["letter"]: {plain_choice(option["text"]): option["text"] for option in one["options"]} for one in plan
        }

    def read(self, row: ImportRow) -> dict[str, dict[str, Any]]:
        """By the letter of the question's column, what was answered; a question without an answer is not there."""
        return {one["letter"]: answer for one in self.plan if (answer := self._answer(row, one)) is not None}

    def _answer(self, row: ImportRow, asked: dict[str, Any]) -> dict[str, Any] | None:
        if asked["letters"]:
            return self._boxes(row, asked)
        value = row.raw.get(f"{asked['letter']}{row.number}")
        if value is None or not (said := typed.text(value)):
            return None
        match asked["kind"]:
            case Question.Kind.SINGLE | Question.Kind.MULTIPLE:
                return self._choices(asked, said)
            case Question.Kind.SCALE:
                return self._on_scale(row, asked, said)
            case Question.Kind.NUMBER:
                return self._number(row, asked, value)
            case Question.Kind.DATE:
                return self._day(row, asked, value)
        return self._text(row, asked, str(value))

    def _boxes(self, row: ImportRow, asked: dict[str, Any]) -> dict[str, Any] | None:
        """The boxes that are ticked; none of them ticked says nothing."""
        chosen, own = [], []
        for letter, text in asked["letters"].items():
            said = typed.text(row.raw.get(f"{letter}{row.number}"))
            if text and said.casefold() in TICKED:
                chosen.append(self.known[asked["letter"]][plain_choice(text)])
            elif said and said.casefold() not in TICKED | NOT_TICKED:
                own.append(said)
        return {"choices": chosen, "other": "; ".join(own)} if chosen or own else None

    def _choices(self, asked: dict[str, Any], value: str) -> dict[str, Any] | None:
        known = self.known[asked["letter"]]
        parts = split(value, list(known.values()), asked["separator"])
        chosen = [known[plain] for part in parts if (plain := plain_choice(part)) in known]
        own_words = [part for part in parts if plain_choice(part) not in known]
        if not chosen and not own_words:
            return None
        return {"choices": chosen, "other": "; ".join(own_words)}

    def _on_scale(self, row: ImportRow, asked: dict[str, Any], value: str) -> dict[str, Any] | None:
        step = step_of(value)
        if step is not None:
            return {"number": str(step[0])}
        if tidy(value).casefold() not in NOTHING_SAID:
            self.faults.at(row, asked["letter"], _("This is no step of the scale. Write the number of the step."))
        return None

    def _number(self, row: ImportRow, asked: dict[str, Any], value: Any) -> dict[str, Any] | None:
        try:
            number = typed.number(value)
        except ValueError as fault:
            if typed.text(value).casefold() not in NOTHING_SAID:
                self.faults.at(row, asked["letter"], str(fault))
            return None
        if number is not None and abs(number) >= LARGEST:
            self.faults.at(row, asked["letter"], _("The number is too large. Correct it in the sheet."))
            return None
        return None if number is None else {"number": f"{number:.2f}"}

    def _day(self, row: ImportRow, asked: dict[str, Any], value: Any) -> dict[str, Any] | None:
        try:
            day = typed.date(value)
        except ValueError as fault:
            if typed.text(value).casefold() not in NOTHING_SAID:
                self.faults.at(row, asked["letter"], str(fault))
            return None
        return None if day is None else {"day": day.isoformat()}

    def _text(self, row: ImportRow, asked: dict[str, Any], value: str) -> dict[str, Any] | None:
        text = visible(value).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_TEXT:
            self.faults.at(
                row, asked["letter"], _("The text is longer than the 20 000 characters that fit. Shorten it.")
            )
            return None
        return {"text": text}
