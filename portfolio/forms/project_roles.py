from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Person
from portfolio.models import ProjectRole

OUTSIDE = (
    Organisation.Kind.SUPPLIER,
    Organisation.Kind.PARTNER,
    Organisation.Kind.ASSOCIATION,
    Organisation.Kind.STATE,
    Organisation.Kind.COUNTY,
)


class _PeriodForm(forms.DsForm):
    title = forms.forms.CharField(
        label=_("Title of the role"),
        max_length=100,
        required=False,
        help_text=_("Where the role has a name of its own."),
    )
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False, help_text=_("Empty while it is not known."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be on or after the first."))
        return data


class RoleForm(_PeriodForm):
    """A person of the collaboration, or somebody from a supplier, takes a role."""

    folded = [(_("Somebody from a supplier"), ["organisation", "name"])]
    field_order = ["kind", "title", "person", "organisation", "name", "since", "until"]

    kind = forms.forms.ChoiceField(label=_("Role"), choices=ProjectRole.Kind.choices)
    person = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Person"), required=False)
    organisation = forms.forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=OUTSIDE).order_by("sort_key"),
        label=_("Supplier"),
        required=False,
        help_text=_("Suppliers are registered under the organisations of the collaboration."),
    )
    name = forms.forms.CharField(label=_("Name of the person at the supplier"), max_length=200, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.of(collaboration)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        person, organisation, name = data.get("person"), data.get("organisation"), data.get("name")
        if person and (organisation or name):
            self.add_error("person", _("Choose either a person or a supplier, not both."))
        elif not person and not organisation and "person" not in self.errors:
            self.add_error("person", _("Choose a person, or a supplier with the name of its person."))
        elif organisation and not name:
            self.add_error("name", _("Write the name of the person that the supplier sends."))
        if data.get("kind") == ProjectRole.Kind.OTHER and not data.get("title"):
            self.add_error("title", _("Write what the role is called."))
        return data


class ChangeRoleForm(_PeriodForm):
    """Other days, or the last one."""

    def __init__(self, *args: Any, role: ProjectRole, **kwargs: Any) -> None:
        initial = {"title": role.title, "since": role.since, "until": role.until}
        super().__init__(*args, version=role.version, initial=initial, **kwargs)
