"""Own effort as a workbook: what is told row by row, as it can be uploaded again, and pledged against delivered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Collaboration
from portfolio import effort_sums
from portfolio.models import Effort
from portfolio.periods import Period


def headers() -> list[str]:
    """The columns that an upload knows again."""
    return [_("Municipality"), _("Project"), _("Period"), _("Hours"), _("NOK per hour"), _("Estimated")]


def sheets(collaboration: Collaboration, year: int) -> list[SheetSpec]:
    told = Effort.objects.filter(collaboration=collaboration, starts_on__year=year)
    rows = told.select_related("organisation", "project").order_by("starts_on", "organisation__sort_key", "project")
    header = [*headers(), _("Value, NOK"), _("Registered by the secretariat"), _("Example")]
    return [
        SheetSpec(_("Hours %(year)s") % {"year": year}, header, _rows(rows)),
        compared(_("By municipality"), _("Municipality"), effort_sums.by_municipality(collaboration)),
        compared(_("By project"), _("Project"), effort_sums.by_project(collaboration)),
    ]


def _rows(rows: Any) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.organisation.name, row.project.title if row.project else "", str(Period(row.starts_on, row.span)),
            row.hours, row.rate, _yes(row.estimated), row.value, _yes(row.on_behalf), _yes(row.example),
        ]  # fmt: skip


def compared(title: str, what: str, rows: Any) -> SheetSpec:
    """Pledged and delivered, one row each."""
    header = [what, _("Pledged, hours"), _("Delivered, hours"), _("Of which estimated"), _("Left of what is pledged"),
              _("Value, NOK"), _("Some hours have no rate")]  # fmt: skip
    return SheetSpec(
        title,
        header,
        (
            [str(row), row.pledged, row.delivered, row.estimated, row.left, row.value, _yes(row.without_rate)]
            for row in rows.iterator(chunk_size=2000)
        ),
    )


def template(collaboration: Collaboration) -> SheetSpec:
    """An empty sheet with the right headers."""
    return SheetSpec(_("Hours"), headers(), [])


def _yes(value: bool) -> str:
    return _("yes") if value else ""
