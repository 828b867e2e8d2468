"""Benefits as they are shown: by benefit, by municipality, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, DecimalField, Sum
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import charts, tables, wording
from portfolio.benefits import HOURS, MONEY, PlannedAndRealised, said
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement, Participation

EXACT = DecimalField(max_digits=18, decimal_places=2)


class OfBenefit(NamedTuple):
    """One benefit with what its municipalities plan and have realised, where that can be added."""

    benefit: Benefit
    planned: str
    realised: str
    lines: int
    measured: int


class OfMunicipality(NamedTuple):
    """One municipality that takes part, with its line where it has one."""

    part: Participation
    line: Any
    url: str
    planned: str
    realised: str


def by_benefit(told: PlannedAndRealised) -> list[OfBenefit]:
    sums = {
        row["benefit"]: row
        for row in told.lines.order_by()
        .values("benefit")
        .annotate(
            plan=Sum("planned", output_field=EXACT),
            real=Sum("realised", output_field=EXACT),
            count=Count("pk"),
            told=Count("measured_on"),
        )
    }
    benefits = told.benefits.select_related("project__collaboration", "owner").order_by("project__number", "pk")
    return [_of_benefit(benefit, sums.get(benefit.pk)) for benefit in benefits]


def _of_benefit(benefit: Benefit, row: dict[str, Any] | None) -> OfBenefit:
    """Only kroner and hours are added; per cent of six municipalities add up to nothing."""
    if row is None:
        return OfBenefit(benefit, "–", "–", 0, 0)
    adds = benefit.unit in {MONEY, HOURS}
    planned, realised = (said(row[name], benefit.unit) if adds else "–" for name in ("plan", "real"))
    return OfBenefit(benefit, planned, realised, row["count"], row["told"])


def by_municipality(benefit: Benefit) -> list[OfMunicipality]:
    """Those who take part, whether they have said who owns it or not; and those with a line who have left."""
    project = benefit.project
    lines = {line.participation_id: line for line in BenefitLine.objects.filter(benefit=benefit).with_gains().in_full()}
    parts = project.participations.whole()
    if benefit.owner_id:
        parts = parts.filter(organisation=benefit.owner_id)
    return [_of(benefit, part, lines.get(part.pk)) for part in parts if part.pays or part.pk in lines]


def _of(benefit: Benefit, part: Participation, line: Any) -> OfMunicipality:
    project = benefit.project
    url = reverse("benefit_line", args=[project.collaboration.slug, project.slug, benefit.pk, part.organisation.number])
    planned = said(line.planned, benefit.unit) if line else "–"
    realised = said(line.realised, benefit.unit) if line else "–"
    return OfMunicipality(part, line, url, planned, realised)


def facts(benefit: Benefit) -> list[tuple[str, Any]]:
    """What is written about the benefit; what nobody has filled in takes no room."""
    unit = benefit.unit
    start = said(benefit.baseline, unit) if benefit.baseline is not None else ""
    goal = said(benefit.target_value, unit) if benefit.target_value is not None else ""
    priced = benefit.yearly_value is not None
    told = [
        (_("Target"), benefit.target),
        (_("Owner"), benefit.owner.name if benefit.owner else _("each municipality that takes part")),
        (_("Reduced cost or better services"), benefit.get_side_display()),
        (_("Kind"), benefit.get_kind_display()),
        (_("Where the benefit arises"), benefit.get_arises_display()),
        (_("Indicator"), benefit.indicator),
        (_("Start value"), _on(start, benefit.baseline_on)),
        (_("Target value"), _on(goal, benefit.target_on)),
        (_("Value per year at full effect"), wording.money(benefit.yearly_value) if priced else ""),
        (_("Value over ten years, computed"), wording.money(benefit.ten_years) if priced else ""),
        (_("First year of the gain"), str(benefit.starts_year or "")),
        (_("What the gain is used for"), benefit.get_used_for_display()),
        (_("Prerequisites"), benefit.prerequisites),
        (_("Measure that realises it"), _by(benefit.measure, benefit.measure_by)),
        (_("How it is measured"), _by(benefit.method, benefit.method_by)),
        (_("Importance"), _by(benefit.get_importance_display(), benefit.importance_reason)),
    ]
    return [(label, capfirst(value)) for label, value in told if value]


def _on(value: str, day: date | None) -> str:
    return f"{value} ({wording.short_day(day)})" if value else ""


def _by(text: str, more: str) -> str:
    return " – ".join(filter(None, [text, more]))


def over_time(line: BenefitLine, told: Sequence[BenefitMeasurement]) -> charts.Chart | None:
    """What was measured, from the start value on, with the target; a chart where there is something to draw."""
    benefit = line.benefit
    standing = [one for one in told if not hasattr(one, "corrected_by")]
    if line.begun is None or benefit.baseline_on is None or not standing:
        return None
    points: dict[date, Decimal | None] = {benefit.baseline_on: line.begun, **{one.on: one.value for one in standing}}
    if benefit.target_on:
        points.setdefault(benefit.target_on, None)
    days = sorted(points)
    units = {MONEY: "kr", HOURS: _("hours"), Benefit.Unit.PERCENT: "%"}
    series: list[Any] = [
        (_("Measured"), "accent", [points[day] for day in days]),
        (_("Start value"), "neutral", [line.begun for _day in days]),
    ]
    if benefit.target_value is not None:
        series.append((_("Target value"), "success", [benefit.target_value for _day in days]))
    return charts.line(
        benefit.indicator or benefit.gain,
        [wording.short_day(day) for day in days],
        series,
        unit=str(units.get(benefit.unit, "")),  # type: ignore[call-overload]
        id=f"gevinst-{line.pk}",
    )


class BenefitLineTable(tables.DsTable):
    """Every municipality's part of every benefit: who owns it, what is planned, what is realised."""

    gain = tables.Column(
        accessor="benefit__gain", verbose_name=gettext_lazy("Benefit"), linkify=lambda record: record.get_absolute_url()
    )
    project = tables.Column(
        accessor="benefit__project__title",
        verbose_name=gettext_lazy("Project"),
        linkify=lambda record: record.benefit.project.get_absolute_url(),
    )
    municipality = tables.Column(
        accessor="participation__organisation__name",
        order_by="participation__organisation__sort_key",
        verbose_name=gettext_lazy("Municipality"),
    )
    owner = tables.Column(accessor="owned_by", verbose_name=gettext_lazy("Owner"), orderable=False)
    planned = tables.NumberColumn(verbose_name=gettext_lazy("Expected per year"))
    realised = tables.NumberColumn(verbose_name=gettext_lazy("Realised per year"))
    measured_on = tables.DateColumn(verbose_name=gettext_lazy("Last measured"))

    def render_planned(self, value: Any, record: Any) -> str:
        return said(value, record.benefit.unit)

    def render_realised(self, value: Any, record: Any) -> str:
        return said(value, record.benefit.unit)

    class Meta:
        model = BenefitLine
        fields = ("gain", "project", "municipality", "owner", "planned", "realised", "measured_on")
        row_header = "gain"
        caption = gettext_lazy("Benefits of each municipality")
        empty_text = gettext_lazy(
            "No municipality has said who owns a benefit yet. It does so on the page of the benefit, in the project."
        )
