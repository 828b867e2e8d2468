"""How an answer looks: a word for each state, and a colour that supports it (ui.md 9: never colour alone)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import wording
from governance.models import Adoption

# The numbers that count: name in `counts()`, what it is called, its colour in charts and tags.
SERIES = [
    ("adopted", gettext_lazy("Adopted"), "success"),
    ("reserved", gettext_lazy("Adopted with reservations"), "warning"),
    ("not_adopted", gettext_lazy("Not adopted"), "danger"),
    ("scheduled", gettext_lazy("To be treated"), "info"),
    ("untreated", gettext_lazy("Not treated"), "neutral"),
]
LATE = ("late", gettext_lazy("Past the deadline"), "brand2")


@dataclass(frozen=True)
class Shown:
    """The state of one answer in a word and a colour."""

    code: str
    words: str
    color: str


def shown(adoption: Adoption) -> Shown:
    """A registration the municipality objects to never looks decided; silence past the deadline says so."""
    if adoption.objected_at:
        return Shown("objected", _("Objected to: not decided"), "danger")
    if adoption.is_decided:
        _name, words, color = next(one for one in SERIES if one[0] == adoption.state)
        return Shown(adoption.state, str(words), color)
    if adoption.is_late:
        return Shown("late", _("Not answered, past the deadline"), "brand2")
    if adoption.state == Adoption.State.SCHEDULED:
        day = wording.short_day(adoption.scheduled_on)
        return Shown("scheduled", _("To be treated %(day)s") % {"day": day}, "info")
    return Shown("untreated", _("Not treated"), "neutral")


def key_figures(numbers: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbers that count, each with the filter that lists what it counts."""
    return [
        {"name": name, "words": words, "number": numbers[name], "color": color}
        for name, words, color in [*SERIES, LATE]
    ]
