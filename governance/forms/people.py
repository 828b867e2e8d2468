from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Body, Collaboration, Organisation, Person, Role
from governance.models.people import AT_COLLABORATION, AT_ORGANISATION

NO_ROLE = [("", _("No role yet"))]
ROLES = [
    (_("In the municipality"), [(role.value, role.label) for role in AT_ORGANISATION]),
    (_("In the collaboration"), [(role.value, role.label) for role in AT_COLLABORATION]),
]


class PersonFilter(forms.FilterForm):
    """Narrow the list of people."""

    q = forms.forms.CharField(label=_("Name, e-mail or title"))
    organisation = forms.forms.ModelChoiceField(
        label=_("Employed by"), queryset=Organisation.objects.none(), empty_label=_("All")
    )
    role = forms.forms.ChoiceField(label=_("Role today"), choices=[("", _("All")), *Role.choices])

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.members_of(collaboration)


class PersonForm(forms.DsModelForm):
    """What is known about a person."""

    class Meta:
        model = Person
        fields = ["name", "email", "title", "organisation"]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Organisation.objects.members_of(collaboration)
        self.fields["organisation"].empty_label = _("None")
        self.fields["organisation"].queryset = members | Organisation.objects.filter(pk=self.instance.organisation_id)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class NewPersonForm(PersonForm):
    """A person, the role the person has from today, and whether the person gets a way in."""

    role = forms.forms.ChoiceField(label=_("Role"), choices=[*NO_ROLE, *ROLES], required=False)
    since = forms.DateField(label=_("In the role from"), required=False)
    invite = forms.forms.BooleanField(label=_("Send an invitation to sign in"), required=False)
    fieldsets = [(_("Role and access"), ["role", "since", "invite"])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("invite") and not cleaned.get("email"):
            self.add_error("email", _("An invitation needs an e-mail address."))
        if cleaned.get("role") in AT_ORGANISATION and not cleaned.get("organisation"):
            self.add_error("organisation", _("Choose the municipality that the role is held in."))
        return cleaned


class RoleForm(forms.DsForm):
    """One more role for a person."""

    role = forms.forms.ChoiceField(label=_("Role"), choices=ROLES)
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Organisation.objects.none(),
        empty_label=_("None"),
        required=False,
        help_text=_("Only for a role in a municipality."),
    )
    title = forms.forms.CharField(label=_("Title"), max_length=100, required=False)
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.members_of(collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") in AT_ORGANISATION and not cleaned.get("organisation"):
            self.add_error("organisation", _("Choose the municipality that the role is held in."))
        _in_order(self, cleaned)
        return cleaned


class SeatForm(forms.DsForm):
    """A seat in a body: who, for whom, from when."""

    person = forms.forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), empty_label=_("Choose a person")
    )
    role = forms.forms.ChoiceField(label=_("Seat"))
    represents = forms.forms.ModelChoiceField(
        label=_("Represents"), queryset=Organisation.objects.none(), required=False, empty_label=_("None")
    )
    title = forms.forms.CharField(label=_("Title"), max_length=100, required=False)
    is_chair = forms.forms.BooleanField(label=_("Chairs the body"), required=False)
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False)
    decided_by = forms.forms.CharField(label=_("Decided by"), max_length=200, required=False)
    folded = [(_("More about the seat"), ["title", "until", "decided_by"])]

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.of(body.collaboration)
        self.fields["represents"].queryset = Organisation.objects.members_of(body.collaboration)
        self.fields["role"].choices = seats_of(body)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") in (Role.STEERING, Role.SUBSTITUTE) and not cleaned.get("represents"):
            self.add_error("represents", _("A seat in the steering group represents a municipality. Choose which."))
        _in_order(self, cleaned)
        return cleaned


def seats_of(body: Body) -> list[tuple[str, Any]]:
    """The kinds of seats a body has."""
    if body.kind == Body.Kind.STEERING:
        return [
            (Role.STEERING.value, _("Member")),
            (Role.SUBSTITUTE.value, _("Substitute")),
            (Role.OBSERVER.value, _("Observer")),
        ]
    return [(Role.MEMBER.value, _("Member")), (Role.OBSERVER.value, _("Observer"))]


def _in_order(form: Any, cleaned: dict[str, Any]) -> None:
    since, until = cleaned.get("since"), cleaned.get("until")
    if since and until and until < since:
        form.add_error("until", _("The last day must be on or after the first."))
