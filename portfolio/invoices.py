"""«Fakturagrunnlag»: what each municipality owes for a year, by its own decisions and nothing else (rules 1 and 2).

Of a share the municipality owes what its decision covers; the excess is unfunded, and nobody's debt. Where the cost is
laid out over years, the decision is used up year by year from the first; else the whole share falls in one year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, Greatest, Least
from django.utils.translation import gettext as _

from governance.models import Adoption, Collaboration, Duty, Organisation
from portfolio.models import Project, Share, YearShare

NOTHING = Value(Decimal(0), output_field=DecimalField(max_digits=14, decimal_places=2))
RUNNING = [Project.State.EXECUTION, Project.State.FINISHED]
BILLED = Q(project__state__in=RUNNING, project__in_base_budget=False)


@dataclass(frozen=True)
class Line:
    """What one municipality owes for one project in one year, and the decision that it rests on."""

    organisation: Organisation
    project: Project
    adoption: Adoption
    year: int
    why_this_year: str
    share: Decimal
    covered: Decimal
    owed: Decimal

    @property
    def excess(self) -> Decimal:
        return self.share - self.owed

    @property
    def example(self) -> bool:
        return self.project.example or self.adoption.example


def keeper(collaboration: Collaboration) -> Duty | None:
    """The municipality that keeps the accounts, and so sends the invoices (R4)."""
    found = collaboration.duties.active().filter(kind=Duty.Kind.ACCOUNTS)
    return found.select_related("organisation").first()


# --- in the database ----------------------------------------------------------------------------------


def year_parts(collaboration: Collaboration) -> QuerySet[Any]:
    """Shares laid out over years, with ``owed``: what is left of the decision's cover when the year comes."""
    parts: QuerySet[Any] = YearShare.objects.filter(
        project__collaboration=collaboration, participation__share__pays=True, so_far__isnull=False
    )
    earlier = YearShare.objects.filter(participation=OuterRef("participation"), year__lt=OuterRef("year"))
    before = Subquery(earlier.order_by().values("participation").annotate(all=Sum("so_far")).values("all"))
    cover = Coalesce(F("participation__share__covered"), NOTHING)
    left = Greatest(cover - Coalesce(before, NOTHING), NOTHING)
    return parts.annotate(cover=cover, owed=Least(F("so_far"), left))


def whole_shares(collaboration: Collaboration) -> QuerySet[Any]:
    """Shares that are not laid out over years, with the year they fall in: of the decision, else of the project."""
    laid_out = YearShare.objects.filter(participation=OuterRef("pk"))
    shares: QuerySet[Any] = Share.objects.filter(
        ~Exists(laid_out), project__collaboration=collaboration, pays=True, so_far__isnull=False
    )
    return shares.annotate(
        cover=Coalesce(F("covered"), NOTHING),
        owed=Least(F("so_far"), Coalesce(F("covered"), NOTHING)),
        the_year=Coalesce(
            F("participation__adoption__budget_year"),
            ExtractYear("project__starts_on"),
            ExtractYear("participation__adoption__decided_on"),
        ),
    )


def sums(collaboration: Collaboration, year: int) -> list[tuple[int, Decimal]]:
    """What each municipality owes for the year, added up by the database: (municipality, amount)."""
    found: dict[int, Decimal] = {}
    for rows in (
        year_parts(collaboration).filter(BILLED, year=year),
        whole_shares(collaboration).filter(BILLED, the_year=year),
    ):
        for place, amount in rows.order_by().values_list("organisation").annotate(all=Sum("owed")):
            found[place] = found.get(place, Decimal(0)) + amount
    return list(found.items())


def years(collaboration: Collaboration) -> list[int]:
    """The years that a cost can fall in, the newest first: laid out, or where a whole share falls."""
    projects = collaboration.projects.filter(state__in=RUNNING, in_base_budget=False, shared_cost__gt=0).order_by()
    started = projects.filter(starts_on__isnull=False).values_list(ExtractYear("starts_on"), flat=True)
    laid_out = projects.filter(years__isnull=False).values_list("years__year", flat=True)
    shares = whole_shares(collaboration).filter(BILLED, owed__gt=0).order_by().values_list("the_year", flat=True)
    return sorted({*started.distinct(), *laid_out.distinct(), *shares.distinct()}, reverse=True)


# --- line by line -------------------------------------------------------------------------------------


def lines(collaboration: Collaboration, year: int, organisation: Organisation | None = None) -> list[Line]:
    """Every line of the year with something to invoice, by municipality and project."""
    only = {"organisation": organisation} if organisation else {}
    found = [
        *_of_years(year_parts(collaboration).filter(BILLED, owed__gt=0, year=year, **only)),
        *_of_whole(whole_shares(collaboration).filter(BILLED, owed__gt=0, the_year=year, **only)),
    ]
    return sorted(found, key=lambda line: (line.organisation.sort_key, line.project.number))


def _of_years(parts: QuerySet[Any]) -> Iterator[Line]:
    for part in parts.select_related("organisation", "project", "participation__adoption"):
        yield _line(part, part.participation.adoption, part.year, _("the year's part of the cost"))


def _of_whole(shares: QuerySet[Any]) -> Iterator[Line]:
    for share in shares.select_related("organisation", "project", "participation__adoption"):
        adoption = share.participation.adoption
        if adoption.budget_year:
            why = _("the budget year of the decision")
        elif share.project.starts_on:
            why = _("the year the project starts")
        else:
            why = _("the year of the decision")
        yield _line(share, adoption, share.the_year, why)


def _line(row: Any, adoption: Adoption, year: int, why: str) -> Line:
    return Line(
        organisation=row.organisation,
        project=row.project,
        adoption=adoption,
        year=year,
        why_this_year=why,
        share=row.so_far,
        covered=row.cover,
        owed=row.owed,
    )
