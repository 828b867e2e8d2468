"""What an upload on a municipality's behalf says, beside what the municipality itself has said since (rule 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from digivesteralen.ui import wording
from surveys import snapshots, system_facts
from surveys.inventory_standing import kept
from surveys.inventory_tables import SAID_AS, words
from surveys.models import ImportJob, ImportRow, Integration, SystemUse

# A day, «not known» and «until terminated» are one answer in three fields.
END = ("contract_end", "end_unknown", "end_running")
# Whether the others may see a cost, nobody says on behalf of a municipality.
OWN_DECISION = "shares_cost"
NAMES = tuple(name for name in SystemUse.SAID if name not in (*END[1:], OWN_DECISION))
FIELDS = {"supplier": "supplier_id"} | dict.fromkeys(END, "contract_end") | {name: name for name in NAMES}


@dataclass
class Brought:
    """What the files said about one waiting row; not known any more once their cells are erased."""

    known: bool = False
    names: set[str] = field(default_factory=set)
    solutions: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Change:
    """One field in words: what it is called, what stands now, what would stand."""

    label: str
    before: Any
    after: Any


def brought(uses: Sequence[SystemUse]) -> dict[Any, Brought]:
    """By waiting row: more than one file may have said something about it before anybody confirmed."""
    found: dict[Any, Brought] = defaultdict(Brought)
    places = {use.inventory.municipality_id for use in uses}
    jobs = ImportJob.objects.filter(Q(municipality__in=places) | Q(municipality=None), kind="inventory")
    jobs = jobs.filter(on_behalf=True, state=ImportJob.State.APPLIED)
    rows = ImportRow.objects.filter(job__in=jobs, target__in=[use.pk for use in uses]).to_write()
    for target, values, before in rows.values_list("target", "values", "before"):
        one, said = found[target], values["said"]
        one.known |= values["insert"]
        one.names |= {FIELDS[name] for name in said if name in FIELDS}
        stood = (before or {}).get("integrations", {})
        states = said.get("integrations", {}).items()
        one.solutions |= {int(solution) for solution, state in states if stood.get(solution) != state}
    return found


def names_to_write(use: SystemUse, standing: SystemUse, said: Brought) -> list[str]:
    """The fields that become another; without the cells only where the municipality has said nothing itself."""
    blank = SystemUse(end_unknown=True)
    wanted = [
        name
        for name in NAMES
        if name in said.names or (not said.known and _value(standing, name) == _value(blank, name))
    ]
    return [name for name in wanted if _value(use, name) != _value(standing, name)]


def states_to_write(use: SystemUse, standing: SystemUse, said: Brought) -> dict[int, str]:
    """What will be said about the national solutions: what stands, and over it what the files said."""
    theirs = {one.solution_id: one.state for one in use.integrations.all()}
    own = {one.solution_id: one.state for one in standing.integrations.all()}
    if not said.known:
        return theirs | own
    return own | {solution: state for solution, state in theirs.items() if solution in said.solutions}


def write(use: SystemUse, standing: SystemUse, names: Collection[str]) -> None:
    """The fields, not saved yet."""
    for name in names:
        for one in END if name == "contract_end" else (name,):
            setattr(standing, one, getattr(use, one))


def changes(use: SystemUse, standing: SystemUse | None, said: Brought) -> list[Change]:
    """Every field that confirming would set, in words."""
    if standing is not None:
        names = names_to_write(use, standing, said)
        states = states_to_write(use, standing, said)
    else:
        blank = SystemUse()
        names = [name for name in NAMES if name != "answer" and _value(use, name) != _value(blank, name)]
        states = {one.solution_id: one.state for one in use.integrations.all()}
    found = [Change(_label(name), standing and _words(standing, name), _words(use, name)) for name in names]
    own = {one.solution_id: one.state for one in standing.integrations.all()} if standing else {}
    called = {one.solution_id: one.solution.name for one in use.integrations.all()}
    named = dict(Integration.State.choices)
    return found + [
        Change(called[solution], standing and words("state", named.get(own.get(solution, ""))), named[state])
        for solution, state in states.items()
        if own.get(solution) != state
    ]


def _value(use: SystemUse, name: str) -> Any:
    return tuple(getattr(use, one) for one in END) if name == "contract_end" else getattr(use, name)


def _label(name: str) -> str:
    return str(SAID_AS.get(name) or system_facts.label(name))


def _words(use: SystemUse, name: str) -> Any:
    value = getattr(use, name)
    if name == "contract_end":
        value = snapshots.end_of(use)
    elif name == "supplier_id":
        value = str(use.supplier or "")
    elif name == "same_as_id":
        value = str(use.same_as.inventory.municipality) if use.same_as else ""
    elif name == "annual_cost" and value is not None:
        return wording.money(value)
    return words(name, kept(value))
