from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.actions.rollout import PlannedStep
from portfolio.forms.moments import MomentField
from portfolio.models import RolloutStep

LINES = 6


class PlanForm(forms.DsForm):
    """The same steps for all who take part; each municipality can be moved afterwards."""

    optional_marks = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, LINES + 1):
            self.fields[f"title_{number}"] = forms.forms.CharField(
                label=_("Step %(number)s") % {"number": number}, max_length=200, required=False
            )
            planned = MomentField(
                label=_("Step %(number)s is to be reached") % {"number": number}, required=False, last=True
            )
            # How a day is written is told once.
            planned.help_text = planned.help_text if number == 1 else ""
            self.fields[f"planned_{number}"] = planned
        self.folded = [(_("More steps"), [f"{name}_{n}" for n in range(4, LINES + 1) for name in ("title", "planned")])]

    @property
    def steps(self) -> list[PlannedStep]:
        found = []
        for number in range(1, LINES + 1):
            title, (day, precision) = self.cleaned_data[f"title_{number}"], self.cleaned_data[f"planned_{number}"]
            if title:
                found.append(PlannedStep(title, day, precision))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(1, LINES + 1):
            title, planned = data.get(f"title_{number}"), data.get(f"planned_{number}", (None, ""))
            if title and planned[0] is None and f"planned_{number}" not in self.errors:
                self.add_error(f"planned_{number}", _("Write when the step is to be reached."))
            if planned[0] and not title and f"title_{number}" not in self.errors:
                self.add_error(f"title_{number}", _("Write what is to be reached."))
            if title and title in seen:
                self.add_error(f"title_{number}", _("The same step stands above. Give this one another name."))
            seen.add(title or "")
        if not self.errors and not self.steps:
            self.add_error("title_1", _("Write at least one step."))
        return data


class StepForm(forms.DsForm):
    """One step of one municipality: moved, named anew or reached."""

    title = forms.forms.CharField(label=_("Step"), max_length=200)
    planned = MomentField(label=_("Planned"), last=True)
    reached_on = forms.DateField(label=_("Reached"), required=False, help_text=_("Empty until it is reached."))

    def __init__(self, *args: Any, step: RolloutStep | None = None, **kwargs: Any) -> None:
        if step is not None:
            kwargs.setdefault("version", step.version)
            kwargs.setdefault("initial", {"title": step.title, "planned": step.planned, "reached_on": step.reached_on})
        super().__init__(*args, **kwargs)
        if step is None:
            del self.fields["reached_on"]

    def clean_reached_on(self) -> Any:
        day = self.cleaned_data["reached_on"]
        if day and day > timezone.localdate():
            self.add_error("reached_on", _("The day the step was reached is in the future. Move the plan instead."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["planned_on"], data["planned_precision"] = data.pop("planned")
        return data
