"""«Gevinstrealiseringsplan»: what is to be gained, who owns it where, and what is measured, as of today (D14)."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance.models import Collaboration
from portfolio import benefit_map, benefit_tables
from portfolio.actions.benefit_plans import place_of
from portfolio.benefits import (
    HOURS,
    MONEY,
    Both,
    PlannedAndRealised,
    both_sides,
    planned_and_realised,
    reason_for_one_side,
    said,
)
from portfolio.forms.benefits import BenefitFilter
from portfolio.models import Project

PDF = "application/pdf"
# More benefits than this are told by their sums and in short; the workbook has them whole.
MOST_TOLD = 60


def make(job: Job, report: Report) -> Made:
    """The work of the job."""
    where = place_of(job.subject)
    report(20, _("Collecting the benefits"))
    with override("nb"):
        told = context(where, job.arguments["query"])
        title = title_of(where)
        report(40, _("Setting the pages"))
        content = render(told, title)
    report(90, _("Storing the file"))
    made_from = {"query": job.arguments["query"], "benefits": [row.benefit.pk for row in told["rows"]]}
    return Made(content, f"gevinstplan-{where.slug}-{timezone.localdate()}.pdf", PDF, title, made_from=made_from)


def render(told: dict[str, Any], title: str) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/benefit_plan.html", told, title=title)


def title_of(where: Collaboration | Project) -> str:
    return _("Plan for realising benefits: %(what)s") % {"what": where}


def context(where: Collaboration | Project, query: dict[str, str]) -> dict[str, Any]:
    """A project's plan tells each benefit whole, with the map; the portfolio's tells sums first."""
    project = where if isinstance(where, Project) else None
    collaboration = project.collaboration if project else where
    narrowed = BenefitFilter(_as_query(query), collaboration=collaboration)  # type: ignore[arg-type]
    told = planned_and_realised(where, **(narrowed.wanted if project is None else {}))
    rows = benefit_tables.by_benefit(told)
    in_full = len(rows) <= MOST_TOLD
    both = None if project else both_sides(collaboration)  # type: ignore[arg-type]
    return {
        "collaboration": collaboration,
        "project": project,
        "heading": title_of(where),
        "as_of": timezone.localdate(),
        "selection": narrowed.told,
        "told": told,
        "sums": _sums(told, both),
        "rows": rows,
        "whole": [_whole(row) for row in rows] if in_full else [],
        "municipalities": told.by_municipality,
        "chart": benefit_map.drawn(project) if project else None,
        "one_sided": reason_for_one_side(project) if project else None,
        "example": any(row.benefit.example for row in rows),
    }


def _sums(told: PlannedAndRealised, both: Both | None) -> list[tuple[str, str]]:
    """What can be added, and nothing where nobody has planned or measured."""
    found = []
    for sums, unit in ((told.money, MONEY), (told.hours, HOURS)):
        if sums.lines:
            found.append((_("Expected per year"), said(sums.planned, unit)))
            found.append((_("Realised per year"), said(sums.realised, unit) if sums.measured else _("not measured")))
    if told.priced:
        found.append((_("Value per year at full effect"), said(told.yearly_value, MONEY)))
        found.append((_("Value over ten years, computed"), said(told.ten_years, MONEY)))
    if both:
        counted = {"both": both.with_both, "all": both.projects}
        told_both = _("%(both)s of %(all)s projects") % counted
        found.append((_("Both reduced cost and better services"), told_both))
    return found


def _whole(row: benefit_tables.OfBenefit) -> dict[str, Any]:
    benefit = row.benefit
    return {"row": row, "facts": benefit_tables.facts(benefit), "lines": benefit_tables.by_municipality(benefit)}


def _as_query(query: dict[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    found.update(query)
    return found
