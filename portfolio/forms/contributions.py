from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Person
from portfolio.actions.contributions import NewPerson, why_too_much
from portfolio.models import Contribution, Participation, Project


class _PeriodForm(forms.DsForm):
    """How much of a post, and from when to when."""

    optional_marks = False

    percent = forms.forms.IntegerField(
        label=_("Share of a full post, per cent"),
        min_value=1,
        max_value=100,
        error_messages={
            "min_value": _("The share is from 1 to 100 per cent."),
            "max_value": _("The share is from 1 to 100 per cent."),
        },
    )
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until"), required=False, help_text=_("Empty while it is not known."))
    role = forms.forms.CharField(
        label=_("Role in the project"), max_length=100, required=False, help_text=_("May be left empty.")
    )

    by: Any = None
    but: int | None = None

    def _check(self, data: dict[str, Any], person: Person | None) -> None:
        since, until, percent = data.get("since"), data.get("until"), data.get("percent")
        if since and until and until < since:
            self.add_error("until", _("The last day must be on or after the first."))
        elif person and since and percent:
            refusal = why_too_much(person, percent, since, until, by=self.by, but=self.but)
            if refusal:
                self.add_error("percent", refusal)


class ContributionForm(_PeriodForm):
    """Somebody of the municipality, known already or registered now."""

    person = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Person"), required=False)
    name = forms.forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.forms.EmailField(label=_("E-mail"), required=False)
    title = forms.forms.CharField(label=_("Title"), max_length=100, required=False)

    folded = [(_("Somebody who is not in the list"), ["name", "email", "title"])]
    field_order = ["person", "name", "email", "title", "percent", "since", "until", "role"]

    def __init__(self, *args: Any, participation: Participation, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = participation.organisation
        people = Person.objects.filter(Q(organisation=place) | Q(appointments__organisation=place)).distinct()
        self.fields["person"].queryset = people
        self.by, self.participation = by, participation

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person, name = data.get("person"), data.get("name")
        if not person and not name and "person" not in self.errors:
            self.add_error("person", _("Choose a person, or write the name of somebody who is not in the list."))
        elif person and name:
            self.add_error("name", _("Either choose a person in the list, or write a new name."))
        self._check(data, person)
        if person and data.get("since"):
            same = self.participation.contributions.filter(person=person, since=data["since"])
            if same.exists():
                self.add_error("since", _("The person is already registered from this day."))
        return data

    @property
    def who(self) -> Person | NewPerson:
        data = self.cleaned_data
        chosen: Person | None = data["person"]
        return chosen or NewPerson(data["name"], data["email"], data["title"])

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("percent", "since", "until", "role")}


class ChangeContributionForm(_PeriodForm):
    """The same person, more or less or for another period."""

    def __init__(self, *args: Any, contribution: Contribution, by: Any, **kwargs: Any) -> None:
        names = ("percent", "since", "until", "role")
        kwargs.setdefault("version", contribution.version)
        kwargs.setdefault("initial", {name: getattr(contribution, name) for name in names})
        super().__init__(*args, **kwargs)
        self.contribution, self.by, self.but = contribution, by, contribution.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check(data, self.contribution.person)
        return data


class ContributionFilter(forms.FilterForm):
    """Whose people, in which project."""

    kommune = forms.forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Municipality"), empty_label=_("all"), to_field_name="number"
    )
    prosjekt = forms.forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), empty_label=_("all"), to_field_name="slug"
    )
    alle = forms.forms.BooleanField(label=_("Also those that are over"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = collaboration.members()
        used = collaboration.projects.filter(participations__contributions__isnull=False)
        self.fields["prosjekt"].queryset = used.distinct().order_by("title")

    def narrow(self, contributions: Any) -> Any:
        data = self.cleaned_data if self.is_valid() else {}
        if not data.get("alle"):
            contributions = contributions.not_over()
        if data.get("kommune"):
            contributions = contributions.filter(participation__organisation=data["kommune"])
        if data.get("prosjekt"):
            contributions = contributions.filter(participation__project=data["prosjekt"])
        return contributions
