"""What kind of question gave the answers of a column, and how a step, a time and a tick are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets import values as typed
from surveys.choices import SEPARATORS, proposed
from surveys.models.questionnaires import tidy
from surveys.survey_words import Program

KINDS = ("single", "multiple", "tick", "scale", "number", "date", "text")
TICKED = {"yes", "y", "ja", "j", "x", "1", "true", "checked", "valgt", "oui", "sí", "si"}
NOT_TICKED = {"no", "n", "nei", "nej", "0", "false", "unchecked", "ikke valgt", "non", "n/a", "-oth-"}
_STEP = re.compile(r"^\(?(\d{1,2})\)?(?:[.,]0+)?\s*(?:[-–—:.)=]\s*(?P<words>\D.*)|\((?P<inside>\D.*)\)|)$", re.DOTALL)
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d\d-\d\d(?:[T ]00:00(?::00)?)?")
_COUNTS = re.compile(r"\b(antall|antal|tal på|hvor mange|kor mange|how many|number of|hur många)\b", re.IGNORECASE)
_SLASHED = re.compile(
    r"^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[ ,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s*([AaPp])?\.?[Mm]?\.?)?$"
)
# Words that are choices wherever they stand, also where only two have answered.
_ANSWERS = {
    "ja", "nei", "vet ikke", "veit ikkje", "ikke relevant", "yes", "no", "maybe", "kanskje", "usikker", "delvis",
    "helt enig", "enig", "litt enig", "delvis enig", "verken enig eller uenig", "nøytral", "litt uenig",
    "delvis uenig", "uenig", "helt uenig", "strongly agree", "agree", "neutral", "disagree", "strongly disagree",
}  # fmt: skip
_SHORT = 120


def kind_of(values: Sequence[Any], *, title: str = "", program: str = Program.OTHER, in_grid: bool = False) -> str:
    """What kind of question gave these answers; only a proposal."""
    texts = [tidy(str(value)) for value in values]
    if not texts:
        return "tick" if in_grid and program == Program.LIMESURVEY else "text"
    if in_grid and program == Program.LIMESURVEY and _ticks(texts):
        return "tick"
    if any(text.endswith(";") for text in texts):
        return "multiple"
    if all(isinstance(value, date) or _DAY.fullmatch(text) for value, text in zip(values, texts, strict=True)):
        return "date"
    if kind := _of_numbers(values, texts, title):
        return kind
    if len(proposed(texts, SEPARATORS[Program(program)])) > 1 and _repeats(texts, SEPARATORS[Program(program)]):
        return "multiple"
    if all(text.casefold().rstrip(".") in _ANSWERS for text in texts):
        return "single"
    if max(len(text) for text in texts) <= _SHORT and len(set(texts)) <= len(texts) * 0.6:
        return "single"
    return "text"


def _ticks(texts: Sequence[str]) -> bool:
    return all(text.casefold() in TICKED | NOT_TICKED for text in texts)


def _of_numbers(values: Sequence[Any], texts: Sequence[str], title: str) -> str:
    steps = [step_of(text) for text in texts]
    if all(steps) and any(words for step in steps if step for words in step[1:]):
        return "scale"
    numbers = [_number(value) for value in values]
    if any(number is None for number in numbers):
        return ""
    small = all(number == int(number) and 0 <= number <= 10 for number in numbers if number is not None)
    return "scale" if small and len(numbers) > 1 and not _COUNTS.search(title) else "number"


def _number(value: Any) -> Any:
    try:
        return typed.number(value)
    except ValueError:
        return None


def _repeats(texts: Sequence[str], separator: str) -> bool:
    """The parts of the cells are few and come again and again, as choices do and sentences do not."""
    parts = Counter(part for text in texts for part in (tidy(one) for one in text.split(separator)) if part)
    long = max((len(part) for part in parts), default=0)
    return any(separator in text for text in texts) and long <= _SHORT and len(parts) * 2 <= parts.total()


def step_of(text: str) -> tuple[int, str] | None:
    """«4 - Enig» is step 4, which means «Enig»; «1 (None at all)» is step 1."""
    found = _STEP.match(tidy(text))
    return (int(found[1]), tidy(found["words"] or found["inside"] or "")) if found else None


# --- times ----------------------------------------------------------------------------------------


def order_of(values: Iterable[Any]) -> str:
    """Whether the column writes day/month or month/day: «dmy», «mdy», or "" where nothing in it tells."""
    orders = set()
    for value in values:
        found = _SLASHED.match(tidy(value)) if isinstance(value, str) else None
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        if first > 12 or second > 12 or found[7]:
            orders.add("dmy" if first > 12 else "mdy")
    return orders.pop() if len(orders) == 1 else ""


def moment(value: Any, order: str = "") -> datetime | None:
    """A time as it stands in the file, without a zone. Slashes are read only where the column tells their order."""
    if value is None or (isinstance(value, str) and not tidy(value)):
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- as it stands in the file
    text = re.sub(r"\s*(kl\.?|,)\s*", " ", tidy(str(value)), flags=re.IGNORECASE)
    for pattern in (
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
        "%d.%m.%Y %H.%M.%S", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M", "%d.%m.%Y",
    ):  # fmt: skip
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 -- as it stands in the file
        except ValueError:
            continue
    try:
        zoned = datetime.fromisoformat(text)
    except ValueError:
        return _slashed(tidy(str(value)), order)
    return zoned if zoned.tzinfo else zoned.replace(tzinfo=None)


def _slashed(text: str, order: str) -> datetime:
    found = _SLASHED.match(text)
    if not found:
        raise ValueError(_("Write the time like 06.09.2025 15:37."))
    if not order:
        raise ValueError(
            _(
                "Nobody can tell the day from the month here. Write the time like 06.09.2025 15:37, "
                "or do not use the column."
            )
        )
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (first, second) if order == "dmy" else (second, first)
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + (12 if found[7].lower() == "p" else 0)
    try:
        return datetime(  # noqa: DTZ001 -- as it stands in the file
            year + 2000 if year < 100 else year, month, day, hour, int(found[5] or 0), int(found[6] or 0)
        )
    except ValueError:
        raise ValueError(_("Write the time like 06.09.2025 15:37.")) from None
