"""What each municipality pays for a project: twice, and what happens when one of them is not with (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Organisation, Population
from portfolio.models import Participation, Project
from portfolio.splitting import Weight, rounded_up, split

TENTH = Decimal("0.1")
NOTHING = Decimal(0)


class NoShares(Exception):
    """The shares can't be worked out; the sentence says what is missing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Populations:
    """The counts of many municipalities, read once: the newest that is not newer than the day."""

    def __init__(self, organisations: Iterable[int]) -> None:
        self._counts: dict[int, list[Population]] = {}
        for count in Population.objects.filter(organisation__in=list(organisations)).order_by("on"):
            self._counts.setdefault(count.organisation_id, []).append(count)

    def on(self, organisation: Organisation, day: date) -> int:
        known = [count.people for count in self._counts.get(organisation.pk, []) if count.on <= day]
        if not known:
            raise NoShares(
                _("The population of %(municipality)s on %(day)s is not registered.")
                % {"municipality": organisation, "day": day.strftime("%d.%m.%Y")}
            )
        return known[-1]


def no_people_on(day: date, municipalities: Iterable[Organisation]) -> str:
    """Why a cost can't be shared by the people of that day; empty where it can, or where nothing is registered yet."""
    if day > timezone.localdate():
        return _("The day is in the future, and nobody knows the population.")
    counts = Population.objects.filter(organisation__in=[one.pk for one in municipalities])
    first_counts = list(counts.values("organisation").annotate(first=Min("on")).values_list("first", flat=True))
    if first_counts and day < max(first_counts):
        return _("The population is registered from %(day)s. Choose that day or a later one.") % {
            "day": max(first_counts).strftime("%d.%m.%Y")
        }
    return ""


@dataclass(frozen=True)
class Shares:
    """One way of dividing a project's cost and hours: by participation, with those who carry the last øre."""

    amounts: Mapping[int, Decimal] = field(default_factory=dict)
    hours: Mapping[int, Decimal] = field(default_factory=dict)
    last_ore: Sequence[Organisation] = ()
    known: bool = True

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), NOTHING)

    def of(self, participation: Participation) -> Decimal | None:
        return self.amounts.get(participation.pk)

    def hours_of(self, participation: Participation) -> Decimal | None:
        return self.hours.get(participation.pk)


def shares(project: Project, among: Sequence[Participation], populations: Populations | None = None) -> Shares:
    """The project's cost and hours divided among exactly these."""
    cost = project.to_share
    if cost is None or not among:
        return Shares(known=cost is not None)
    weights = _weights(project, among, populations)
    amounts = split(cost, weights)
    hours = split(project.hours, weights, TENTH) if project.hours is not None else []
    raised = rounded_up(cost, weights)
    return Shares(
        amounts={part.pk: amount for part, amount in zip(among, amounts, strict=True)},
        hours={part.pk: worked for part, worked in zip(among, hours, strict=False)},
        # Who carries the last øre is only worth telling where some do and some do not.
        last_ore=[among[place].organisation for place in raised],
    )


def _weights(project: Project, among: Sequence[Participation], populations: Populations | None) -> list[Weight]:
    key = project.key
    if key == Project.Key.EQUAL:
        return [1] * len(among)
    if key == Project.Key.MANUAL:
        return _written(project, among)
    counts = populations or Populations(part.organisation_id for part in among)
    if project.counted_on is None:
        raise NoShares(_("Write which day the population is counted on."))
    people = [counts.on(part.organisation, project.counted_on) for part in among]
    if sum(people) == 0:
        raise NoShares(_("The population of those who take part is zero."))
    if key == Project.Key.POPULATION:
        return list(people)
    equally = Fraction(project.equal_percent or 0, 100)
    everybody = sum(people)
    return [equally / len(among) + (1 - equally) * Fraction(count, everybody) for count in people]


def _written(project: Project, among: Sequence[Participation]) -> list[Weight]:
    """Amounts written in weigh as they are: when all are with, each pays exactly its own."""
    amounts = [part.amount or NOTHING for part in among]
    if sum(amounts) == 0 and project.to_share:
        raise NoShares(_("No amounts are written in for those who take part."))
    return list(amounts)


@dataclass(frozen=True)
class Line:
    """One invited municipality in a project's table of shares."""

    participation: Participation
    if_all: Decimal | None
    so_far: Decimal | None
    hours_if_all: Decimal | None
    hours_so_far: Decimal | None
    covered: Decimal | None

    @property
    def excess(self) -> Decimal:
        """What the share is beyond what the municipality's own decision covers; nobody owes it (rule 2)."""
        if self.so_far is None:
            return NOTHING
        return max(self.so_far - (self.covered or NOTHING), NOTHING)

    @property
    def reopened(self) -> bool:
        """«Må avklares på nytt»: the decision covers less than the share."""
        return self.excess > 0

    @property
    def holds_if_all_join(self) -> bool:
        return self.reopened and self.if_all is not None and self.if_all <= (self.covered or NOTHING)


@dataclass(frozen=True)
class Financing:
    """A project's shares, twice: if all invited join, and with those who have said yes."""

    project: Project
    lines: Sequence[Line]
    if_all: Shares
    so_far: Shares
    problem: str = ""

    @property
    def covered(self) -> Decimal:
        """What decisions of the municipalities themselves cover of their own shares."""
        return sum((min(line.covered or NOTHING, line.so_far or NOTHING) for line in self.lines), NOTHING)

    @property
    def unfunded(self) -> Decimal | None:
        """What no municipality has decided to pay."""
        cost = self.project.to_share
        return None if cost is None else cost - self.covered

    @property
    def reopened(self) -> list[Line]:
        return [line for line in self.lines if line.reopened]

    def of(self, organisation: Organisation | None) -> Line | None:
        if organisation is None:
            return None
        return next((line for line in self.lines if line.participation.organisation_id == organisation.pk), None)


def financing(
    project: Project, participations: Sequence[Participation], populations: Populations | None = None
) -> Financing:
    """Both divisions of one project, from participations read with ``whole()``."""
    joining = [part for part in participations if part.may_still_join]
    paying = [part for part in participations if part.pays]
    try:
        if_all = shares(project, joining, populations)
        so_far = shares(project, paying, populations)
        problem = ""
    except NoShares as missing:
        if_all = so_far = Shares(known=False)
        problem = missing.sentence
    lines = [
        Line(
            participation=part,
            if_all=if_all.of(part),
            so_far=so_far.of(part),
            hours_if_all=if_all.hours_of(part),
            hours_so_far=so_far.hours_of(part),
            covered=part.covered,
        )
        for part in participations
    ]
    return Financing(project, lines, if_all, so_far, problem)


def shares_without(project: Project, organisation: Organisation) -> Financing:
    """«Hva hvis en kommune ikke blir med»: both divisions as they would be without this one."""
    others = project.participations.whole().exclude(organisation=organisation)
    return financing(project, list(others))
