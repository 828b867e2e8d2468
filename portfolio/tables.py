"""The lists of this app, on the page and as workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from portfolio.models import PortfolioVersion
from portfolio.overview import Row


def portfolio_sheet(found: Sequence[Row], own: Any) -> SheetSpec:
    """What the filters leave, with numbers as numbers and words as on the page."""
    header = [
        _("Number"),
        _("Project"),
        _("Focus area"),
        _("State"),
        _("Starts"),
        _("Ends"),
        _("Takes part"),
        _("Not answered"),
        _("Shared cost (NOK)"),
        _("Grants (NOK)"),
        _("Without cover (NOK)"),
        _("Own effort (hours)"),
        _("Next milestone"),
        _("Example"),
    ]
    return SheetSpec(
        _("Portfolio"), [*header, *([own.name + " (kr)"] if own else [])], [_cells(row, own) for row in found]
    )


def _cells(row: Row, own: Any) -> list[Any]:
    project = row.project
    cells = [
        project.number,
        project.title,
        project.focus_area.name if project.focus_area else "",
        str(project.get_state_display()),
        project.starts,
        project.ends,
        ", ".join(organisation.name for organisation in row.with_us),
        row.undecided,
        project.shared_cost,
        project.grant_share,
        row.divided.unfunded,
        project.hours,
        f"{row.next_milestone.title} {row.next_milestone.planned}".strip() if row.next_milestone else "",
        _("yes") if project.example else "",
    ]
    return [*cells, *([row.own_share] if own else [])]


class VersionTable(tables.DsTable):
    """The numbered versions of a portfolio."""

    number = tables.Column(linkify=True, verbose_name=gettext_lazy("Version"))
    state = tables.TagColumn(colors={"approved": "success", "laid": "info", "not_adopted": "danger"})
    case = tables.Column(linkify=True, verbose_name=gettext_lazy("Case"))
    frozen_at = tables.DateColumn(verbose_name=gettext_lazy("Treated"))

    class Meta:
        model = PortfolioVersion
        fields = ("number", "state", "case", "frozen_at")
        order_by = "-number"
        row_header = "number"
        caption = gettext_lazy("Versions of the portfolio")
        empty_text = gettext_lazy("No version has been laid before the steering group yet.")
