"""The provisions that rules of the bodies stand on: data with dates, so that a new act is a new row and no new code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.ui import wording

FILE = Path(__file__).with_name("laws.toml")


@dataclass(frozen=True)
class Provision:
    """A paragraph or chapter of an act, as it reads from a day on."""

    key: str
    act: str
    identifier: str
    place: str
    since: date

    def __str__(self) -> str:
        return f"{self.act} {self.place}"

    @property
    def dated(self) -> str:
        """«kommuneloven § 11-8 (LOV-2018-06-22-83, slik den lød 1. januar 2026)»."""
        return _("%(provision)s (%(identifier)s, as it read on %(day)s)") % {
            "provision": self,
            "identifier": self.identifier,
            "day": wording.day(self.since),
        }


def provision(key: str, on: date | None = None) -> Provision:
    """What stood on the day, or the first that is known."""
    day = on or timezone.localdate()
    known = [one for one in _read() if one.key == key]
    return max((one for one in known if one.since <= day), key=lambda one: one.since, default=known[0])


@cache
def _read() -> list[Provision]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return sorted((Provision(**row) for row in told["provision"]), key=lambda one: one.since)
