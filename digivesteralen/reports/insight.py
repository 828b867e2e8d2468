"""What the surveys tell in the final report: survey results, findings, systems; and the data that goes along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.reports import benefits
from digivesteralen.reports.models import Report
from digivesteralen.ui import charts, wording
from governance.models import Collaboration
from surveys import comparison, convergence, measures, results
from surveys import findings as told
from surveys.models import Area, InsightActivity, Survey, SystemUse

Facts = dict[str, Any]


def activities(report: Report) -> Facts:
    return {"activities": InsightActivity.objects.of(report.collaboration).filter(example=False)}


def survey(report: Report) -> Facts:
    """Every survey that is closed or has answers, question by question, with both counts (S4, S6)."""
    found = _surveys(report.collaboration)
    return {
        "surveys": [(_counted(one), results.summary(one)) for one in found],
        "example": any(one.example for one in found),
    }


def findings(report: Report) -> Facts:
    categories = told.by_category(report.collaboration)
    told_of = [finding for category in categories for finding in category.findings]
    return {
        "categories": categories,
        "finding_count": len(told_of),
        "example": any(finding.example for finding in told_of),
    }


def inventory(report: Report) -> Facts:
    """One table per service area, so that no table runs over many pages."""
    uses = _uses(report.collaboration)
    groups = [(name, list(rows)) for name, rows in groupby(uses, key=lambda use: use.area.service_area.name)]
    return {"groups": groups, "example": any(use.example for use in uses)}


def inventory_summary(report: Report) -> Facts:
    """How many, and how far apart (S8): the figures of the comparison page."""
    uses = _uses(report.collaboration)
    shared = {area for area, _product in comparison.shared_products(report.collaboration)}
    return _likeness(report.collaboration) | {
        "municipalities": len({use.inventory_id for use in uses}),
        "systems": len({use.product_id for use in uses}),
        "areas": len({use.area_id for use in uses}),
        "shared_areas": len(shared),
        "chart": _spread(uses),
        "example": any(use.example for use in uses),
    }


def _likeness(collaboration: Collaboration) -> Facts:
    """How alike the municipalities are on the day of the report, with the coverage, and from what to what (8.2)."""
    members = list(collaboration.sharing().values_list("pk", flat=True))
    level = convergence.Level.PRODUCT
    found = convergence.per_area(members)[level]
    now = convergence.whole(found, members=len(members), asked_areas=Area.objects.count())
    points = measures.with_today(measures.history(collaboration, level), timezone.localdate(), now)
    return {
        "convergence": None if now.index is None else wording.number(now.index, 2),
        "coverage": wording.percent(now.coverage),
        "development": measures.development(points),
        "over_time": measures.chart(points),
    }


def counts(report: Report) -> dict[str, int]:
    """What the document says it was made from."""
    summary = inventory_summary(report)
    return {
        "findings": findings(report)["finding_count"],
        "systems": summary["systems"],
        "municipalities_with_systems": summary["municipalities"],
        "surveys": len(_surveys(report.collaboration)),
        **benefits.counted(report),
    }


def attachments(report: Report) -> list[tuple[str, bytes, str, str]]:
    """The data of the tables and charts, inside the PDF itself: name, content, kind, description."""
    systems: list[Iterable[Any]] = [
        [_("Service area"), _("Area"), _("Municipality"), _("System"), _("Supplier"), _("Contract end"), _("Example")]
    ]
    systems += [
        [
            use.area.service_area.name,
            use.area.name,
            use.inventory.municipality.name,
            use.product.name if use.product else "",
            use.supplier.name if use.supplier else "",
            use.contract_end.isoformat() if use.contract_end else "",
            _marked(use),
        ]
        for use in _uses(report.collaboration)
    ]
    answers: list[Iterable[Any]] = [[_("Survey"), _("Question"), _("Choice"), _("Answers"), _("People"), _("Example")]]
    answers += [
        [one.title, question.title, row.said, _known(row.answers), _known(row.people), _marked(one)]
        for one in _surveys(report.collaboration)
        for question in results.summary(one)
        for row in question.rows
    ]
    return [
        ("systemoversikt.csv", _csv(systems), "text/csv", _("The inventory of systems")),
        ("undersokelser.csv", _csv(answers), "text/csv", _("The results of the surveys")),
        (
            "gevinster.csv",
            _csv(benefits.data(report.collaboration)),
            "text/csv",
            _("The benefits of each municipality"),
        ),
    ]


def _surveys(collaboration: Collaboration) -> list[Survey]:
    """Those with answers, or with figures known from elsewhere."""
    found = Survey.objects.of(collaboration).order_by("opens_on", "pk")
    return [one for one in found if results.totals(one)[0]]


def _counted(one: Survey) -> dict[str, Any]:
    answers, people, approximate = results.totals(one)
    return {
        "title": one.title,
        "period": one.period,
        "note": one.note,
        "example": one.example,
        "n": results.counted(answers, people, approximate=approximate),
    }


def _uses(collaboration: Collaboration) -> list[SystemUse]:
    uses = SystemUse.objects.of(collaboration).counted().in_use(timezone.localdate()).in_order()
    return list(uses.select_related("area__service_area", "inventory__municipality", "product", "supplier"))


def _spread(uses: list[SystemUse]) -> charts.Chart | None:
    """How many different systems each service area has."""
    different: dict[str, set[Any]] = {}
    for use in uses:
        different.setdefault(use.area.service_area.name, set()).add(use.product_id)
    if not different:
        return None
    return charts.bars(
        _("Different systems per service area"),
        [(name, len(products)) for name, products in different.items()],
        label=_("Service area"),
        value=_("Systems"),
        id="spredning",
    )


def _marked(row: SystemUse | Survey) -> str:
    """What is made up says so in the files too (rule 13)."""
    return _("Example") if row.example else ""


def _known(number: int | None) -> Any:
    return _("unknown") if number is None else number


def _csv(rows: list[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(_unformulated(row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _unformulated(row: Iterable[Any]) -> list[Any]:
    """A cell that a spreadsheet would take for a formula gets a leading quote."""
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell for cell in row]
