"""One project's shares as a workbook: numbers as numbers, days as days, and how each share was reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from digivesteralen.spreadsheets.writing import SheetSpec
from portfolio.explaining import explain
from portfolio.shares import Financing


def sheets(divided: Financing) -> list[SheetSpec]:
    project = divided.project
    lines, years = list(project.cost_lines.all()), list(project.years.all())
    return [
        _shares(divided),
        *([_years(divided)] if years else []),
        *([_phase_in(years)] if years else []),
        *([_lines(lines)] if lines else []),
        SheetSpec(_("About"), [_("What"), _("Value")], _about(divided)),
    ]


def _shares(divided: Financing) -> SheetSpec:
    header = [
        _("Municipality number"), _("Municipality"), _("Participation"), _("Decided on"), _("Takes part from"),
        _("Last day"), _("If all invited join (NOK)"), _("With those who have said yes (NOK)"),
        _("The decision covers (NOK)"), _("Beyond the decision (NOK)"), _("Must be settled anew"),
        _("Hours if all join"), _("Carries the last øre"), _("How it is reckoned"), _("Example"),
    ]  # fmt: skip
    reckoned = {one.organisation.pk: one.if_all for one in explain(divided)}
    carries = {organisation.pk for organisation in divided.if_all.last_ore}
    return SheetSpec(_("Shares"), header, [_share(line, reckoned, carries) for line in divided.lines])


def _share(line: Any, reckoned: dict[int, str], carries: set[int]) -> list[Any]:
    part = line.participation
    return [
        part.organisation.number, part.organisation.name, part.status.label,
        part.adoption.decided_on if part.is_bound else None, part.joins_on, part.leaves_on, line.if_all, line.so_far,
        line.covered, line.excess if line.so_far is not None else None, line.reopened, line.hours_if_all,
        part.organisation_id in carries, reckoned.get(part.organisation_id, ""), part.example,
    ]  # fmt: skip


def _years(divided: Financing) -> SheetSpec:
    header = [
        _("Municipality number"), _("Municipality"), pgettext("calendar", "Year"), _("If all invited join (NOK)"),
        _("With those who have said yes (NOK)"),
    ]  # fmt: skip
    return SheetSpec(_("Shares by year"), header, _year_rows(divided))


def _year_rows(divided: Financing) -> Iterator[list[Any]]:
    for line in divided.lines:
        organisation = line.participation.organisation
        for year in line.years:
            if year.if_all is not None or year.so_far is not None:
                yield [organisation.number, organisation.name, year.year, year.if_all, year.so_far]


def _phase_in(years: list[Any]) -> SheetSpec:
    header = [pgettext("calendar", "Year"), _("Shared cost (NOK)"), _("Grants (NOK)"), _("To be shared (NOK)")]
    return SheetSpec(_("Years"), header, [[year.year, year.cost, year.grant_share, year.to_share] for year in years])


def _lines(lines: list[Any]) -> SheetSpec:
    header = [_("What"), _("Kind"), pgettext("calendar", "Year"), _("Amount (NOK)")]
    return SheetSpec(
        _("Cost lines"), header, [[line.title, line.get_kind_display(), line.year, line.amount] for line in lines]
    )


def _about(divided: Financing) -> list[list[Any]]:
    project = divided.project
    return [
        [_("As of"), timezone.localdate()],
        [_("Project"), project.title],
        [_("Shared cost (NOK)"), project.shared_cost],
        [_("Grants (NOK)"), project.grant_share],
        [_("To be shared (NOK)"), project.to_share],
        [_("Covered by decisions (NOK)"), divided.covered],
        [_("Without cover (NOK)"), divided.unfunded],
        [_("How the cost is shared"), project.get_key_display()],
        [_("Population counted on"), project.counted_on if project.key in project.BY_PEOPLE else None],
        [_("Note"), divided.problem],
        [_("Example"), project.example],
    ]
