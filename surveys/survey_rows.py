"""The fixed columns of a row: which answer it is, when it was given, from which municipality and by how many."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets import values as typed
from surveys.answer_kinds import moment, order_of
from surveys.models import ImportJob, ImportRow, Response, Survey
from surveys.models.questionnaires import tidy
from surveys.places import Places
from surveys.survey_faults import Faults
from surveys.survey_plan import program_of
from surveys.survey_words import Program

MOST_PEOPLE = 9999
ANONYMOUS = {"anonymous", "anonym", "anonyme", "anonymt", "anónimo"}
TIMES = ("started", "completed", "modified")
# LimeSurvey writes this day where a survey keeps no times.
_NO_TIME = 1980


class FixedColumns:
    """Reads the fixed columns of one file, row by row."""

    def __init__(self, job: ImportJob, survey: Survey, rows: Sequence[ImportRow], faults: Faults) -> None:
        self.survey, self.faults, self.letters = survey, faults, faults.letters
        self.places = Places(job.collaboration)
        self.program = program_of(job)
        self.by_row: Mapping[str, dict[str, Any]] = job.mapping.get("by_row", {})
        self.orders = {name: order_of(self._of(row, name) for row in rows) for name in TIMES if name in self.letters}
        self.alike: Counter[str] = Counter()

    def read(self, row: ImportRow) -> dict[str, Any]:
        """What the row says of itself, all its faults noted at once."""
        said: dict[str, Any] = {"row": row.number, **{name: self._moment(row, name) for name in TIMES}}
        said["external_id"] = self._external_id(row, said)
        if said["started"] and said["completed"] and said["completed"] < said["started"]:
            self.faults.of_field(
                row, "completed", _("The answer was completed before it was started. Correct one of the times.")
            )
        self._people(row, said)
        self._municipality(row, said)
        said["name"], said["email"] = self._respondent(row)
        return said

    def filled_in(self, row: int) -> dict[str, Any]:
        """What a person has filled in for this row of this file."""
        return self.by_row.get(str(row), {})

    def _of(self, row: ImportRow, name: str) -> Any:
        letter = self.letters.get(name)
        return row.raw.get(f"{letter}{row.number}") if letter else None

    def _external_id(self, row: ImportRow, said: dict[str, Any]) -> str:
        """The ID that the form gave, else the time, else a fingerprint of the row, with its place among equals."""
        value = self._of(row, "id")
        if value not in (None, ""):
            return typed.text(value)[:64]
        if self.program != Program.OTHER and not (said["started"] or said["completed"]):
            self.faults.at(
                row, "", _("The row has neither ID nor time, so it is no answer from the form. Delete it in the sheet.")
            )
        known = said["completed"] or said["started"] or self._print_of(row)
        self.alike[known] += 1
        return known if self.alike[known] == 1 else f"{known}-{self.alike[known]}"

    def _print_of(self, row: ImportRow) -> str:
        """The same for a row in whatever order its columns stand."""
        titles = self.faults.titles
        cells = sorted((titles.get(address.rstrip("0123456789"), ""), str(value)) for address, value in row.raw.items())
        return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()[:32]

    def _moment(self, row: ImportRow, name: str) -> str | None:
        """The time in UTC; the file says no zone, and a form filled in here was filled in by Norwegian time."""
        try:
            found = moment(self._of(row, name), self.orders.get(name, ""))
        except ValueError as fault:
            self.faults.of_field(row, name, str(fault))
            return None
        if found is None or (found.year == _NO_TIME and self.program == Program.LIMESURVEY):
            return None
        aware = found if found.tzinfo else _norwegian(found)
        if aware > timezone.now():
            self.faults.of_field(
                row,
                name,
                _("The time is in the future. Correct the date in the sheet, and import the file once more."),
            )
            return None
        return aware.astimezone(ZoneInfo("UTC")).isoformat()

    def _people(self, row: ImportRow, said: dict[str, Any]) -> None:
        """How many people stand behind the answer; one is assumed, and marked so, where nothing is said (R31)."""
        by_hand = self.filled_in(row.number).get("people")
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
            self.faults.of_field(
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
        by_hand = self.filled_in(row.number).get("municipality")
        value = self._of(row, "municipality")
        if by_hand in self.places.by_pk:
            said["municipality"], said["municipality_from"] = by_hand, Response.Source.ASKED
        elif value not in (None, "") and tidy(str(value)):
            found = self.places.named(value)
            if found is None:
                self.faults.of_field(row, "municipality", self._not_a_member())
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


def _norwegian(found: datetime) -> datetime:
    return found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
