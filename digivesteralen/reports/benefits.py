"""What the benefits tell in the final report: what was expected and realised, whose it is, what is measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.reports.models import Report
from digivesteralen.ui import wording
from governance.models import Collaboration
from portfolio.benefits import planned_and_realised, said
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement

Facts = dict[str, Any]
# More benefits than this are told by their sums; the attached file has each of them.
MOST_TOLD = 60
# So many years back; what was before them is in the figures, which say what each year gives.
YEARS_TOLD = 10
ORDER = ("benefit__project__number", "benefit", "participation__organisation__sort_key")


def benefits(report: Report) -> Facts:
    """The chapter: the sums of every year, then each benefit with its owners, its use and its indicator."""
    told = planned_and_realised(report.collaboration)
    found = list(told.benefits.select_related("project", "owner").order_by("project__number", "pk"))
    lines = list(told.lines.in_full().order_by(*ORDER))
    of_benefit: dict[int, list[Any]] = defaultdict(list)
    for line in lines:
        of_benefit[line.benefit_id].append(line)
    in_full = len(found) <= MOST_TOLD
    return {
        "count": len(found),
        "told": told,
        "years": by_kind_and_year(report.collaboration),
        "municipalities": told.by_municipality,
        "owned": [_owned(one, of_benefit[one.pk]) for one in found] if in_full else [],
        "indicators": [row for one in found for row in _indicators(one, of_benefit[one.pk])] if in_full else [],
        "planned_by_nobody": not lines,
        "measured": any(line.measured_on for line in lines),
        "in_full": in_full,
        "example": any(one.example for one in found) or any(line.example for line in lines),
    }


def by_kind_and_year(collaboration: Collaboration) -> list[Facts]:
    """For each kind and year, what was expected and realised as of its last day, or of today."""
    kinds = [*Benefit.Kind.values, ""]
    rows = [
        {**row, "year": year, "label": capfirst(Benefit.Kind(row["kind"]).label) if row["kind"] else _("Not stated")}
        for year in _years(collaboration)
        for row in planned_and_realised(collaboration, year=year).by_kind
        if row["money_lines"] or row["hours_lines"]
    ]
    return sorted(rows, key=lambda row: (kinds.index(row["kind"]), row["year"]))


def _years(collaboration: Collaboration) -> range:
    """From the first year that something began or was measured in, to this one."""
    lines = BenefitLine.objects.filter(benefit__project__collaboration=collaboration)
    begun = lines.aggregate(year=Min("benefit__starts_year"), day=Min("benefit__baseline_on"))
    told = BenefitMeasurement.objects.filter(line__in=lines).standing().aggregate(day=Min("on"))
    now = timezone.localdate().year
    days: list[date] = [day for day in (begun["day"], told["day"]) if day]
    first = min([year for year in (begun["year"], *(day.year for day in days)) if year] or [now])
    return range(max(first, now - YEARS_TOLD + 1), now + 1)


def _owned(benefit: Benefit, lines: list[Any]) -> Facts:
    """Whose it is: the municipalities that have said who owns it there, else whose it is meant to be."""
    meant = benefit.owner.name if benefit.owner else _("each municipality that takes part")
    owners = [f"{line.participation.organisation.name}: {line.owned_by}" for line in lines]
    return {"benefit": benefit, "owners": owners or [capfirst(_("%(whose)s; nobody named yet") % {"whose": meant})]}


def _indicators(benefit: Benefit, lines: list[Any]) -> list[Facts]:
    """One row for each municipality that measures, or one for the benefit where none does yet."""
    if not benefit.indicator:
        return []
    common = {"indicator": benefit.indicator, "benefit": benefit, "target": _on(benefit.target_value, benefit)}
    if not lines:
        return [{**common, "municipality": "", "start": _start(benefit, benefit.baseline), "last": "–"}]
    return [
        {
            **common,
            "municipality": line.participation.organisation.name,
            "start": _start(benefit, line.begun),
            "last": _with_day(said(line.measured_value, benefit.unit), line.measured_on),
        }
        for line in lines
    ]


def _start(benefit: Benefit, value: Any) -> str:
    return _with_day(said(value, benefit.unit), benefit.baseline_on)


def _on(value: Any, benefit: Benefit) -> str:
    return _with_day(said(value, benefit.unit), benefit.target_on)


def _with_day(value: str, day: date | None) -> str:
    return f"{value} ({wording.short_day(day)})" if day else value


def counted(report: Report) -> dict[str, int]:
    """What the document says it was made from."""
    told = planned_and_realised(report.collaboration)
    return {"benefits": told.benefits.count(), "benefit_lines": told.lines.count()}


def data(collaboration: Collaboration) -> list[Iterable[Any]]:
    """Each municipality's part of each benefit, for the file inside the PDF; a benefit that none has taken up too."""
    told = planned_and_realised(collaboration)
    header = [
        _("Project"), _("Benefit"), _("Kind"), _("What the gain is used for"), _("Municipality"), _("Owner"), _("Unit"),
        _("Start value"), _("Target value"), _("Expected per year"), _("Realised per year"), _("Last measured"),
        _("Example"),
    ]  # fmt: skip
    rows: list[Iterable[Any]] = [_row(line.benefit, line) for line in told.lines.in_full().order_by(*ORDER)]
    alone = told.benefits.exclude(pk__in=told.lines.values("benefit")).select_related("project")
    return [header, *rows, *(_row(one, None) for one in alone.order_by("project__number", "pk"))]


def _row(benefit: Benefit, line: Any) -> list[Any]:
    about = [benefit.project.title, benefit.gain, benefit.get_kind_display(), benefit.get_used_for_display()]
    values: list[Any] = ["", "", benefit.get_unit_display(), benefit.baseline, benefit.target_value, "", "", ""]
    if line:
        values = [line.participation.organisation.name, line.owned_by, benefit.get_unit_display(), line.begun]
        values += [benefit.target_value, line.planned, line.realised, line.measured_on]
    made_up = benefit.example or bool(line and line.example)
    return [*about, *values, _("Example") if made_up else ""]
