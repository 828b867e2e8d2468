"""The forms of application lists: the call, an application, and the body's order."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from digivesteralen.accounts.access import allowed, holds
from digivesteralen.ui import forms
from digivesteralen.ui.forms.base import DASHES
from governance.models import Case, Collaboration, Organisation
from portfolio.actions.application_lists import FIELDS, adopted
from portfolio.actions.ideas import MANAGE, SEND
from portfolio.models import Application, ApplicationList, Grant, Idea


class CallForm(forms.DsForm):
    """Which money, who may apply, by when."""

    fields: dict[str, Any]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    deadline = forms.DateField(label=_("Deadline"), required=False)
    money = forms.forms.CharField(
        label=_("Which money"), max_length=200, required=False, help_text=_("For example the year's innovation funds.")
    )
    who = forms.forms.CharField(label=_("Who may apply"), max_length=300, required=False)
    grant = forms.forms.ModelChoiceField(
        Grant.objects.none(), label=_("Belongs to the grant"), required=False, empty_label=_("None")
    )
    folded = [(_("More: who may apply, the grant"), ["who", "grant"])]

    def __init__(
        self, *args: Any, collaboration: Collaboration, found: ApplicationList | None = None, **kwargs: Any
    ) -> None:
        if found is not None:
            kwargs.setdefault("version", found.version)
            kwargs.setdefault("initial", {name: getattr(found, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = collaboration.grants.all()


class ApplicationForm(forms.DsForm):
    """Which idea, who applies, for how much."""

    fields: dict[str, Any]

    idea = forms.forms.ModelChoiceField(
        Idea.objects.none(), label=_("Idea"), help_text=_("Register the idea first if it is not in the list.")
    )
    applicant = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Who applies"))
    amount = forms.MoneyField(label=_("Amount applied for"), min_value=1)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, found: ApplicationList, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["idea"].queryset = found.collaboration.ideas.candidates()
        self.fields["applicant"].queryset = applicants_for(user, found.collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        idea, applicant = cleaned.get("idea"), cleaned.get("applicant")
        if idea and applicant and self.found.applications.filter(idea=idea, applicant=applicant).exists():
            self.add_error("idea", _("They have applied with this idea already."))
        return cleaned


class DecideForm(forms.DsForm):
    """The order and the outcome of each, as the body decided them."""

    fields: dict[str, Any]

    case = forms.forms.ModelChoiceField(
        Case.objects.none(),
        label=_("Decided in case"),
        help_text=_("The case is treated. After this the list stands as you register it here."),
    )

    def __init__(self, *args: Any, found: ApplicationList, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=found.version, **kwargs)
        self.rows = list(found.applications.select_related("idea", "applicant"))
        self.fields["case"].queryset = adopted(found).visible_to(user).select_related("body__collaboration")
        for row in self.rows:
            self.fields[f"place-{row.pk}"] = forms.forms.IntegerField(
                label=capfirst(pgettext("order", "place")), min_value=1, max_value=len(self.rows), initial=row.position
            )
            self.fields[f"outcome-{row.pk}"] = forms.forms.ChoiceField(
                label=_("Outcome"),
                choices=[("", DASHES), *((value, capfirst(label)) for value, label in Application.Outcome.choices)],
            )
        self.fieldsets = [(str(row), [f"place-{row.pk}", f"outcome-{row.pk}"]) for row in self.rows]
        self._prepare(None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        places = [cleaned.get(f"place-{row.pk}") for row in self.rows]
        for row, place in zip(self.rows, places, strict=True):
            if place is not None and places.count(place) > 1:
                self.add_error(f"place-{row.pk}", _("Two applications have place %(place)s.") % {"place": place})
        return cleaned

    @property
    def outcomes(self) -> list[tuple[Application, str]]:
        """In the order that was decided."""
        data = self.cleaned_data
        in_order = sorted(self.rows, key=lambda row: data[f"place-{row.pk}"])
        return [(row, data[f"outcome-{row.pk}"]) for row in in_order]


def applicants_for(user: Any, collaboration: Collaboration) -> Any:
    """Members the person may apply for: the own, and for the secretariat all."""
    members = collaboration.members()
    return members if holds(user, MANAGE, collaboration) else allowed(members, user, SEND)
