"""What an agreement must settle in each organisational form: data with dates, in words of our own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.models.agreements import SectionKind

FILE = Path(__file__).with_name("checklists.toml")


@dataclass(frozen=True)
class FormRule:
    """What the act says about one form: its name, who decides, how one leaves, who is liable afterwards."""

    form: str
    since: date
    place: str
    council_itself: bool = False
    name_words: tuple[str, ...] = ()
    exit_months: int | None = None
    liable_after_exit: bool = False


@dataclass(frozen=True)
class Point:
    """One thing the agreement must settle; ``listed`` if changing it needs every party's own body."""

    form: str
    key: str
    since: date
    place: str = ""
    listed: bool = False
    required: bool = True
    nb: str = ""
    en: str = ""

    def __str__(self) -> str:
        if not self.nb:
            return str(SectionKind(self.key).label)
        return self.en if (get_language() or "nb").startswith("en") else self.nb


def rule_of(form: str, on: date | None = None) -> FormRule:
    """What stood on the day, or the first that is known."""
    day = on or timezone.localdate()
    known = [rule for rule in _read()[0] if rule.form == form]
    return max((rule for rule in known if rule.since <= day), key=lambda rule: rule.since, default=known[0])


def points_of(form: str, on: date | None = None) -> list[Point]:
    """The checklist of the form that day; the first known where the day is earlier."""
    day = on or timezone.localdate()
    newest: dict[str, Point] = {}
    for point in (point for point in _read()[1] if point.form == form):
        if point.key not in newest or point.since <= day:
            newest[point.key] = point
    return list(newest.values())


def name_lacks(form: str, name: str, on: date | None = None) -> str:
    """A sentence where the act wants a word in the name and it is not there."""
    words = rule_of(form, on).name_words if form else ()
    if not words or any(re.search(rf"\b{re.escape(word)}\b", name, re.IGNORECASE) for word in words):
        return ""
    told = {"words": _(" or ").join(f"«{word}»" for word in words), "place": rule_of(form, on).place}
    return _("The name must hold %(words)s (%(place)s).") % told


def is_council(decided_by: str) -> bool:
    """Whether what is written names the municipality's highest body."""
    return any(word in decided_by.casefold() for word in _told()["councils"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _read() -> tuple[list[FormRule], list[Point]]:
    told = _told()
    rules = [FormRule(**{**row, "name_words": tuple(row.get("name_words", ()))}) for row in told["form"]]
    points = [Point(**row) for row in told["point"]]
    return sorted(rules, key=lambda rule: rule.since), sorted(points, key=lambda point: point.since)
