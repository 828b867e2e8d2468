"""The cost of a project as it is written: lines, years, and what grants pay of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from digivesteralen.ui import forms
from digivesteralen.ui.numbers import whole
from portfolio import adding_up
from portfolio.actions.costs import LineFields, YearFields, no_years_with_amounts
from portfolio.models import CostLine, Project
from portfolio.splitting import split

# Empty rows that wait to be filled in, and how many rows one page takes.
WAITING, MORE, MOST = 3, 5, 200
A_YEAR = {"min_value": 2000, "max_value": 2100, "required": False}
LINE = ["title", "kind", "year", "amount"]
YEAR = ["year", "cost", "grant_share"]


class CostForm(forms.DsForm):
    """The cost as one figure, where it has no lines, and what grants pay of it."""

    shared_cost = forms.MoneyField(
        label=gettext_lazy("Shared cost"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Only where there are no cost lines: else their sum is the shared cost."),
    )
    grant_share = forms.MoneyField(label=gettext_lazy("Of which grants"), required=False, min_value=0)


class YearField(forms.forms.IntegerField):
    """A year between 2000 and 2100."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.forms.TextInput(attrs={"inputmode": "numeric", "size": 5}))
        kwargs.setdefault("label", pgettext_lazy("calendar", "Year"))
        super().__init__(**{**A_YEAR, **kwargs})


