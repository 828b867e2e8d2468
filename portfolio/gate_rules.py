"""The gates of the full phase model: what each asks, its documents, its answers and its checkpoints, as data (D13)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

FILE = Path(__file__).with_name("gates.toml")


@dataclass(frozen=True)
class Words:
    """The same in both languages, under the value or key that is stored."""

    key: str
    nb: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "nb").startswith("en") else self.nb


@dataclass(frozen=True)
class GateRule:
    """One kind of gate: the phases on both sides of it, the question, and whether each municipality is asked too."""

    number: int
    since: date
    before: str
    after: str
    question: Words
    answers: tuple[Words, ...]
    documents: tuple[Words, ...]
    part: bool = False
    asks: bool = False
    tolerances: bool = False


@dataclass(frozen=True)
class Checkpoint:
    """Something to be answered before the gate is laid; ``each_stage``: also between two stages of the execution."""

    phase: str
    key: str
    since: date
    words: Words
    mandatory: bool = True
    each_stage: bool = False

    def __str__(self) -> str:
        return str(self.words)


def rule_of(number: int, part: int = 0, on: date | None = None) -> GateRule:
    """What holds on the day, or the first that is known."""
    day = on or timezone.localdate()
    known = [rule for rule in _read()[0] if rule.number == number and rule.part == bool(part)]
    return max((rule for rule in known if rule.since <= day), key=lambda rule: rule.since, default=known[0])


def checkpoints_of(number: int, part: int = 0, on: date | None = None) -> list[Checkpoint]:
    """Those of the phase that the gate ends; between two stages only those that are asked each time."""
    day = on or timezone.localdate()
    phase = rule_of(number, part, day).before
    newest: dict[str, Checkpoint] = {}
    for point in (point for point in _read()[1] if point.phase == phase and (point.each_stage or not part)):
        if point.key not in newest or point.since <= day:
            newest[point.key] = point
    return list(newest.values())


@cache
def _read() -> tuple[list[GateRule], list[Checkpoint]]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rules = [_rule(dict(row)) for row in told["gate"]]
    points = [_point(dict(row)) for row in told["checkpoint"]]
    return sorted(rules, key=lambda rule: rule.since), sorted(points, key=lambda point: point.since)


def _rule(row: dict[str, Any]) -> GateRule:
    question = Words("question", row.pop("nb"), row.pop("en"))
    answers = tuple(Words(one["value"], one["nb"], one["en"]) for one in row.pop("answers"))
    documents = tuple(Words(**one) for one in row.pop("documents"))
    return GateRule(question=question, answers=answers, documents=documents, **row)


def _point(row: dict[str, Any]) -> Checkpoint:
    return Checkpoint(words=Words(row["key"], row.pop("nb"), row.pop("en")), **row)
