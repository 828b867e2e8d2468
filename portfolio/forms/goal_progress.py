from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.models import GoalNote, Indicator

NOT_YET = _("That day has not been yet. Choose today or an earlier day.")


class NoteForm(forms.DsForm):
    on = forms.DateField(label=_("Day"))
    text = forms.TextField(label=_("How far the goal has come"), rows=5)

    def __init__(self, *args: Any, note: GoalNote | None = None, **kwargs: Any) -> None:
        if note is not None:
            kwargs.setdefault("version", note.version)
            kwargs.setdefault("initial", {"on": note.on, "text": note.text})
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        return _been(self)


class IndicatorForm(forms.DsForm):
    name = forms.forms.CharField(label=_("What is measured"), max_length=200)
    unit = forms.forms.CharField(
        label=_("Unit"), max_length=40, required=False, help_text=_("For example «prosent» or «kommuner».")
    )
    baseline = forms.NumberField(label=_("Baseline"), required=False, max_digits=14, decimal_places=2)
    baseline_on = forms.DateField(label=_("Day of the baseline"), required=False)
    target = forms.NumberField(label=_("Target"), required=False, max_digits=14, decimal_places=2)
    target_on = forms.DateField(label=_("To be reached by"), required=False)

    def __init__(self, *args: Any, indicator: Indicator | None = None, **kwargs: Any) -> None:
        if indicator is not None:
            kwargs.setdefault("version", indicator.version)
            kwargs.setdefault("initial", {name: getattr(indicator, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if (data["baseline"] is None) != (data["baseline_on"] is None):
            missing = "baseline" if data["baseline"] is None else "baseline_on"
            self.add_error(missing, _("Write both the baseline and the day it was measured."))
        if data["baseline_on"] and data["target_on"] and data["target_on"] <= data["baseline_on"]:
            self.add_error("target_on", _("The target is reached after the day of the baseline."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ValueForm(forms.DsForm):
    on = forms.DateField(label=_("Measured on"))
    value = forms.NumberField(label=_("Value"), max_digits=14, decimal_places=2)
    note = forms.forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.indicator = indicator

    def clean_on(self) -> date:
        day = _been(self)
        if self.indicator.baseline_on and day <= self.indicator.baseline_on:
            self.add_error("on", _("A value is measured after the day of the baseline."))
        return day


def _been(form: forms.DsForm) -> date:
    day: date = form.cleaned_data["on"]
    if day > timezone.localdate():
        form.add_error("on", NOT_YET)
    return day
