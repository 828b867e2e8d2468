"""Who pays for what: grants, the municipalities' own money and their own work, per project, per year and in all (R20).

Grants are what is laid out; the municipalities' money is what their own decisions cover; work is hours times the rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractYear, Greatest
from django.utils.translation import gettext as _

from digivesteralen.ui import charts
from governance.models import Collaboration
from portfolio import base_budgets
from portfolio.effort_sums import NOK
from portfolio.models import Allocation, Effort, Project, ProjectSums, ProjectYear

ZERO = Decimal(0)
MONEY = DecimalField(max_digits=16, decimal_places=2)
NOTHING = Value(ZERO, output_field=MONEY)


@dataclass(frozen=True)
class Mix:
    """What something is paid with; an amount nobody knows is nothing here, and is told beside."""

    title: str
    grants: Decimal
    municipalities: Decimal
    work: Decimal
    missing: Decimal | None = None
    estimated: bool = False
    example: bool = False

    @property
    def known(self) -> Decimal:
        return self.grants + self.municipalities + self.work

    @property
    def parts(self) -> list[Decimal | None]:
        """Of the known whole: grants, money, work."""
        amounts = (self.grants, self.municipalities, self.work)
        return [amount / self.known if self.known else None for amount in amounts]


# --- per project --------------------------------------------------------------------------------------


def by_project(collaboration: Collaboration) -> QuerySet[Project]:
    """Projects that anything is paid for, with ``secured``, ``covered``, ``worth`` and ``missing``."""
    mine = {"project": OuterRef("pk")}
    secured, worked = Allocation.objects.filter(**mine), Effort.objects.filter(**mine)
    projects = collaboration.projects.filter(Q(shared_cost__gt=0) | Q(Exists(secured)) | Q(Exists(worked)))
    found = projects.select_related("collaboration").annotate(
        secured=Coalesce(_sum(secured, "amount"), NOTHING),
        covered=Coalesce(F("sums__covered"), NOTHING, output_field=MONEY),
        worked=_sum(worked, "hours"),
        worth=_sum(worked, NOK),
        estimated=Exists(worked.filter(estimated=True)),
    )
    missing = Greatest(F("shared_cost") - F("secured") - F("covered"), NOTHING)
    return found.annotate(
        missing=Case(
            When(Q(in_base_budget=True) | Q(shared_cost=None), then=Value(None)), default=missing, output_field=MONEY
        )
    ).order_by("number")


def _sum(rows: QuerySet[Any], what: Any) -> Any:
    grouped = rows.order_by().values("project")
    return Subquery(grouped.values(total=Sum(what)), output_field=MONEY)


def mixes(projects: Sequence[Any]) -> list[Mix]:
    """Rows of ``by_project``."""
    return [
        Mix(one.title, one.secured, one.covered, one.worth or ZERO, one.missing, one.estimated, one.example)
        for one in projects
    ]


def chart(title: str, rows: Sequence[Mix], label: str, *, missing: bool = True) -> charts.Chart | None:
    """Bars of what each is paid with."""
    drawn = [row for row in rows if row.known or row.missing]
    if not drawn:
        return None
    series = [(_("grants"), "accent"), (_("the municipalities' money"), "success"), (_("own work"), "warning")]
    series += [(_("is missing"), "neutral")] if missing else []
    return charts.stacked_bars(
        title,
        [
            (row.title, [row.grants, row.municipalities, row.work, *([row.missing or ZERO] if missing else [])])
            for row in drawn
        ],
        series,
        unit="kr",
        label=label,
        note=_("Own work is partly estimated.") if any(row.estimated for row in drawn) else "",
        id="finansiering",
    )


# --- the base budget, by year; and all years ----------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """The worth of own work in a year: what is delivered, and where nothing is, what the plan reckons with."""

    amount: Decimal
    estimated: bool


def work_by_year(collaboration: Collaboration, *, for_the_whole: bool = False) -> dict[int, Work]:
    """Delivered hours in NOK; in a year without any, the plan's own effort (N8). ``for_the_whole``: not on projects."""
    planned: Any = collaboration.own_efforts.filter(year__isnull=False).order_by().values("year")
    found: dict[int, Work] = {}
    for group in planned.annotate(worth=Sum("amount"), roughly=Count("pk", filter=Q(estimated=True))):
        found[group["year"]] = Work(group["worth"], bool(group["roughly"]))
    told: Any = Effort.objects.filter(collaboration=collaboration, rate__isnull=False)
    told = told.filter(project=None) if for_the_whole else told
    groups = told.order_by().values(year=ExtractYear("starts_on"))
    for group in groups.annotate(worth=Sum(NOK), roughly=Count("pk", filter=Q(estimated=True))):
        found[group["year"]] = Work(group["worth"], bool(group["roughly"]))
    return found


def of_base_budgets(collaboration: Collaboration) -> list[Mix]:
    """The base budget of each year: grants laid out to it, own work that is not on projects, and what is missing."""
    work = work_by_year(collaboration, for_the_whole=True)
    return [_of_year(one, work.get(one.budget.year, Work(ZERO, estimated=False))) for one in _years(collaboration)]


def _years(collaboration: Collaboration) -> list[base_budgets.YearPicture]:
    return sorted(base_budgets.years(collaboration), key=lambda one: one.budget.year)


def _of_year(one: base_budgets.YearPicture, work: Work) -> Mix:
    """What is missing is counted from the figure, else from the most the year may need."""
    figure = one.missing_of_the_figure
    return Mix(
        title=_("Base budget %(year)s") % {"year": one.budget.year},
        grants=one.covered,
        municipalities=ZERO,
        work=work.amount,
        missing=one.missing[1] if figure is None else figure,
        estimated=work.estimated,
        example=one.budget.example,
    )


def by_year(collaboration: Collaboration) -> list[Mix]:
    """Each year that anything is known of: the municipal part grows as the grants are used up (R24)."""
    grants = dict(
        Allocation.objects.filter(grant__collaboration=collaboration)
        .order_by()
        .values_list("year")
        .annotate(all=Sum("amount"))
    )
    stopped = Project.State.STOPPED
    laid_out = ProjectYear.objects.filter(project__collaboration=collaboration, project__in_base_budget=False)
    shared = laid_out.exclude(project__state=stopped).order_by().values_list("year")
    money = dict(shared.annotate(all=Sum(F("cost") - F("grant_share"))))
    work = work_by_year(collaboration)
    return [
        Mix(
            title=str(year),
            grants=grants.get(year, ZERO),
            municipalities=money.get(year, ZERO),
            work=work[year].amount if year in work else ZERO,
            estimated=year in work and work[year].estimated,
        )
        for year in sorted({*grants, *money, *work})
    ]


# --- in all -------------------------------------------------------------------------------------------


def in_all(collaboration: Collaboration) -> Mix:
    """Everything together, in a handful of sums whatever the number of projects."""
    secured = Allocation.objects.filter(grant__collaboration=collaboration).aggregate(all=Sum("amount"))
    covered = ProjectSums.objects.filter(project__collaboration=collaboration).aggregate(all=Sum("covered"))["all"]
    work = work_by_year(collaboration).values()
    alive = by_project(collaboration).exclude(state=Project.State.STOPPED).order_by()
    missing = alive.aggregate(all=Sum("missing"))["all"]
    return Mix(
        title=_("In all"),
        grants=secured["all"] or ZERO,
        municipalities=covered or ZERO,
        work=sum((one.amount for one in work), ZERO),
        missing=missing or ZERO,
        estimated=any(one.estimated for one in work),
    )
