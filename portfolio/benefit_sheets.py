"""Benefits as a workbook: the benefits whole, each municipality's line, every measurement, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from portfolio.benefits import PlannedAndRealised
from portfolio.models import BenefitMeasurement
from portfolio.sheets import STREAMED, about


def of(where: Any, told: PlannedAndRealised, narrowed: Sequence[str] = ()) -> list[SheetSpec]:
    """Everything on the page, whole."""
    return [
        _benefits(told),
        _lines(told),
        _measurements(told),
        _municipalities(told),
        SheetSpec(
            _("About"),
            [_("What"), _("Value")],
            about([str(where), *narrowed], told.benefits.values("project").distinct().count()),
        ),
    ]


def _benefits(told: PlannedAndRealised) -> SheetSpec:
    header = [
        _("Number"), _("Project"), _("Benefit"), _("Owner"), _("Target"), _("Reduced cost or better services"),
        _("Kind"), _("Where the benefit arises"), _("Indicator"), _("Unit"), _("Start value"),
        _("Day of the start value"), _("Target value"), _("Day of the target value"), _("Value per year (NOK)"),
        _("Over ten years, computed (NOK)"), _("First year of the gain"), _("What the gain is used for"),
        _("Prerequisites"), _("Measure that realises it"), _("Responsible for the measure"), _("How it is measured"),
        _("Responsible for the measuring"), _("Importance"), _("Reason for the importance"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Benefits"), header, _benefit_rows(told))


def _benefit_rows(told: PlannedAndRealised) -> Iterator[list[Any]]:
    found = told.benefits.select_related("project", "owner").order_by("project__number", "pk")
    for one in found.iterator(chunk_size=STREAMED):
        yield [
            one.project.number, one.project.title, one.gain,
            one.owner.name if one.owner else _("each municipality that takes part"), one.target,
            str(one.get_side_display()), str(one.get_kind_display()), str(one.get_arises_display()), one.indicator,
            str(one.get_unit_display()), one.baseline, one.baseline_on, one.target_value, one.target_on,
            one.yearly_value, one.ten_years, one.starts_year, str(one.get_used_for_display()), one.prerequisites,
            one.measure, one.measure_by, one.method, one.method_by, str(one.get_importance_display()),
            one.importance_reason, _("yes") if one.example else "",
        ]  # fmt: skip


def _lines(told: PlannedAndRealised) -> SheetSpec:
    header = [
        _("Number"), _("Project"), _("Benefit"), _("Municipality"), _("Owner"), _("The prerequisites are met"),
        _("Unit"), _("Start value"), _("Expected per year"), _("Realised per year"), _("Last measured"),
        _("On behalf of the municipality"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("The municipalities' lines"), header, _line_rows(told))


def _line_rows(told: PlannedAndRealised) -> Iterator[list[Any]]:
    found = told.lines.in_full().order_by(
        "benefit__project__number", "benefit", "participation__organisation__sort_key"
    )
    for one in found.iterator(chunk_size=STREAMED):
        project = one.benefit.project
        yield [
            project.number, project.title, one.benefit.gain, one.participation.organisation.name, one.owned_by,
            _("yes") if one.ready else _("no"), str(one.benefit.get_unit_display()), one.begun, one.planned,
            one.realised, one.measured_on, _("yes") if one.on_behalf else "", _("yes") if one.example else "",
        ]  # fmt: skip


def _measurements(told: PlannedAndRealised) -> SheetSpec:
    header = [
        _("Number"), _("Project"), _("Benefit"), _("Municipality"), _("Day"), _("Measured value"), _("Unit"),
        _("Comment"), _("Registered by"), _("Corrected"), _("Reason for the correction"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Measurements"), header, _measurement_rows(told))


def _measurement_rows(told: PlannedAndRealised) -> Iterator[list[Any]]:
    found = BenefitMeasurement.objects.filter(line__in=told.lines.values("pk")).select_related(
        "line__benefit__project", "line__participation__organisation", "registered_by", "corrected_by"
    )
    for one in found.order_by("line__benefit__project__number", "line", "on", "pk").iterator(chunk_size=STREAMED):
        benefit = one.line.benefit
        yield [
            benefit.project.number, benefit.project.title, benefit.gain, one.line.participation.organisation.name,
            one.on, one.value, str(benefit.get_unit_display()), one.comment, str(one.registered_by),
            _("yes") if hasattr(one, "corrected_by") else "", one.reason, _("yes") if one.example else "",
        ]  # fmt: skip


def _municipalities(told: PlannedAndRealised) -> SheetSpec:
    header = [
        _("Municipality"), _("Expected per year (NOK)"), _("Realised per year (NOK)"), _("Expected per year (hours)"),
        _("Realised per year (hours)"), _("Benefits with an owner"),
    ]  # fmt: skip
    names = ("name", "money_planned", "money_realised", "hours_planned", "hours_realised", "owned")
    rows = [[row[name] for name in names] for row in told.by_municipality]
    sums = [_("Sum"), told.money.planned, told.money.realised, told.hours.planned, told.hours.realised, ""]
    return SheetSpec(_("Sums"), header, [*rows, sums])
