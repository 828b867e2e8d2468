from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Case, Collaboration
from portfolio.models import BaseBudget, OwnEffort

AMOUNT: dict[str, Any] = {"required": False, "min_value": 0}
UNKNOWN = _("Leave it empty when it is unknown.")
YEAR: dict[str, Any] = {"min_value": 2000, "max_value": 2100}


class BaseBudgetForm(forms.DsForm):
    """A year's base budget: a range, perhaps a figure, and the lines that are known (N7, N19)."""

    folded = [(_("The lines, as far as they are known"), [*BaseBudget.LINES, "note"])]

    year = forms.forms.IntegerField(label=_("Year"), **YEAR)
    minimum = forms.MoneyField(label=_("At least"), min_value=0)
    maximum = forms.MoneyField(label=_("At most"), min_value=0)
    figure = forms.MoneyField(label=_("Budget"), help_text=UNKNOWN, **AMOUNT)
    secretariat = forms.MoneyField(label=_("Secretariat"), **AMOUNT)
    consultants = forms.MoneyField(label=_("External consultants"), **AMOUNT)
    gatherings = forms.MoneyField(label=_("Gatherings and common arenas"), **AMOUNT)
    operation = forms.MoneyField(label=_("Running the secretariat"), **AMOUNT)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, collaboration: Collaboration, budget: BaseBudget | None = None, **kwargs: Any
    ) -> None:
        if budget is not None:
            kwargs.setdefault("version", budget.version)
            kwargs.setdefault("initial", {name: getattr(budget, name, None) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.others = collaboration.base_budgets.all()
        if budget is not None:
            del self.fields["year"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lowest, highest, figure = data.get("minimum"), data.get("maximum"), data.get("figure")
        if lowest is not None and highest is not None and highest < lowest:
            self.add_error("maximum", _("The highest amount must be at least as large as the lowest."))
        elif lowest is not None and highest is not None and figure is not None and not lowest <= figure <= highest:
            self.add_error("figure", _("The budget must lie between the lowest and the highest amount."))
        if data.get("year") and self.others.filter(year=data["year"]).exists():
            self.add_error("year", _("There is already a base budget for this year. Adjust its frame instead."))
        return data


class AdjustForm(BaseBudgetForm):
    """«Juster rammen»: the new frame, from when, why, and in which case it was decided (R18)."""

    fieldsets = [(_("The new frame"), ["minimum", "maximum", "figure"])]
    field_order = ["reason", "applies_from", "case"]

    reason = forms.forms.CharField(label=_("Why the frame is adjusted"), max_length=200)
    applies_from = forms.DateField(label=_("Applies from"))
    case = forms.forms.ModelChoiceField(
        Case.objects.none(), label=_("Decided in the case"), required=False, help_text=_("When it has been a case.")
    )

    def __init__(self, *args: Any, cases: QuerySet[Case], budget: BaseBudget, **kwargs: Any) -> None:
        initial = {name: getattr(budget, name, None) for name in self.base_fields if name not in self.field_order}
        kwargs["initial"] = initial | {"applies_from": timezone.localdate()}
        super().__init__(*args, budget=budget, **kwargs)
        self.fields["case"].queryset = cases
        if not cases.exists():
            del self.fields["case"]


class OwnEffortForm(forms.DsForm):
    """The municipalities' own work as the plan reckons with it, in money and perhaps hours."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    year = forms.forms.IntegerField(label=_("Year"), required=False, **YEAR)
    amount = forms.MoneyField(label=_("Amount"), min_value=0)
    hours = forms.NumberField(label=_("Hours"), required=False, min_value=0, max_digits=9, decimal_places=1)
    estimated = forms.forms.BooleanField(label=_("Estimated"), required=False, initial=True)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, effort: OwnEffort | None = None, **kwargs: Any) -> None:
        if effort is not None:
            kwargs.setdefault("version", effort.version)
            kwargs.setdefault("initial", {name: getattr(effort, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
