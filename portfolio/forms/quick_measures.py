from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Person
from portfolio.forms.moments import MomentField


class QuickMeasureForm(forms.DsForm):
    """Four questions, and no more."""

    title = forms.forms.CharField(label=_("What is to be done"), max_length=200)
    leader = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Who answers for it"), required=False)
    ends = MomentField(label=_("Done by"), required=False, last=True)
    organisations = forms.forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Which municipalities are asked"),
        widget=forms.forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        members = collaboration.members()
        kwargs["initial"] = {"organisations": list(members)}
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = Person.objects.of(collaboration)
        self.fields["organisations"].queryset = members

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["ends_on"], data["ends_precision"] = data.pop("ends")
        data["organisations"] = list(data["organisations"])
        return data


class HoldForm(forms.DsForm):
    """Why a project waits."""

    reason = forms.forms.CharField(label=_("What it waits for"), max_length=200)