class LineForm(forms.DsForm):
    """One line of the cost; a row that is left empty is no line."""

    optional_marks = False

    title = forms.forms.CharField(label=gettext_lazy("What"), max_length=200, required=False)
    kind = forms.forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=CostLine.Kind.choices, initial=CostLine.Kind.OTHER, required=False
    )
    year = YearField()
    amount = forms.MoneyField(label=gettext_lazy("Amount"), required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data.get("title") and data.get("amount") is None:
            self.add_error("amount", _("Write what «%(title)s» costs, 0 if nothing.") % {"title": data["title"]})
        if not data.get("title") and data.get("amount") is not None:
            self.add_error("title", _("Write what the amount is for."))
        return data

    @property
    def value(self) -> LineFields | None:
        data = self.cleaned_data
        if not data.get("title"):
            return None
        return {
            "title": data["title"],
            "kind": data["kind"] or CostLine.Kind.OTHER,
            "year": data["year"],
            "amount": data["amount"],
        }


class ProjectYearForm(forms.DsForm):
    """What one year costs, and what grants pay of that; the municipalities pay the rest."""

    optional_marks = False

    year = YearField()
    cost = forms.MoneyField(label=gettext_lazy("Cost of the year"), required=False, min_value=0)
    grant_share = forms.MoneyField(label=gettext_lazy("Grants of the year"), required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        cost, grants = data.get("cost"), data.get("grant_share")
        if data.get("year") is None and (cost or grants):
            self.add_error("year", _("Write which year the amounts are of."))
        elif (grants or 0) > (cost or 0) and not self.follows_the_rate:
            self.add_error("grant_share", _("The grants of a year can't be larger than its cost."))
        return data

    follows_the_rate = False

    @property
    def value(self) -> YearFields | None:
        data = self.cleaned_data
        if data.get("year") is None:
            return None
        nothing = Decimal(0)
        return {
            "year": data["year"],
            "cost": data.get("cost") or nothing,
            "grant_share": data["grant_share"] or nothing,
        }


class YearAtTheRateForm(ProjectYearForm):
    """At an amount per inhabitant the cost of the year follows; the grants come on top."""

    follows_the_rate = True
    cost = None  # type: ignore[assignment]  # the way of Django's forms to take a field away


class SpreadForm(forms.DsForm):
    """The years that the cost is laid out over, for «fordel jevnt»."""

    first = YearField(label=gettext_lazy("First year"))
    last = YearField(label=gettext_lazy("Last year"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data.get("first") is None or data.get("last") is None:
            self.add_error("first", _("Write the first and the last year."))
        elif not 0 <= data["last"] - data["first"] < MOST_YEARS:
            self.add_error(
                "last", _("The last year must be from the first year to %(count)s years later.") % {"count": MOST_YEARS}
            )
        return data


MOST_YEARS = 30
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Written:
    """What stands on the page, saved or not: the figures, the rows, and where more empty rows are wanted."""

    cost: Mapping[str, Any]
    lines: Rows
    years: Rows
    version: int | None
    more: str = ""


class CostSheet:
    """All that is written about the cost of a project, on one page and saved together."""

    def __init__(self, project: Project, data: Any = None, written: Written | None = None) -> None:
        self.project = project
        self.at_a_rate = project.key == Project.Key.RATE
        shown = written or Written(_cost_of(project), _lines_of(project), _years_of(project), project.version)
        self.cost = CostForm(data, version=shown.version, initial=shown.cost)
        if self.at_a_rate:
            del self.cost.fields["shared_cost"]
        year_form = YearAtTheRateForm if self.at_a_rate else ProjectYearForm
        self.lines = _rows(LineForm, "lines", data, shown.lines, shown.more)
        self.years = _rows(year_form, "years", data, shown.years, shown.more)

    def is_valid(self) -> bool:
        if not all([self.cost.is_valid(), self.lines.is_valid(), self.years.is_valid()]):
            return False
        for wrong in self._wrong():
            self.cost.add_error(None, wrong)
        return self.cost.is_valid()

    def _wrong(self) -> list[str]:
        found = self.values
        years = found["years"]
        if len({year["year"] for year in years}) < len(years):
            return [_("A year is written twice. Put the amounts of a year into one row.")]
        if years and self.project.key == Project.Key.MANUAL:
            return [no_years_with_amounts()]
        if (found["grant_share"] or 0) > (self.whole or 0) and not self.at_a_rate:
            return [_("The grants can't be larger than the shared cost.")]
        if self.at_a_rate:
            return []
        spread = [(year["cost"], year["grant_share"]) for year in years]
        return [*filter(None, [adding_up.years_differ(spread, self.whole, found["grant_share"])])]

    @property
    def whole(self) -> Decimal | None:
        """The shared cost: the sum of the lines, or the figure where there are none."""
        lines = self._written_lines
        shared_cost: Decimal | None = self.cost.cleaned_data.get("shared_cost")
        return adding_up.total(line["amount"] for line in lines) if lines else shared_cost

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        return {
            "lines": self._written_lines,
            "years": [form.value for form in self.years if form.value],
            "shared_cost": self.cost.cleaned_data.get("shared_cost"),
            "grant_share": self._grants,
        }

    @property
    def _written_lines(self) -> list[LineFields]:
        return [form.value for form in self.lines if form.value]

    @property
    def _grants(self) -> Decimal:
        return self.cost.cleaned_data.get("grant_share") or Decimal(0)

    def spread(self, first: int, last: int) -> list[YearFields]:
        """The cost and the grants divided evenly over the years, to the øre, whatever stood in them."""
        count = last - first + 1
        costs = split(self.whole or Decimal(0), [1] * count)
        grants = split(self._grants, [1] * count)
        return [
            {"year": first + place, "cost": cost, "grant_share": grant}
            for place, (cost, grant) in enumerate(zip(costs, grants, strict=True))
        ]


def as_written(data: Any, prefix: str, names: Sequence[str], without: str = "") -> list[dict[str, str]]:
    """The rows as they were typed, right or wrong, less those that are empty and the one that is taken out."""
    count = min(whole(data.get(f"{prefix}-TOTAL_FORMS", "")) or 0, MOST)
    rows = {
        f"{prefix}-{place}": {name: data.get(f"{prefix}-{place}-{name}", "") for name in names}
        for place in range(count)
    }
    rows.pop(without, None)
    return [row for row in rows.values() if any(text for name, text in row.items() if name != "kind")]


def _rows(form: type[forms.DsForm], prefix: str, data: Any, initial: Rows, more: str) -> Any:
    waiting = WAITING + MORE if prefix == more else WAITING
    factory = forms.forms.formset_factory(form, extra=waiting, max_num=MOST, validate_max=True)
    return factory(data, initial=list(initial), prefix=prefix)


def _cost_of(project: Project) -> dict[str, Any]:
    alone = None if project.cost_lines.exists() else project.shared_cost
    return {"shared_cost": alone, "grant_share": project.grant_share or None}


def _lines_of(project: Project) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in LINE} for line in project.cost_lines.all()]


def _years_of(project: Project) -> list[dict[str, Any]]:
    return [{name: getattr(year, name) for name in YEAR} for year in project.years.all()]
