from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation
from portfolio.models import BaseBudget, Grant, OwnEffort

AMOUNT = {"required": False, "min_value": 0}
UNKNOWN = _("Leave it empty when it is unknown.")


class BaseBudgetForm(forms.DsForm):
    """A year's base budget: a range, perhaps a figure, and the lines that are known (N7, N19)."""

    fieldsets = [(_("The lines, as far as they are known"), BaseBudget.LINES)]

    year = forms.forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
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
            kwargs.setdefault("initial", {name: getattr(budget, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.others = collaboration.base_budgets.exclude(pk=budget.pk if budget else 0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("minimum") is not None and data.get("maximum") is not None and data["maximum"] < data["minimum"]:
            self.add_error("maximum", _("The highest amount must be at least as large as the lowest."))
        if data.get("year") and self.others.filter(year=data["year"]).exists():
            self.add_error("year", _("There is already a base budget for this year."))
        return data


class GrantForm(forms.DsForm):
    """A grant that was awarded, and what is left of it."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    giver = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Given by"))
    applicants = forms.forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Applied for by"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    receiver = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Received by"), required=False)
    sought = forms.MoneyField(label=_("Applied for"), **AMOUNT)
    apply_by = forms.DateField(label=_("Apply by"), required=False)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, grant: Grant | None = None, **kwargs: Any) -> None:
        if grant is not None:
            kwargs.setdefault("version", grant.version)
            initial = {name: getattr(grant, name) for name in self.base_fields if name != "applicants"}
            kwargs.setdefault("initial", {**initial, "applicants": list(grant.applicants.all())})
        super().__init__(*args, **kwargs)
        givers = Organisation.objects.exclude(kind=Organisation.Kind.MUNICIPALITY)
        self.fields["giver"].queryset = givers
        self.fields["applicants"].queryset = collaboration.members()
        self.fields["receiver"].queryset = collaboration.members()


class OwnEffortForm(forms.DsForm):
    """The municipalities' own work, in money and perhaps hours."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    year = forms.forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    amount = forms.MoneyField(label=_("Amount"), min_value=0)
    hours = forms.NumberField(label=_("Hours"), required=False, min_value=0, max_digits=9, decimal_places=1)
    estimated = forms.forms.BooleanField(label=_("Estimated"), required=False, initial=True)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, effort: OwnEffort | None = None, **kwargs: Any) -> None:
        if effort is not None:
            kwargs.setdefault("version", effort.version)
            kwargs.setdefault("initial", {name: getattr(effort, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
