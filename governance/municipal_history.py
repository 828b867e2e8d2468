"""What became of each municipality, worked out from the country's list of changes (L20). Reads, and writes nothing.

A municipality lives on through a new number or name, and when others merge into it and it keeps its number. Where
several become one with a new number, or one becomes several, the old end and the new begin.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from governance.models import Succession

DATA = Path(__file__).parent / "data"
SOURCE = "SSB KLASS 131"
KLASS = {
    "dato": "changeOccurred", "fra_nummer": "oldCode", "fra_navn": "oldName", "til_nummer": "newCode",
    "til_navn": "newName",
}  # fmt: skip


class Change(NamedTuple):
    """From the day, this number and name became that."""

    day: date
    old: str
    old_name: str
    new: str
    new_name: str


class Stretch(NamedTuple):
    """A number or an official name, with its days; no first or last day where the list has none."""

    text: str
    since: date | None
    until: date | None


@dataclass
class Life:
    """One municipality from its first number in the list to its last."""

    numbers: list[Stretch] = field(default_factory=list)
    names: list[Stretch] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.numbers[-1].text

    @property
    def name(self) -> str:
        return self.names[-1].text

    @property
    def since(self) -> date | None:
        return self.numbers[0].since

    @property
    def until(self) -> date | None:
        return self.numbers[-1].until

    def goes_on(self, day: date, number: str, name: str) -> None:
        for stretches, text in ((self.numbers, number), (self.names, name)):
            if stretches[-1].text != text:
                _close(stretches, day)
                stretches.append(Stretch(text, day, None))

    def ends(self, day: date) -> None:
        _close(self.numbers, day)
        _close(self.names, day)


def _close(stretches: list[Stretch], day: date) -> None:
    """The last day is the one before the change."""
    stretches[-1] = stretches[-1]._replace(until=day - timedelta(days=1))


class Heir(NamedTuple):
    """One life goes into another."""

    before: Life
    after: Life
    day: date
    kind: str


@dataclass
class History:
    """All lives that the list knows of, and what went into what."""

    lives: list[Life]
    heirs: list[Heir]

    def of(self, number: str) -> Life:
        """The life that had the number last; one that the list does not name has had it all along."""
        return self._by_number.get(number) or Life([Stretch(number, None, None)], [])

    @cached_property
    def _by_number(self) -> dict[str, Life]:
        found: dict[str, Life] = {}
        for life in sorted(self.lives, key=lambda one: one.until or date.max):
            found.update((stretch.text, life) for stretch in life.numbers)
        return found

    def around(self, known: Iterable[Life]) -> list[Life]:
        """Those lives, with all that became them and all that they became."""
        neighbours: dict[int, list[Life]] = {}
        for heir in self.heirs:
            neighbours.setdefault(id(heir.before), []).append(heir.after)
            neighbours.setdefault(id(heir.after), []).append(heir.before)
        waiting, seen = list(known), {}
        while waiting:
            life = waiting.pop()
            if id(life) not in seen:
                seen[id(life)] = life
                waiting.extend(neighbours.get(id(life), []))
        return [life for life in self.lives if id(life) in seen]


def worked_out(changes: Sequence[Change]) -> History:
    history, alive, free = History([], []), dict[str, Life](), dict[str, date]()
    for day, group in groupby(sorted(changes), key=lambda change: change.day):
        _one_day(history, alive, free, day, list(group))
    return history


def _one_day(history: History, alive: dict[str, Life], free: dict[str, date], day: date, changes: list[Change]) -> None:
    """``alive`` are those there are by number, ``free`` the day from which a number that was used is not."""
    sources: dict[str, set[str]] = {}
    targets: dict[str, set[str]] = {}
    for change in changes:
        sources.setdefault(change.new, set()).add(change.old)
        targets.setdefault(change.old, set()).add(change.new)
        if change.old not in alive:
            since = free.get(change.old)
            alive[change.old] = Life([Stretch(change.old, since, None)], [Stretch(change.old_name, since, None)])
            history.lives.append(alive[change.old])
    before = {old: alive.pop(old) for old in targets}
    free.update(dict.fromkeys(before, day))
    for change in changes:
        alone = len(sources[change.new]) == len(targets[change.old]) == 1
        if change.old == change.new or (alone and change.new not in alive):
            before[change.old].goes_on(day, change.new, change.new_name)
            alive[change.new] = before[change.old]
    for old, life in before.items():
        if life not in alive.values():
            life.ends(day)
        for new in sorted(targets[old]):
            after = alive.get(new) or _born(history, alive, day, next(one for one in changes if one.new == new))
            if after is not life:
                history.heirs.append(Heir(life, after, day, _kind(old, targets[old])))


def _born(history: History, alive: dict[str, Life], day: date, change: Change) -> Life:
    alive[change.new] = Life([Stretch(change.new, day, None)], [Stretch(change.new_name, day, None)])
    history.lives.append(alive[change.new])
    return alive[change.new]


def _kind(old: str, targets: set[str]) -> str:
    """What keeps its number and also gives to another has given away a piece."""
    if old in targets:
        return Succession.Kind.BORDER
    return Succession.Kind.SPLIT if len(targets) > 1 else Succession.Kind.MERGER


def plain(name: str) -> str:
    """The list tells two of the same name apart: «Bø (Nordland)». Neither is called so."""
    return name.partition(" (")[0]


def short_name(official: str, so_far: str) -> str:
    """«Sortland - Suortá» is still «Sortland» in daily use."""
    return so_far if so_far in official.split(" - ") else official


def county_of(number: str) -> str:
    return counties().get(number[:2], "")


@cache
def counties() -> dict[str, str]:
    with (DATA / "counties.csv").open(encoding="utf-8", newline="") as file:
        return {row["fylkesnummer"]: row["fylke"] for row in csv.DictReader(file, delimiter=";")}


@cache
def own_copy() -> tuple[Change, ...]:
    return tuple(read((DATA / "municipality_changes.csv").read_text(encoding="utf-8")))


def own_municipalities() -> str:
    return (DATA / "municipalities.csv").read_text(encoding="utf-8")


def is_changes(text: str) -> bool:
    """The file of changes, as Statistics Norway gives it (JSON) or as our own copy."""
    return text.lstrip().startswith("[") or text.startswith("dato;")


def read(text: str) -> list[Change]:
    """The changes of a file; raises ValueError or KeyError, naming the row, where it is something else."""
    if text.lstrip().startswith("["):
        rows = [{ours: row[theirs] for ours, theirs in KLASS.items()} for row in json.loads(text)]
    else:
        rows = list(csv.DictReader(text.splitlines(), delimiter=";", strict=True))
    return [_change(number, row) for number, row in enumerate(rows, start=1)]


def _change(number: int, row: dict[str, str]) -> Change:
    numbers = (row["fra_nummer"], row["til_nummer"])
    if not all(len(one) == 4 and one.isdecimal() for one in numbers):
        raise ValueError(number, *numbers)
    names = (plain(row["fra_navn"]), plain(row["til_navn"]))
    return Change(date.fromisoformat(row["dato"]), numbers[0], names[0], numbers[1], names[1])
