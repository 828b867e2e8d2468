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
    if_all = _Reckoning(project, joining, people, "if_all")
    so_far = _Reckoning(project, paying, people, "so_far")
    return [
        Explained(line.participation.organisation, if_all.of(line), so_far.of(line) if line in paying else "")
        for line in joining
    ]


def _people(project: Project, lines: Sequence[Line]) -> dict[int, int]:
    if project.key not in Project.BY_PEOPLE or project.counted_on is None:
        return {}
    keys = [line.participation.organisation_id for line in lines]
    counts = Populations(keys).on(project.counted_on)
    return {pk: counts[pk] for pk in keys}


@dataclass(frozen=True)
class _Reckoning:
    """One way of dividing: among whom, and under which name a year tells what falls in it."""

    project: Project
    among: Sequence[Line]
    people: dict[int, int]
    name: str

    def of(self, line: Line) -> str:
        """In one sentence; where not all are with in every year, each year is divided among those who are."""
        said = self._said(line)
        if self.project.key == Project.Key.RATE or all(self._years(one) == len(one.years) for one in self.among):
            return said
        return _("%(reckoning)s; each year among those who are with in it") % {"reckoning": said}

    def _years(self, line: Line) -> int:
        """How many of the project's years the municipality is with in."""
        return sum(getattr(year, self.name) is not None for year in line.years)

    def _said(self, line: Line) -> str:
        project, key = self.project, self.project.key
        if key == Project.Key.EQUAL:
            return ngettext("the whole", "one of %(count)s equal parts", len(self.among)) % {"count": len(self.among)}
        if key == Project.Key.MANUAL:
            return _("%(amount)s is written in") % {"amount": wording.money(line.participation.amount or NOTHING)}
        if key == Project.Key.USE:
            return _by_use(project, line, self.among)
        everybody = sum(self.people[one.participation.organisation_id] for one in self.among)
        said: dict[str, Any] = {
            "people": wording.number(self.people[line.participation.organisation_id]),
            "everybody": wording.number(everybody),
            "day": wording.short_day(project.counted_on),
            "percent": project.equal_percent,
            "count": len(self.among),
            "fixed": wording.money(project.fixed_amount or NOTHING),
            "rate": wording.money(project.rate or NOTHING),
        }
        if key == Project.Key.RATE and line.years:
            years = self._years(line)
            return ngettext(
                "%(people)s inhabitants on %(day)s × %(rate)s × %(years)s year",
                "%(people)s inhabitants on %(day)s × %(rate)s × %(years)s years",
                years,
            ) % {**said, "years": years}
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
        Project.Key.RATE: _("%(people)s inhabitants on %(day)s × %(rate)s"),
    }
