"""What each municipality pays for a project: twice, and what happens when one of them is not with (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Organisation, Population
from portfolio.dividing import ALWAYS, TENTH, Division, NoShares, Party, divide, listed, names_of, parts_of
from portfolio.models import Participation, Project, Status
from portfolio.splitting import ORE

NOTHING = Decimal(0)


class Populations:
    """The counts of many municipalities, read once: the newest that is not newer than the day."""

    def __init__(self, organisations: Iterable[int]) -> None:
        self._counts: dict[int, list[tuple[date, int]]] = {}
        self._days: dict[date, _PeopleOn] = {}
        counts = Population.objects.filter(organisation__in=list(organisations)).order_by("on")
        for pk, on, people in counts.values_list("organisation", "on", "people"):
            self._counts.setdefault(pk, []).append((on, people))

    def on(self, day: date) -> _PeopleOn:
        """Everybody's count on one day; asking for one that is not registered tells what to do."""
        return self._days.setdefault(day, _PeopleOn(day, self._counts))


class _PeopleOn(dict[int, int]):
    """Worked out when first asked for: thousands of projects count the people of the same day."""

    def __init__(self, day: date, counts: Mapping[int, Sequence[tuple[date, int]]]) -> None:
        super().__init__()
        self._day, self._counts = day, counts

    def __missing__(self, organisation: int) -> int:
        known = [people for on, people in self._counts.get(organisation, ()) if on <= self._day]
        if not known:
            raise NoShares(
                _(
                    "The population of %(municipality)s on %(day)s is not registered. Choose a later day for the key, "
                    "or ask the system administrator to register it."
                )
                % {"municipality": listed(names_of([organisation])), "day": wording.short_day(self._day)}
            )
        self[organisation] = known[-1]
        return known[-1]


def no_people_on(day: date, municipalities: Iterable[Organisation]) -> str:
    """Why a cost can't be shared by the people of that day; empty where it can, or where nothing is registered yet."""
    if day > timezone.localdate():
        return _("The day is in the future, and nobody knows the population.")
    keys = [one.pk for one in municipalities]
    counts = Population.objects.filter(organisation__in=keys).values("organisation").annotate(first=Min("on"))
    first = dict(counts.values_list("organisation", "first"))
    if not first:
        return ""
    missing = [pk for pk in keys if pk not in first or first[pk] > day]
    if not missing:
        return ""
    said = {"municipalities": listed(names_of(missing)), "day": wording.short_day(day)}
    if all(pk in first for pk in missing):
        said["first"] = wording.short_day(max(first[pk] for pk in missing))
        return (
            _(
                "The population of %(municipalities)s is not registered for %(day)s. It is registered from %(first)s: "
                "choose that day or a later one."
            )
            % said
        )
    return (
        _("The population of %(municipalities)s is not registered. Ask the system administrator to register it.") % said
    )


@dataclass(frozen=True)
class Shares:
    """One way of dividing a project's cost and hours: by participation, with those who carry the last øre."""

    amounts: Mapping[int, Decimal] = field(default_factory=dict)
    years: Mapping[int, Mapping[int, Decimal]] = field(default_factory=dict)
    hours: Mapping[int, Decimal] = field(default_factory=dict)
    last_ore: Sequence[Organisation] = ()
    known: bool = True

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), NOTHING)

    def of(self, participation: Participation) -> Decimal | None:
        return self.amounts.get(participation.pk)

    def in_year(self, participation: Participation, year: int) -> Decimal | None:
        return self.years.get(participation.pk, {}).get(year)

    def hours_of(self, participation: Participation) -> Decimal | None:
        return self.hours.get(participation.pk)


def shares(project: Project, among: Sequence[Participation], populations: Populations | None = None) -> Shares:
    """The project's cost and hours divided among exactly these."""
    parts = parts_of(project)
    if parts is None or not among:
        return Shares(known=parts is not None)
    counts = populations or Populations(part.organisation_id for part in among if project.key in Project.BY_PEOPLE)
    people = counts.on(project.counted_on) if project.counted_on else {}
    return _in_kroner(divide(project, parts, [party(one) for one in among], people), among)


def _in_kroner(divided: Division, among: Sequence[Participation]) -> Shares:
    return Shares(
        amounts={pk: ORE * ore for pk, ore in divided.ore.items()},
        years={pk: {year: ORE * ore for year, ore in years.items()} for pk, years in divided.years.items()},
        hours={pk: TENTH * tenths for pk, tenths in divided.hours.items()},
        # Who carries the last øre is only worth telling where some do and some do not.
        last_ore=[one.organisation for one in among if one.pk in divided.last_ore],
    )


def party(part: Participation) -> Party:
    """A participation as far as dividing needs it."""
    return Party(
        pk=part.pk,
        organisation=part.organisation_id,
        left=part.status == Status.LEFT,
        first_year=part.joins_on.year if part.joins_on else ALWAYS[0],
        last_year=part.leaves_on.year if part.leaves_on and part.is_leaving else ALWAYS[1],
        use=part.use,
        amount=part.amount,
    )


@dataclass(frozen=True)
class YearPart:
    """What of a share falls in one year."""

    year: int
    if_all: Decimal | None
    so_far: Decimal | None


@dataclass(frozen=True)
class Line:
    """One invited municipality in a project's table of shares."""

    participation: Participation
    if_all: Decimal | None
    so_far: Decimal | None
    hours_if_all: Decimal | None
    hours_so_far: Decimal | None
    covered: Decimal | None
    years: Sequence[YearPart] = ()

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
    years = [year.year for year in project.years.all()]
    # Where the cost is laid out over years, one that has left still carries the years it was in.
    joining = [part for part in participations if part.may_still_join or (years and part.is_bound)]
    paying = [part for part in participations if part.pays or (years and part.is_bound)]
    try:
        if_all = shares(project, joining, populations)
        so_far = shares(project, paying, populations)
        problem = ""
    except NoShares as missing:
        if_all = so_far = Shares(known=False)
        problem = missing.sentence
    bound = {part.pk for part in paying}
    lines = [
        Line(
            participation=part,
            if_all=if_all.of(part),
            so_far=so_far.of(part),
            hours_if_all=if_all.hours_of(part),
            hours_so_far=so_far.hours_of(part),
            covered=part.covered if part.pk in bound else None,
            years=[YearPart(year, if_all.in_year(part, year), so_far.in_year(part, year)) for year in years],
        )
        for part in participations
    ]
    return Financing(project, lines, if_all, so_far, problem)


def shown(project: Project) -> Financing:
    """For a page: worked out once, however many sections of the page ask this project."""
    known: Financing | None = project.__dict__.get("shown_financing")
    if known is None:
        known = financing(project, list(project.participations.whole().select_related("adoption__collaboration")))
        project.__dict__["shown_financing"] = known
    return known


def shares_without(project: Project, organisation: Organisation) -> Financing:
    """«Hva hvis en kommune ikke blir med»: both divisions as they would be without this one."""
    others = project.participations.whole().exclude(organisation=organisation)
    return financing(project, list(others))
