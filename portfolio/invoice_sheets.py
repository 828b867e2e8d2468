"""The basis for invoices as a workbook: the lines, and the sum of each municipality."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Duty, Organisation
from portfolio.invoices import Line


def sheets(year: int, duty: Duty, lines: Sequence[Line]) -> list[SheetSpec]:
    return [_lines(year, duty, lines), _sums(year, duty, lines)]


def _lines(year: int, duty: Duty, lines: Sequence[Line]) -> SheetSpec:
    header = [
        _("Invoiced by"), _("Organisation number of the sender"), _("Municipality"), _("Municipality number"),
        _("Organisation number"), _("Project number"), _("Project"), _("Year"), _("Why this year"),
        _("Share of the year, NOK"), _("Covered by the decision in all, NOK"), _("To be invoiced, NOK"),
        _("Not owed, NOK"), _("Decided by"), _("Date of the decision"), _("Case number"), _("Remark"), _("Example"),
    ]  # fmt: skip
    sender = duty.organisation
    return SheetSpec(
        _("Lines %(year)s") % {"year": year},
        header,
        [
            [
                sender.name, sender.organisation_number, line.organisation.name, line.organisation.number,
                line.organisation.organisation_number, line.project.number, line.project.title, line.year,
                line.why_this_year, line.share, line.covered, line.owed, line.excess, line.adoption.decided_by,
                line.adoption.decided_on, line.adoption.case_number, _own(line.organisation, sender),
                _("yes") if line.example or duty.example else "",
            ]
            for line in lines
        ],
    )  # fmt: skip


def _own(organisation: Organisation, sender: Organisation) -> str:
    return _("Keeps the accounts itself: no invoice is sent") if organisation == sender else ""


def _sums(year: int, duty: Duty, lines: Sequence[Line]) -> SheetSpec:
    """One row for each municipality, and the sum of all."""
    places: dict[Organisation, Decimal] = {}
    for line in lines:
        places[line.organisation] = places.get(line.organisation, Decimal(0)) + line.owed
    header = [_("Municipality"), _("Organisation number"), _("To be invoiced, NOK"), _("Invoiced by"), _("Remark")]
    rows: list[list[Any]] = [
        [place.name, place.organisation_number, amount, duty.organisation.name, _own(place, duty.organisation)]
        for place, amount in places.items()
    ]
    whole = sum(places.values(), Decimal(0))
    return SheetSpec(_("Sums %(year)s") % {"year": year}, header, [*rows, [_("In all"), "", whole, "", ""]])
