from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from governance.models import Collaboration, Organisation, Person
from surveys.models import Coverage


class ItCollaborationForm(forms.DsForm):
    """An IT collaboration and the members it covers."""

    name = forms.forms.CharField(label=_("Name"), max_length=200)
    municipalities = forms.CheckboxesField(label=_("Municipalities"))
    since = forms.DateField(label=_("Covers them from"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in collaboration.members()}
        self.fields["municipalities"].choices = [(pk, one.name) for pk, one in self.members.items()]

    def said(self) -> dict[str, Any]:
        chosen = [self.members[pk] for pk in self.cleaned_data["municipalities"]]
        return {"name": self.cleaned_data["name"], "municipalities": chosen, "since": self.cleaned_data["since"]}


class CoverForm(forms.DsForm):
    """One more municipality in an IT collaboration."""

    municipality = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Municipality"))
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = collaboration.members()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be on or after the first."))
        return said


class EndForm(forms.DsForm):
    """The last day of a municipality in an IT collaboration."""

    until = forms.DateField(label=_("Last day"))

    def __init__(self, *args: Any, coverage: Coverage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coverage = coverage

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day < self.coverage.since:
            raise forms.forms.ValidationError(
                _("Last day: %(day)s is before the first, %(first)s. Choose that day or a later one.")
                % {"day": wording.short_day(day), "first": wording.short_day(self.coverage.since)}
            )
        return day


class LeaderForm(forms.DsForm):
    """Who keeps the list of an IT collaboration."""

    person = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Person"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = collaboration.known_people.order_by("name")
