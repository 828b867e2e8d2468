"""«Regnskap og prognose» of one project: spent month by month, added up, against the budget and the forecast (D15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts
from portfolio.models import Project, ProjectAccount
from portfolio.periods import MONTH, Period

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Picture:
    """The accounts of a project, in the order of the months."""

    project: Project
    accounts: Sequence[ProjectAccount]

    @property
    def rows(self) -> list[tuple[ProjectAccount, Decimal]]:
        """Each month with what is spent up to and with it."""
        sums = accumulate(account.spent for account in self.accounts)
        return list(zip(self.accounts, sums, strict=True))

    @property
    def spent(self) -> Decimal:
        return sum((account.spent for account in self.accounts), NOTHING)

    @property
    def budget(self) -> Decimal | None:
        return self.project.shared_cost

    @property
    def forecast(self) -> Decimal | None:
        """The newest that is written."""
        return next((one.forecast for one in reversed(self.accounts) if one.forecast is not None), None)

    @property
    def beyond(self) -> Decimal | None:
        """How much the forecast is above the budget; below it where negative."""
        return None if self.forecast is None or self.budget is None else self.forecast - self.budget

    @property
    def part(self) -> Decimal | None:
        return self.spent / self.budget if self.budget else None

    @property
    def overspent(self) -> bool:
        return self.budget is not None and self.spent > self.budget

    @property
    def newest(self) -> ProjectAccount | None:
        return self.accounts[-1] if self.accounts else None

    @property
    def years(self) -> list[tuple[int, Decimal]]:
        sums: Counter[int] = Counter()
        for account in self.accounts:
            sums[account.month.year] += account.spent  # type: ignore[assignment]
        return [(year, Decimal(sums[year])) for year in sorted(sums)]


def picture(project: Project) -> Picture:
    return Picture(project, list(project.accounts.order_by("month")))


def chart(found: Picture) -> charts.Chart | None:
    """Spent so far, the forecast and the budget, over every month from the first to the last."""
    if not found.accounts:
        return None
    told = {account.month: (account, so_far) for account, so_far in found.rows}
    months = _months(found)
    sums: list[Decimal | None] = []
    forecasts: list[Decimal | None] = []
    for month in months:
        account, so_far = told.get(month.starts_on, (None, None))
        sums.append(so_far if so_far is not None else sums[-1])
        forecasts.append(account.forecast if account else None)
    series = [(_("spent so far"), "accent", sums)]
    if any(value is not None for value in forecasts):
        series.append((_("expected in all"), "warning", forecasts))
    if found.budget is not None:
        series.append((_("budget"), "neutral", [found.budget] * len(months)))
    points = [format_date(month.starts_on, "m.Y") for month in months]
    return charts.line(_("Spent, expected and budget"), points, series, unit="kr", label=_("Month"), id="regnskap")


def _months(found: Picture) -> list[Period]:
    month, last = Period(found.accounts[0].month, MONTH), found.accounts[-1].month
    months = [month]
    while months[-1].starts_on < last:
        months.append(Period(months[-1].ends_before, MONTH))
    return months


def sheets(found: Picture) -> list[SheetSpec]:
    header = [_("Month"), _("Spent in the month"), _("Spent so far"), _("Expected in all"), _("Budget"), _("Note"),
              _("Example")]  # fmt: skip
    return [
        SheetSpec(
            _("Accounts"),
            header,
            [
                [one.month, one.spent, so_far, one.forecast, found.budget, one.note, _("yes") if one.example else ""]
                for one, so_far in found.rows
            ],
        ),
        SheetSpec(_("By year"), [_("Year"), _("Spent")], [[year, spent] for year, spent in found.years]),
    ]
