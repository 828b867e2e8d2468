"""What the base budget of each year needs, what is laid out to it, and what is missing, as a range (N7, N9, K3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Collaboration
from portfolio.models import Allocation, BaseBudget

NOTHING = Decimal(0)


@dataclass
class YearPicture:
    """One year: the frame that counts, those before it and after it, and the grants laid out to it."""

    budget: BaseBudget
    others: list[BaseBudget] = field(default_factory=list)
    covering: list[Allocation] = field(default_factory=list)

    @property
    def earlier(self) -> list[BaseBudget]:
        return [one for one in self.others if one.revision < self.budget.revision]

    @property
    def coming(self) -> list[BaseBudget]:
        """Adjusted, and not in force yet."""
        return [one for one in self.others if one.revision > self.budget.revision]

    @property
    def newest(self) -> BaseBudget:
        return max([self.budget, *self.others], key=lambda one: one.revision)

    @property
    def covered(self) -> Decimal:
        return sum((row.amount for row in self.covering), NOTHING)

    @property
    def approximate(self) -> bool:
        return any(row.approximate for row in self.covering)

    @property
    def missing(self) -> tuple[Decimal, Decimal]:
        return self.budget.gap(self.covered)

    @property
    def missing_of_the_figure(self) -> Decimal | None:
        """Against the figure, where one is set inside a range."""
        if self.budget.figure is None or self.budget.minimum == self.budget.maximum:
            return None
        return max(self.budget.figure - self.covered, NOTHING)


def years(collaboration: Collaboration) -> list[YearPicture]:
    """Every year with a base budget, the newest first; two queries, whatever the number of years."""
    today = timezone.localdate()
    pictures: dict[int, YearPicture] = {}
    for budget in collaboration.base_budgets.select_related("case__body__collaboration").order_by("-year", "-revision"):
        picture = pictures.get(budget.year)
        if picture is None:
            pictures[budget.year] = YearPicture(budget)
        elif _applies(budget, today) and not _applies(picture.budget, today):
            picture.others.append(picture.budget)
            picture.budget = budget
        else:
            picture.others.append(budget)
    for row in _laid_out(collaboration):
        if row.year in pictures:
            pictures[row.year].covering.append(row)
    return list(pictures.values())


def _applies(budget: BaseBudget, today: Any) -> bool:
    return budget.applies_from is None or budget.applies_from <= today


def _laid_out(collaboration: Collaboration) -> Any:
    rows = Allocation.objects.filter(grant__collaboration=collaboration, project=None)
    return rows.select_related("grant__collaboration")


def in_focus(pictures: Sequence[YearPicture]) -> tuple[YearPicture | None, list[YearPicture]]:
    """This year's, else the newest before it, else the first to come; and the rest, which is folded."""
    this_year = timezone.localdate().year
    past = [one for one in pictures if one.budget.year <= this_year]
    chosen = max(past, key=lambda one: one.budget.year, default=None) or (pictures[-1] if pictures else None)
    return chosen, [one for one in pictures if one is not chosen]


def sheet(pictures: Sequence[YearPicture]) -> SheetSpec:
    header = [
        _("Year"), _("Revision"), _("Applies from"), _("Counts"), _("At least"), _("At most"), _("Budget"),
        _("Secretariat"), _("External consultants"), _("Gatherings and common arenas"), _("Running the secretariat"),
        _("Laid out of grants"), _("Missing, at least"), _("Missing, at most"), _("Why the frame is adjusted"),
        _("Decided in the case"), _("Note"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Base budget"), header, [row for one in pictures for row in _rows(one)])


def _rows(picture: YearPicture) -> list[list[Any]]:
    ordered = sorted([picture.budget, *picture.others], key=lambda one: -one.revision)
    return [_cells(picture, budget, counts=budget is picture.budget) for budget in ordered]


def _cells(picture: YearPicture, budget: BaseBudget, *, counts: bool) -> list[Any]:
    cover = [picture.covered, *picture.missing] if counts else [None, None, None]
    case = budget.case if budget.case and not budget.case.is_exempt else None
    return [
        budget.year, budget.revision, budget.applies_from, counts, budget.minimum, budget.maximum, budget.figure,
        *(amount for _name, amount in budget.lines), *cover, budget.reason, str(case or ""), budget.note,
        _("yes") if budget.example else "",
    ]  # fmt: skip
