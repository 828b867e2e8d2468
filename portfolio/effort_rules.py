"""Which hours can be told: for which period, and for which projects (N8, R19). Asked by verb, form and import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from governance.models import Collaboration, Membership, Organisation
from portfolio.models import EarlierAnswer, Effort, Grant, HourlyRate, Participation, Project
from portfolio.models.participation import YES, leaving
from portfolio.periods import HALF_YEAR, Period

# Some fifty full posts in half a year: more is a slip of the hand.
MOST_HOURS = Decimal(50_000)
Window = tuple[date, date]


@dataclass(frozen=True)
class Told:
    """Hours as somebody tells them; no hours takes the figure away. ``version`` is what stood there: 0 for nothing."""

    organisation: Organisation
    period: Period
    hours: Decimal | None
    project: Project | None = None
    estimated: bool = False
    rate: Decimal | None = None
    version: int | None = None
    example: bool = False

    @property
    def key(self) -> tuple[int, int | None, date]:
        return self.organisation.pk, self.project.pk if self.project else None, self.period.starts_on


def told_monthly(collaboration: Collaboration) -> Any:
    """Projects whose grant demands hours month by month, whatever the habits are."""
    asking = Grant.objects.filter(collaboration=collaboration, monthly_hours=True).won()
    return collaboration.projects.filter(Q(grants__in=asking) | Q(allocations__grant__in=asking)).distinct()


class Rules:
    """What holds for these municipalities in these years, read once for many figures."""

    def __init__(self, collaboration: Collaboration, organisations: Iterable[Organisation], years: set[int]) -> None:
        self.collaboration = collaboration
        places = [organisation.pk for organisation in organisations]
        self.members: dict[int, list[Window]] = defaultdict(list)
        for row in Membership.objects.filter(collaboration=collaboration, organisation__in=places):
            self.members[row.organisation_id].append((row.since, row.until or date.max))
        self.windows = windows(collaboration, places)
        self.spans: dict[tuple[int, int | None, date], set[str]] = defaultdict(set)
        told = Effort.objects.filter(collaboration=collaboration, organisation__in=places, starts_on__year__in=years)
        for place, project, starts_on, span in told.values_list("organisation", "project", "starts_on", "span"):
            self.spans[(place, project, Period(starts_on, span).half_year.starts_on)].add(span)

    def problem(self, told: Told) -> str:
        """Why these hours can't be told, or nothing."""
        named = {
            "municipality": told.organisation, "period": told.period, "project": told.project,
            "collaboration": self.collaboration,
        }  # fmt: skip
        if told.hours is not None and told.hours < 0:
            return _("The hours can't be below zero.")
        if told.hours is not None and told.hours > MOST_HOURS:
            return _("So many hours can't be right. Write fewer.")
        if not told.period.has_begun:
            return _("%(period)s has not begun. Tell the hours when they are worked.") % named
        if not self._overlaps(self.members.get(told.organisation.pk, []), told.period):
            return _("%(municipality)s is not a member of %(collaboration)s in %(period)s.") % named
        if told.project and not self.is_in(told.organisation, told.project, told.period):
            sentence = _("%(municipality)s does not take part in «%(project)s» in %(period)s by its own decision.")
            return sentence % named
        return self.told_otherwise(told)

    def told_otherwise(self, told: Told) -> str:
        """A half-year as one figure and its months never both: the same hours would count twice."""
        place, project, _first = told.key
        other = self.spans.get((place, project, told.period.half_year.starts_on), set()) - {told.period.span}
        if not other:
            return ""
        named = {"half": told.period.half_year, "municipality": told.organisation}
        if told.period.span == HALF_YEAR:
            return _("%(municipality)s has told the hours of %(half)s month by month. Change the months.") % named
        return (
            _("%(municipality)s has told %(half)s as one figure. Remove it before you tell the months one by one.")
            % named
        )

    def remember(self, told: Told) -> None:
        """Told in the same go: the next one must fit with it."""
        place, project, _first = told.key
        self.spans[(place, project, told.period.half_year.starts_on)].add(told.period.span)

    def is_in(self, organisation: Organisation, project: Project, period: Period) -> bool:
        """Whether the municipality takes part on any day of the period (R7)."""
        return self._overlaps(self.windows.get((organisation.pk, project.pk), []), period)

    @staticmethod
    def _overlaps(found: list[Window], period: Period) -> bool:
        return any(first <= period.last_day and last >= period.starts_on for first, last in found)


def windows(collaboration: Collaboration, organisations: Iterable[int]) -> dict[tuple[int, int], list[Window]]:
    """From which day to which each municipality takes part in each project, by its decisions (rule 1)."""
    found: dict[tuple[int, int], list[Window]] = defaultdict(list)
    about = {"adoption__state__in": YES, "adoption__objected_at": None}
    told = [
        "adoption__decided_on",
        "joins_on",
        "leaves_on",
        "withdrawal__state",
        "leaves_by_no",
        "withdrawal__objected_at",
    ]
    present = Participation.objects.filter(project__collaboration=collaboration, organisation__in=organisations)
    for place, project, *days in present.filter(**about).values_list("organisation", "project", *told):
        found[(place, project)].append(_window(*days, until=date.max))
    earlier = EarlierAnswer.objects.filter(
        participation__project__collaboration=collaboration, participation__organisation__in=organisations
    ).filter(**about)
    named = ["participation__organisation", "participation__project", "asked_anew_on"]
    for place, project, anew, *days in earlier.values_list(*named, *told):
        found[(place, project)].append(_window(*days, until=anew - timedelta(days=1)))
    return found


def _window(
    decided_on: date,
    joins_on: date | None,
    leaves_on: date | None,
    told: str | None,
    by_no: bool,
    objected: Any,
    *,
    until: date,
) -> Window:
    leaves = leaves_on if leaving(told or "", by_no=by_no) in YES and objected is None and leaves_on else date.max
    return max(decided_on, joins_on or decided_on), min(leaves, until)


class Rates:
    """What an hour counts as in each period: the rate agreed for its last day."""

    def __init__(self, collaboration: Collaboration) -> None:
        self.known = list(HourlyRate.objects.filter(collaboration=collaboration).order_by("-since"))

    def of(self, period: Period) -> Decimal | None:
        return next((rate.amount for rate in self.known if rate.since <= period.last_day), None)
