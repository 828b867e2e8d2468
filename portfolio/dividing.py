"""A project's cost and hours divided among municipalities, year by year, in whole øre and tenths of hours (rule 2).

One project at a time or thousands are divided by the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Organisation
from portfolio.models import Project
from portfolio.splitting import ORE, split_units, units_of

TENTH = Decimal("0.1")
ALWAYS = (0, 9999)
# So many names a sentence bears.
NAMED = 3


class NoShares(Exception):
    """The shares can't be worked out; the sentence says what is missing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Party(NamedTuple):
    """One invited municipality, as far as dividing needs it."""

    pk: int
    organisation: int
    left: bool
    first_year: int
    last_year: int
    use: Decimal | None
    amount: Decimal | None


# How many people live in each municipality (by its key) on the project's day.
People = Mapping[int, int]


class Part(NamedTuple):
    """What is to be divided, and in which year; None where the cost is not laid out over years."""

    year: int | None
    ore: int


@dataclass
class Division:
    """By participation: øre in all, øre in each year, tenths of hours, and those who carry the last øre."""

    ore: dict[int, int] = field(default_factory=dict)
    years: dict[int, dict[int, int]] = field(default_factory=dict)
    hours: dict[int, int] = field(default_factory=dict)
    last_ore: set[int] = field(default_factory=set)


def parts_of(project: Project) -> list[Part] | None:
    """The years of a project, or its whole cost as one; nothing while the cost is unknown."""
    if project.to_share is None:
        return None
    years = list(project.years.all())
    if not years:
        return [Part(None, units_of(project.to_share))]
    return [Part(year.year, 0 if project.in_base_budget else units_of(year.to_share)) for year in years]


def divide(project: Project, parts: Sequence[Part], among: Sequence[Party], people: People) -> Division:
    """Each year among those who are in it, the hours among all; a year that nobody is in is left unfunded."""
    found = Division()
    for part in parts:
        year = part.year
        there = [one for one in among if year is None or one.first_year <= year <= one.last_year]
        if there:
            _add(found, part, there, *_split(project, part, there, people))
    still = [one for one in among if not one.left]
    if project.hours is not None and still:
        unpaid = project.key in {Project.Key.MANUAL, Project.Key.USE} and not project.to_share
        weights = [1] * len(still) if unpaid else _weights(project, still, people)
        tenths, _raised = split_units(units_of(project.hours, TENTH), weights if any(weights) else [1] * len(still))
        found.hours = {one.pk: part for one, part in zip(still, tenths, strict=True)}
    return found


def _add(found: Division, part: Part, there: Sequence[Party], amounts: Sequence[int], raised: Sequence[int]) -> None:
    if part.year is None:
        found.ore = {one.pk: ore for one, ore in zip(there, amounts, strict=True)}
    else:
        for one, ore in zip(there, amounts, strict=True):
            found.ore[one.pk] = found.ore.get(one.pk, 0) + ore
            found.years.setdefault(one.pk, {})[part.year] = ore
    found.last_ore.update(there[place].pk for place in raised)


def _split(project: Project, part: Part, there: Sequence[Party], people: People) -> tuple[list[int], list[int]]:
    if not part.ore:
        return [0] * len(there), []
    if project.key == Project.Key.RATE:
        return _at_the_rate(project, part, _counted(project, there, people)), []
    weights = _weights(project, there, people)
    if not any(weights):
        return [0] * len(there), []
    return split_units(part.ore, weights)


def _at_the_rate(project: Project, part: Part, counts: Sequence[int]) -> list[int]:
    """The same for each inhabitant, whoever else is with; what those who are not with would pay stays unfunded."""
    rate = units_of(project.rate or Decimal(0))
    asked = rate * sum(counts)
    if asked > part.ore:
        raise NoShares(
            _(
                "%(rate)s per inhabitant is %(asked)s, but the cost leaves %(cost)s to be shared. Open «How the cost "
                "is shared» and save it: then the cost follows from the population."
            )
            % {
                "rate": wording.money(project.rate),
                "asked": wording.money(ORE * asked),
                "cost": wording.money(ORE * part.ore),
            }
        )
    return [rate * count for count in counts]


def _weights(project: Project, among: Sequence[Party], people: People) -> list[int]:
    key = project.key
    if key == Project.Key.EQUAL:
        return [1] * len(among)
    if key == Project.Key.MANUAL:
        return _told([one.amount for one in among])
    if key == Project.Key.USE:
        return _used(project, among)
    counts = _counted(project, among, people)
    everybody = sum(counts)
    if key in {Project.Key.POPULATION, Project.Key.RATE}:
        return counts
    if key == Project.Key.MIXED:
        equally = project.equal_percent or 0
        return [equally * everybody + (100 - equally) * count * len(among) for count in counts]
    return _with_fixed(project, counts)


def _with_fixed(project: Project, counts: Sequence[int]) -> list[int]:
    """The fixed amount as a part of the whole cost, and the rest by population."""
    whole = units_of(project.to_share or Decimal(0))
    fixed = units_of(project.fixed_amount or Decimal(0))
    rest = whole - fixed * len(counts)
    if whole and rest < 0:
        raise NoShares(_("The fixed amounts are more than what is to be shared. Lower the fixed amount."))
    return [fixed * sum(counts) + rest * count for count in counts] if whole else list(counts)


def _counted(project: Project, among: Sequence[Party], people: People) -> list[int]:
    if project.counted_on is None:
        raise NoShares(_("Write which day the population is counted on."))
    counts = [people[one.organisation] for one in among]
    if sum(counts) == 0:
        raise NoShares(_("The population of those who take part is zero."))
    return counts


def _used(project: Project, among: Sequence[Party]) -> list[int]:
    """Use that nobody has counted is not taken for none."""
    uncounted = [one.organisation for one in among if one.use is None]
    if uncounted:
        raise NoShares(
            _(
                "The number of %(unit)s is not registered for %(municipalities)s. Open «How the cost is shared» and "
                "write it in, 0 where there are none."
            )
            % {"unit": project.use_unit, "municipalities": listed(names_of(uncounted))}
        )
    return _told([one.use for one in among])


def names_of(organisations: Sequence[int]) -> list[str]:
    places = Organisation.objects.filter(pk__in=organisations).order_by("sort_key")
    return list(places.values_list("name", flat=True))


def listed(names: Sequence[str]) -> str:
    """«Bø, Hadsel og 3 til»: the first few by name, so that a sentence stays one."""
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    more = len(names) - NAMED
    return _("%(names)s and %(count)s more") % {"names": ", ".join(names[:NAMED]), "count": more}


def _told(amounts: Sequence[Decimal | None]) -> list[int]:
    """Figures written in weigh as they are: when all are with, each carries exactly its own."""
    return [units_of(amount, ORE) if amount else 0 for amount in amounts]
