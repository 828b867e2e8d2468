"""Why each municipality's share is what it is, in a sentence that can be checked by hand (rule 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.ui import wording
from governance.models import Organisation
from portfolio.models import Project
from portfolio.shares import Financing, Line, Populations

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Explained:
    """The reckoning of one municipality, if all join and with those who have said yes."""

    organisation: Organisation
    if_all: str
    so_far: str


def explain(divided: Financing) -> list[Explained]:
    """One for each that has a share; nothing where there is none to explain."""
    project = divided.project
    joining = [line for line in divided.lines if line.if_all is not None]
    paying = [line for line in joining if line.so_far is not None]
    if not project.to_share or not joining:
        return []
    people = _people(project, joining)
    return [
        Explained(
            line.participation.organisation,
            _reckoning(project, line, joining, people),
            _reckoning(project, line, paying, people) if line.so_far is not None else "",
        )
        for line in joining
    ]


def _people(project: Project, lines: Sequence[Line]) -> dict[int, int]:
    if project.key not in Project.BY_PEOPLE or project.counted_on is None:
        return {}
    keys = [line.participation.organisation_id for line in lines]
    counts = Populations(keys).on(project.counted_on)
    return {pk: counts[pk] for pk in keys}


def _reckoning(project: Project, line: Line, among: Sequence[Line], people: dict[int, int]) -> str:
    key = project.key
    if key == Project.Key.EQUAL:
        return ngettext("the whole", "one of %(count)s equal parts", len(among)) % {"count": len(among)}
    if key == Project.Key.MANUAL:
        return _("%(amount)s is written in") % {"amount": wording.money(line.participation.amount or NOTHING)}
    if key == Project.Key.USE:
        return _by_use(project, line, among)
    own = people[line.participation.organisation_id]
    everybody = sum(people[one.participation.organisation_id] for one in among)
    said: dict[str, Any] = {
        "people": wording.number(own),
        "everybody": wording.number(everybody),
        "day": wording.short_day(project.counted_on),
        "percent": project.equal_percent,
        "count": len(among),
        "fixed": wording.money(project.fixed_amount or NOTHING),
        "rate": wording.money(project.rate or NOTHING),
        "years": max(len(line.years), 1),
    }
    return _sentences()[key] % said


def _by_use(project: Project, line: Line, among: Sequence[Line]) -> str:
    used = sum((one.participation.use or NOTHING for one in among), NOTHING)
    return _("%(own)s of %(all)s %(unit)s") % {
        "own": wording.number(line.participation.use or NOTHING),
        "all": wording.number(used),
        "unit": project.use_unit,
    }


def _sentences() -> dict[str, str]:
    return {
        Project.Key.POPULATION: _("%(people)s of %(everybody)s inhabitants on %(day)s"),
        Project.Key.MIXED: _(
            "one of %(count)s equal parts of %(percent)s per cent, and %(people)s of %(everybody)s inhabitants on "
            "%(day)s of the rest"
        ),
        Project.Key.FIXED: _("%(fixed)s, and %(people)s of %(everybody)s inhabitants on %(day)s of the rest"),
        Project.Key.RATE: _("%(people)s inhabitants on %(day)s × %(rate)s × %(years)s years"),
    }
