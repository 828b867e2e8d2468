"""What is planned and what is realised: for a project, for a municipality and for the whole portfolio (E10–E12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation
from portfolio.models import Benefit, BenefitLine, FocusArea, OneSided, PhaseModel, Project
from portfolio.models.benefits import YEARS

MONEY, HOURS = Benefit.Unit.MONEY, Benefit.Unit.HOURS
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Sums:
    """Planned and realised in one unit that can be added: kroner or hours per year."""

    planned: Decimal
    realised: Decimal
    lines: int
    measured: int

    @property
    def left(self) -> Decimal:
        return self.planned - self.realised


@dataclass(frozen=True)
class PlannedAndRealised:
    """The lines of those who take part, their exact sums, and what has no price and is only listed."""

    benefits: Any
    lines: Any
    money: Sums
    hours: Sums
    yearly_value: Decimal
    priced: int

    @property
    def ten_years(self) -> Decimal:
        """Computed: ten years at full effect."""
        return self.yearly_value * YEARS

    @property
    def by_kind(self) -> Sequence[dict[str, Any]]:
        """One row for each kind of benefit, added up by the database."""
        return list(self.lines.order_by().values(kind=F("benefit__kind")).annotate(**_sums()))

    @property
    def by_municipality(self) -> Sequence[dict[str, Any]]:
        """One row for each municipality, added up by the database."""
        place = "participation__organisation"
        return list(
            self.lines.order_by()
            .values(number=F(f"{place}__number"), name=F(f"{place}__name"))
            .annotate(**_sums(), owned=Count("pk", distinct=True))
            .order_by(f"{place}__sort_key")
        )


@dataclass(frozen=True)
class Both:
    """How many projects state both reduced cost and better services (E11)."""

    with_both: int
    projects: int


def planned_and_realised(
    where: Collaboration | Project,
    *,
    organisation: Organisation | None = None,
    area: FocusArea | None = None,
    year: int | None = None,
    until: date | None = None,
) -> PlannedAndRealised:
    """As of now or of a day, or as of the end of a year: then only what had begun and was measured by then."""
    benefits = Benefit.objects.filter(project=where) if isinstance(where, Project) else _of(where)
    if area is not None:
        benefits = benefits.filter(project__focus_area=area)
    if year is not None:
        benefits = benefits.filter(Q(starts_year=None) | Q(starts_year__lte=year))
        until = date(year, 12, 31)
    # Of the coming months nothing is known: until the end of this year it is as of today.
    lines = BenefitLine.objects.standing(until and min(until, timezone.localdate())).filter(benefit__in=benefits)
    if organisation is not None:
        lines = lines.filter(participation__organisation=organisation)
        benefits = benefits.filter(Exists(lines.filter(benefit=OuterRef("pk"))))
    lines = lines.with_gains(until)
    told = lines.order_by().aggregate(**_sums())
    priced = benefits.aggregate(
        value=Coalesce(Sum("yearly_value"), NOTHING, output_field=_exact()), count=Count("yearly_value")
    )
    return PlannedAndRealised(
        benefits=benefits,
        lines=lines,
        money=_of_unit(told, "money"),
        hours=_of_unit(told, "hours"),
        yearly_value=priced["value"],
        priced=priced["count"],
    )


def _of(collaboration: Collaboration) -> Any:
    return Benefit.objects.filter(project__collaboration=collaboration).exclude(project__state=Project.State.STOPPED)


def _exact() -> DecimalField[Any, Any]:
    return DecimalField(max_digits=18, decimal_places=2)


def _sums() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, unit in (("money", MONEY), ("hours", HOURS)):
        of_unit = Q(benefit__unit=unit)
        for what in ("planned", "realised"):
            found[f"{name}_{what}"] = Coalesce(Sum(what, filter=of_unit), NOTHING, output_field=_exact())
        found[f"{name}_lines"] = Count("pk", filter=of_unit)
        found[f"{name}_measured"] = Count("pk", filter=of_unit & Q(measured_on__isnull=False))
    return found


def _of_unit(told: dict[str, Any], name: str) -> Sums:
    return Sums(*(told[f"{name}_{what}"] for what in ("planned", "realised", "lines", "measured")))


# --- both cost and service (E11) ----------------------------------------------------------------------


def both_sides(collaboration: Collaboration) -> Both:
    """A figure of the portfolio, and no duty of a project that runs in the small way."""
    alive = collaboration.projects.exclude(state=Project.State.STOPPED)
    found = alive.aggregate(projects=Count("pk"), both=Count("pk", filter=_states(COST) & _states(SERVICE)))
    return Both(found["both"], found["projects"])


COST, SERVICE = Benefit.Side.COST, Benefit.Side.SERVICE


def _states(side: str) -> Any:
    return Q(Exists(Benefit.objects.filter(project=OuterRef("pk"), side=side)))


def must_state_both(project: Project) -> bool:
    """A duty of a project by the full model; in the small way it is a figure of the portfolio."""
    return project.phase_model == PhaseModel.FULL


def reason_for_one_side(project: Project) -> OneSided | None:
    return OneSided.objects.filter(project=project).first()


def missing_side(project: Project) -> str:
    """What a project by the full model still has to state, or say why it does not; empty where nothing is missing."""
    if not must_state_both(project):
        return ""
    stated = set(project.benefits.values_list("side", flat=True))
    missing = [str(side.label) for side in (COST, SERVICE) if side not in stated]
    if not missing or reason_for_one_side(project):
        return ""
    return _(
        "The project states no benefit of the kind «%(sides)s». Register one, or say why the project gives only the "
        "other, on its page «Benefits»."
    ) % {"sides": _("» and «").join(missing)}


def said(value: Decimal | None, unit: str) -> str:
    """A value in its unit, in words."""
    if value is None:
        return "–"
    if unit == MONEY:
        return wording.money(value)
    names = {HOURS: _("hours"), Benefit.Unit.PERCENT: "%"}
    name = names.get(unit, "")  # type: ignore[call-overload]
    return f"{wording.number(value)} {name}".strip()
