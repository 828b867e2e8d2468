from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.ui import forms
from surveys.actions.solutions import wrong_day
from surveys.models import NationalSolution, Uptake

STATES = [("-", _("Not answered")), *Uptake.State.choices]


class UptakeForm(forms.DsModelForm):
    """How far the municipality has come with one solution, and what it has in place."""

    state = forms.RadioField(label=pgettext_lazy("take-up", "State"), choices=Uptake.State.choices)

    class Meta:
        model = Uptake
        fields = ["state", "on", "fulfilled", "note"]
        widgets = {"fulfilled": forms.forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, solution: NationalSolution, **kwargs: Any) -> None:
        super().__init__(*args, version=kwargs["instance"].version if kwargs["instance"].pk else 0, **kwargs)
        asked = solution.requirements.filter(member_of=None, other=None)
        self.fields["fulfilled"].queryset = asked
        if not asked.exists():
            del self.fields["fulfilled"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if wrong := wrong_day(data.get("state", ""), data.get("on")):
            self.add_error("on", wrong)
        return data

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) or () for name in ["fulfilled"]} | {
            name: self.cleaned_data[name] for name in ("state", "on", "note")
        }


class SolutionFilter(forms.FilterForm):
    q = forms.forms.CharField(label=_("Search"))
    kategori = forms.forms.ChoiceField(label=_("Category"))
    tilstand = forms.forms.ChoiceField(label=pgettext_lazy("take-up", "State"), choices=[("", _("All")), *STATES])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = NationalSolution.objects.filter(counted=True).order_by("category").values_list("category", flat=True)
        self.fields["kategori"].choices = [("", _("All")), *((one, one) for one in kinds.distinct())]

    def narrow(self, solutions: QuerySet[Any], answers: QuerySet[Uptake]) -> QuerySet[Any]:
        """The solutions that fit; a state holds where one of the answers says it."""
        if not self.is_valid():
            return solutions
        said = self.cleaned_data
        if said["q"]:
            solutions = solutions.filter(name__icontains=said["q"])
        if said["kategori"]:
            solutions = solutions.filter(category=said["kategori"])
        if said["tilstand"] == "-":
            solutions = solutions.exclude(pk__in=answers.values("solution"))
        elif said["tilstand"]:
            solutions = solutions.filter(pk__in=answers.filter(state=said["tilstand"]).values("solution"))
        return solutions
