"""The lists of versions and of what was said of them, on the page and as workbooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from portfolio.models import PortfolioVersion
from portfolio.opinions import Answers


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


def answers_sheet(said: Answers) -> SheetSpec:
    """One row for each project and municipality, the silent ones too; last what was said of the whole."""
    header = [
        _("Place in the order"),
        _("Project"),
        _("Municipality"),
        _("View in the steering group"),
        _("Remark"),
        _("Example"),
    ]
    rows: list[list[Any]] = [
        [
            line.item.position if line.item else None,
            line.item.facts["title"] if line.item else _("The portfolio as a whole"),
            cell.name,
            cell.word,
            cell.text,
            _("yes") if line.item and line.item.facts["example"] else "",
        ]
        for line in [*said.lines, said.whole]
        for cell in line.cells
    ]
    return SheetSpec(_("Views"), header, rows)
