"""The provisions that rules of the bodies stand on: data with dates, so that a new act is a new row and no new code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

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
    # For what can be chosen as a ground for exemption: what it is about, and what follows from it.
    ground: bool = False
    about: str = ""
    internal: bool = False
    ends: bool = False

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


@dataclass(frozen=True)
class Ground:
    """A ground for stepping down in a case; one without a first day is adopted by the Storting, and not in force."""

    key: str
    act: str
    identifier: str
    place: str
    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        return f"{self.act} {self.place}"

    def in_force(self, on: date) -> bool:
        return self.since is not None and self.since <= on and (self.until is None or self.until >= on)


def step_down_grounds(on: date | None = None) -> list[Ground]:
    """The grounds for stepping down that are in force on the day; the first that are known stand before that."""
    day = on or timezone.localdate()
    known = _grounds()
    return [one for one in known if one.in_force(day)] or [one for one in known if one.since and not one.until]


def provision(key: str, on: date | None = None) -> Provision:
    """What stood on the day, or the first that is known."""
    day = on or timezone.localdate()
    known = [one for one in _read() if one.key == key]
    return max((one for one in known if one.since <= day), key=lambda one: one.since, default=known[0])


def grounds(on: date | None = None) -> list[Provision]:
    """What a case or a document can be exempt by on the day, in the order of the act."""
    keys = dict.fromkeys(one.key for one in _read() if one.ground)
    return [provision(key, on) for key in keys]


def ground_named(text: str) -> Provision | None:
    """The known ground that a legal ground in words begins with."""
    named = [one for one in _read() if one.ground and text.startswith(str(one))]
    return max(named, key=lambda one: len(str(one)), default=None)


def cites_internal(text: str) -> bool:
    """Whether a ground in words rests on what does not hold for papers to an elected body («offl. §§ 13 og 14»)."""
    internal = {_SECTIONS.search(one.place)[1] for one in _read() if one.internal}  # type: ignore[index]
    cited = (re.findall(r"\d+", found[1]) for found in _SECTIONS.finditer(text) if _is_publicity(text[: found.start()]))
    return any(internal.intersection(numbers) for numbers in cited)


# One or more sections of an act: «§ 14», «§§ 13 og 14», «§§ 14–15».
_SECTIONS = re.compile(r"§+\s*(\d+(?:\s*(?:,|og|–|-)\s*(?:§+\s*)?\d+)*)")


def _is_publicity(before: str) -> bool:
    """The act named last before the sign; none named is taken for the publicity act."""
    acts = re.findall(r"\b[a-zæøå]*l(?:ova|oven|ov|\.)", before.lower())
    return not acts or acts[-1].startswith("off")


@cache
def _read() -> list[Provision]:
    return sorted((Provision(**row) for row in _file()["provision"]), key=lambda one: one.since)


@cache
def _grounds() -> list[Ground]:
    return [Ground(**row) for row in _file()["ground"]]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
