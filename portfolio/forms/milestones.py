from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Body, Case, Collaboration
from portfolio.forms.moments import MomentField
from portfolio.models import Milestone, MilestoneCheck

# So many of a body's newest cases can be chosen.
NEWEST = 100


class MilestoneForm(forms.DsForm):
    """What, when it is planned, when it was reached, and whether a body is to check it first."""

    title = forms.forms.CharField(label=_("Milestone"), max_length=200)
    planned = MomentField(label=_("Planned"), required=False, last=True)
    reason = forms.forms.CharField(
        label=_("Why it is moved"), max_length=300, required=False, help_text=_("Only when the plan is another.")
    )
    reached = MomentField(label=_("Reached"), required=False)
    check_with = forms.forms.ModelChoiceField(
        Body.objects.none(),
        label=_("To be checked with"),
        required=False,
        help_text=_("The milestone is reached when the body has found it in order."),
    )

    def __init__(
        self, *args: Any, collaboration: Collaboration, milestone: Milestone | None = None, **kwargs: Any
    ) -> None:
        self.milestone = milestone
        if milestone is not None:
            kwargs.setdefault("version", milestone.version)
            kwargs.setdefault(
                "initial", {name: getattr(milestone, name) for name in self.base_fields if name != "reason"}
            )
        super().__init__(*args, **kwargs)
        self.fields["check_with"].queryset = collaboration.bodies.all()
        if milestone is None or milestone.planned_on is None:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data["planned"][0] is None and data["reached"][0] is None:
            self.add_error("planned", _("Write when it is planned, or when it was reached."))
        elif self._is_moved(data) and data["planned"][0] is None:
            self.add_error(
                "planned", _("The milestone has a plan. Move it to another day, or take the milestone away.")
            )
        elif self._is_moved(data) and not data["reason"]:
            self.add_error("reason", _("Write why the milestone is moved."))
        return data

    def _is_moved(self, data: dict[str, Any]) -> bool:
        """What is shown as it stood, and sent back so, is no move."""
        return "reason" in self.fields and "planned" in self.changed_data and self._plan(data) != self._plan_before

    def _plan(self, data: dict[str, Any]) -> Any:
        return tuple(data["planned"])

    @property
    def _plan_before(self) -> Any:
        assert self.milestone is not None
        return (self.milestone.planned_on, self.milestone.planned_precision)

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given; a plan that was not touched is not given at all."""
        data = self.cleaned_data
        told = {"title": data["title"], "check_with": data["check_with"]}
        for name in ("planned", "reached"):
            if self.milestone is None or name in self.changed_data:
                told[f"{name}_on"], told[f"{name}_precision"] = data[name]
        if data.get("reason"):
            told["reason"] = data["reason"]
        return told


class CheckForm(forms.DsForm):
    """What the body found, on which day, who was there, and the case if there was one (B8)."""

    result = forms.RadioField(label=_("Result"), choices=MilestoneCheck.Result.choices)
    remark = forms.TextField(
        label=_("Remark"), required=False, rows=3, help_text=_("Must be written unless it is in order.")
    )
    checked_on = forms.DateField(label=_("Checked"))
    checked_by = forms.forms.CharField(
        label=_("Who checked"), max_length=200, help_text=_("The whole body, or who answered for it.")
    )
    case = forms.forms.ModelChoiceField(Case.objects.none(), label=_("Case"), required=False)

    folded = [(_("It was treated as a case"), ["case"])]

    def __init__(self, *args: Any, body: Body, user: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"checked_on": timezone.localdate(), "checked_by": str(body)})
        super().__init__(*args, **kwargs)
        numbered = Case.objects.visible_to(user).filter(body=body, sequence__isnull=False)
        newest = numbered.order_by("-year", "-sequence").values("pk")[:NEWEST]
        self.fields["case"].queryset = Case.objects.filter(pk__in=newest).order_by("-year", "-sequence")

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(_("The check can't be on a day to come. Register it when it is made."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("result") in (MilestoneCheck.Result.REMARKS, MilestoneCheck.Result.NOT_OK) and not data.get(
            "remark"
        ):
            self.add_error("remark", _("Write the remark."))
        return data
