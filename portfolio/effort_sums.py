"""Own effort added up by the database: what is told for each half-year, and what was pledged and what is delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce

from governance.models import Collaboration, Organisation
from portfolio.models import Effort, Project, Share, Status
from portfolio.periods import HALF_YEAR, Period, half_years

NOTHING = Decimal(0)
NOK = ExpressionWrapper(F("hours") * F("rate"), output_field=DecimalField(max_digits=16, decimal_places=2))
SECOND_HALF = Case(When(starts_on__month__gte=7, then=Value(True)), default=Value(False), output_field=BooleanField())


@dataclass
class Cell:
    """What one municipality has told for a half-year: one figure, or the months added up; and on projects beside."""

    period: Period
    figure: Effort | None = None
    by_month: Decimal | None = None
    on_projects: Decimal = NOTHING

    @property
    def whole(self) -> Decimal | None:
        """For the collaboration as a whole; unknown where nothing is told, which is not nought."""
        return self.figure.hours if self.figure else self.by_month

    @property
    def may_be_one_figure(self) -> bool:
        return self.period.has_begun and self.by_month is None


@dataclass
class Line:
    """A municipality's year."""

    organisation: Organisation
    cells: list[Cell] = field(default_factory=list)
    value: Decimal | None = None

    @property
    def on_projects(self) -> Decimal:
        return sum((cell.on_projects for cell in self.cells), NOTHING)

    @property
    def hours(self) -> Decimal | None:
        known = [cell.whole for cell in self.cells if cell.whole is not None]
        return sum(known, self.on_projects) if known or self.on_projects else None


def members_in(collaboration: Collaboration, year: int) -> QuerySet[Organisation]:
    """Municipalities that are members on any day of the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    active = collaboration.memberships.not_contested().filter(Q(until=None) | Q(until__gte=first), since__lte=last)
    return Organisation.objects.municipalities().filter(pk__in=active.values("organisation")).order_by("sort_key")


def lines(collaboration: Collaboration, organisations: Sequence[Organisation], year: int) -> list[Line]:
    """The year of each of these, in two queries."""
    told = Effort.objects.filter(collaboration=collaboration, organisation__in=organisations, starts_on__year=year)
    figures = {
        (row.organisation_id, row.starts_on): row for row in told.filter(project=None, span=Effort.Span.HALF_YEAR)
    }
    sums: dict[tuple[int, bool], dict[str, Any]] = defaultdict(dict)
    groups = told.order_by().annotate(second=SECOND_HALF, on_project=_is_on_a_project())
    for place, second, span, on_project, hours, value in groups.values_list(
        "organisation", "second", "span", "on_project"
    ).annotate(worked=Sum("hours"), worth=Sum(NOK)):
        cell = sums[(place, second)]
        kind = "on_projects" if on_project else "figure" if span == HALF_YEAR else "by_month"
        cell[kind] = cell.get(kind, NOTHING) + hours
        if value is not None:
            cell["value"] = cell.get("value", NOTHING) + value
    return [_line(organisation, year, figures, sums) for organisation in organisations]


def _line(organisation: Organisation, year: int, figures: Any, sums: Any) -> Line:
    line = Line(organisation)
    for second, period in enumerate(half_years(year)):
        found = sums.get((organisation.pk, bool(second)), {})
        line.cells.append(
            Cell(
                period,
                figures.get((organisation.pk, period.starts_on)),
                found.get("by_month"),
                found.get("on_projects", NOTHING),
            )
        )
        if "value" in found:
            line.value = (line.value or NOTHING) + found["value"]
    return line


def _is_on_a_project() -> Any:
    return Case(When(project=None, then=Value(False)), default=Value(True), output_field=BooleanField())


def in_all(collaboration: Collaboration, year: int | None = None) -> dict[str, Any]:
    """Hours, value and what of it is estimated; of a year, or of all."""
    told = Effort.objects.filter(collaboration=collaboration)
    told = told.filter(starts_on__year=year) if year else told
    return told.aggregate(
        worked=Sum("hours"),
        value=Sum(NOK),
        roughly=Sum("hours", filter=Q(estimated=True)),
        without_rate=Sum("hours", filter=Q(rate=None)),
        examples=Count("pk", filter=Q(example=True)),
    )


# --- pledged and delivered ----------------------------------------------------------------------------


def _bound(shares: QuerySet[Share]) -> QuerySet[Share]:
    """Hours that standing decisions of the municipalities themselves cover; who has left works no more (rule 1)."""
    return shares.filter(pays=True, participation__adoption__hours__isnull=False).exclude(status=Status.LEFT)


def _sum(rows: QuerySet[Any], by: str, what: Any) -> Any:
    """The sum for each of the outer rows; nothing where there is nothing to add."""
    grouped = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Subquery(grouped.values(total=Sum(what)), output_field=DecimalField(max_digits=16, decimal_places=2))


def _compared(outer: QuerySet[Any], shares: QuerySet[Share], efforts: QuerySet[Effort], by: str) -> Any:
    found = outer.annotate(
        pledged=_sum(_bound(shares), by, "participation__adoption__hours"),
        delivered=_sum(efforts, by, "hours"),
        estimated=_sum(efforts.filter(estimated=True), by, "hours"),
        value=_sum(efforts, by, NOK),
        without_rate=Exists(efforts.filter(**{by: OuterRef("pk")}, rate=None)),
    )
    return found.annotate(
        left=Coalesce(F("pledged"), Value(NOTHING)) - Coalesce(F("delivered"), Value(NOTHING)),
    )


def by_municipality(collaboration: Collaboration, project: Project | None = None) -> Any:
    """Pledged and delivered of each municipality: of all that it does, or of one project."""
    shares = Share.objects.filter(project__collaboration=collaboration)
    efforts = Effort.objects.filter(collaboration=collaboration)
    if project is not None:
        shares, efforts = shares.filter(project=project), efforts.filter(project=project)
        concerned = Q(pk__in=shares.values("organisation")) | Q(pk__in=efforts.values("organisation"))
    else:
        members = collaboration.memberships.values("organisation")
        concerned = Q(pk__in=members, kind=Organisation.Kind.MUNICIPALITY) | Q(pk__in=efforts.values("organisation"))
    return _compared(Organisation.objects.filter(concerned), shares, efforts, "organisation").order_by("sort_key")


def by_project(collaboration: Collaboration, organisation: Organisation | None = None) -> Any:
    """Pledged and delivered in each project that has any hours: by all, or by one municipality."""
    shares = Share.objects.filter(project__collaboration=collaboration)
    efforts = Effort.objects.filter(collaboration=collaboration)
    if organisation is not None:
        shares, efforts = shares.filter(organisation=organisation), efforts.filter(organisation=organisation)
    there = Exists(_bound(shares).filter(project=OuterRef("pk"))) | Exists(efforts.filter(project=OuterRef("pk")))
    projects = collaboration.projects.filter(there).select_related("collaboration")
    return _compared(projects, shares, efforts, "project").order_by("number")


def without_project(collaboration: Collaboration, organisation: Organisation | None = None) -> Decimal | None:
    """Hours for the collaboration as a whole."""
    told = Effort.objects.filter(collaboration=collaboration, project=None)
    told = told.filter(organisation=organisation) if organisation else told
    found: Decimal | None = told.aggregate(all=Sum("hours"))["all"]
    return found
