"""«Min kommune» as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Organisation
from portfolio.models import Participation, Status, StatusReport
from portfolio.municipality import Years
from portfolio.sheets import STREAMED, about


def sheets(
    organisation: Organisation,
    *,
    asked: Any,
    years: Years,
    efforts: Any,
    benefits: Any,
    agreements: Sequence[dict[str, Any]],
    answers: Any,
) -> list[SheetSpec]:
    """Everything on the page, whole."""
    return [
        _projects(asked),
        _years(years),
        _efforts(efforts),
        _benefits(benefits),
        _agreements(agreements),
        _answers(answers),
        SheetSpec(_("About"), [_("What"), _("Value")], about([organisation.name], asked.count())),
    ]


def _projects(asked: Any) -> SheetSpec:
    header = [
        _("Number"), _("Project"), _("Phase"), _("Status"), _("Participation"), _("If all invited join (NOK)"),
        _("With those who have said yes (NOK)"), _("The decision covers (NOK)"), _("Beyond the decision (NOK)"),
        _("Hours"), _("Hours the decision covers"), _("Internal cost (NOK)"), _("Internal cost so far (NOK)"),
        _("Treatment in the municipality"), _("Decided by"), _("Date of the decision"), _("Case number"),
        _("Reservation"), _("Answer by"), _("Takes part from"), _("Last day"), _("The project ends"), _("Example"),
    ]  # fmt: skip
    lights = {value: str(label) for value, label in StatusReport.Light.choices}
    return SheetSpec(_("Projects"), header, _project_rows(asked, lights))


def _project_rows(asked: Any, lights: dict[str, str]) -> Iterator[list[Any]]:
    for part in asked.iterator(chunk_size=STREAMED):
        share = getattr(part, "share", None)
        adoption, project = part.adoption, part.project
        yield [
            project.number,
            project.title,
            str(project.get_state_display()),
            lights.get(part.light, _("not reported")),
            str(Status(share.status).label) if share else "",
            *([share.if_all, share.so_far, share.covered, share.excess, share.hours_if_all] if share else [None] * 5),
            adoption.hours,
            part.internal_cost,
            part.internal_spent,
            _treatment(part),
            adoption.decided_by,
            adoption.decided_on,
            adoption.case_number,
            adoption.conditions,
            adoption.answer_by,
            part.joins_on,
            part.leaves_on,
            project.ends_on,
            _("yes") if project.example else "",
        ]


def _treatment(part: Participation) -> str:
    if part.adoption.objected_at:
        return _("Objected to: not decided")
    return str(part.adoption.get_state_display())


def _years(years: Years) -> SheetSpec:
    header = [
        _("Year"), _("With those who have said yes (NOK)"), _("If all invited join (NOK)"),
        _("Mean of the municipalities (NOK)"), _("Per inhabitant (NOK)"), _("Mean per inhabitant (NOK)"),
    ]  # fmt: skip
    return SheetSpec(
        _("Per year"),
        header,
        [
            [
                row.year or row.name,
                row.so_far,
                row.if_all,
                years.mean(row, per_head=False),
                years.own(row, per_head=True) if years.counted else None,
                years.mean(row, per_head=True) if years.counted else None,
            ]
            for row in years.rows
        ],
    )


def _efforts(efforts: Any) -> SheetSpec:
    header = [
        _("Year"), _("Hours delivered"), _("Of which in projects"), _("Value (NOK)"), _("Estimated"), _("Example")
    ]  # fmt: skip
    rows = [
        [
            row["starts_on__year"], row["worked"], row["in_projects"], row["worth"], row["guessed"],
            _("yes") if row["made_up"] else "",
        ]
        for row in efforts
    ]  # fmt: skip
    return SheetSpec(_("Hours"), header, rows)


def _benefits(benefits: Any) -> SheetSpec:
    header = [
        _("Project"), _("Benefit"), _("Owner"), _("Target"), _("Unit"), _("Expected per year"), _("Realised per year"),
        _("Example"),
    ]  # fmt: skip
    rows = [
        [
            benefit.project.title, benefit.gain, benefit.owner.name if benefit.owner else _("common"), benefit.target,
            str(benefit.get_unit_display()), benefit.planned, benefit.realised,
            _("yes") if benefit.example else "",
        ]
        for benefit in benefits
    ]  # fmt: skip
    return SheetSpec(_("Benefits"), header, rows)


def _agreements(agreements: Sequence[dict[str, Any]]) -> SheetSpec:
    header = [
        _("Agreement"), _("Treatment in the municipality"), _("Date of the decision"), _("Period from"), _("Period to"),
        _("Notice (months)"), _("Notice by"), _("Answer by"), _("Example"),
    ]  # fmt: skip
    rows = []
    for one in agreements:
        agreement, adoption = one["agreement"], one["adoption"]
        rows.append(
            [
                str(agreement),
                str(adoption.get_state_display()) if adoption else _("not asked"),
                adoption.decided_on if adoption else None,
                agreement.period_from,
                agreement.period_to,
                agreement.notice_months,
                agreement.notice_by,
                agreement.answer_by,
                _("yes") if agreement.example else "",
            ]
        )
    return SheetSpec(_("Agreements"), header, rows)


def _answers(answers: Any) -> SheetSpec:
    header = [_("Matter"), _("Treatment in the municipality"), _("Answer by"), _("To be treated on"), _("Example")]
    rows = [
        [
            one.matter, str(one.get_state_display()), one.answer_by, one.scheduled_on, _("yes") if one.example else ""
        ]
        for one in answers
    ]  # fmt: skip
    return SheetSpec(_("Open answers"), header, rows)
