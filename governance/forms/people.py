from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import seats, vacancies
from governance.forms.bodies import decided_field, offer_resolutions, organisations_near, resolution_field
from governance.models import Appointment, Body, Collaboration, Organisation, Person, Region, Role
from governance.models.people import AT_BODY, AT_COLLABORATION, AT_ORGANISATION, SUBSTITUTES

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

    role = forms.forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *ROLES])
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
    """A seat in a body: who, for whom, from when; most seats need no more."""

    person = forms.forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), empty_label=_("Choose a person")
    )
    role = forms.forms.ChoiceField(label=_("Seat"))
    represents = forms.forms.ModelChoiceField(
        label=_("Represents"), queryset=Organisation.objects.none(), required=False, empty_label=_("None")
    )
    region = forms.forms.ModelChoiceField(
        label=_("Contact point of"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("No region"),
        help_text=_("A region has one contact point at a time."),
    )
    substitute_for = forms.forms.ModelChoiceField(
        label=_("Substitute for"),
        queryset=Appointment.objects.none(),
        required=False,
        empty_label=_("Common: for whoever is absent, or for the municipality above"),
    )
    call_order = forms.forms.IntegerField(label=_("Order among the substitutes"), min_value=1, required=False)
    title = forms.forms.CharField(label=_("Title"), max_length=100, required=False)
    is_chair = forms.forms.BooleanField(label=_("Chairs the body"), required=False)
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False)
    only_as = forms.forms.ChoiceField(
        label=_("Only when the body acts as"), choices=[("", _("Always")), *Body.Kind.choices], required=False
    )
    appointed_by = forms.forms.ModelChoiceField(
        label=_("Elected by"), queryset=Body.objects.none(), required=False, empty_label=_("None")
    )
    resolution = resolution_field()
    decided_by = decided_field()
    folded = [
        (
            _("More about the seat"),
            ["title", "until", "substitute_for", "call_order", "only_as", "appointed_by", "resolution", "decided_by"],
        )
    ]

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.of(body.collaboration)
        self.fields["represents"].queryset = organisations_near(body.collaboration)
        self.fields["role"].choices = seats_of(body)
        self.fields["appointed_by"].queryset = body.collaboration.bodies.all()
        self._offer_regions(body)
        members = seats.seats_on(body).filter(role__in=[Role.STEERING, Role.MEMBER])
        self.fields["substitute_for"].queryset = members
        self.fields["substitute_for"].label_from_instance = lambda seat: str(seat.person)
        offer_resolutions(self, body.collaboration)

    def _offer_regions(self, body: Body) -> None:
        """Contact points belong in a strategy group."""
        if body.kind == Body.Kind.STRATEGY:
            self.fields["region"].queryset = vacancies.regions_of(body.collaboration)
        else:
            del self.fields["region"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role == Role.STEERING and not cleaned.get("represents"):
            self.add_error("represents", _("A seat in the steering group represents a municipality. Choose which."))
        if role not in SUBSTITUTES and cleaned.get("substitute_for"):
            self.add_error("substitute_for", _("Only a substitute stands in for somebody. Choose that kind of seat."))
        if role not in (Role.STEERING, Role.MEMBER) and cleaned.get("region"):
            self.add_error("region", _("A contact point is a member. Choose that kind of seat."))
        _in_order(self, cleaned)
        return cleaned


class SeatCorrectionForm(forms.DsForm):
    """What was written about a seat, mended."""

    title = forms.forms.CharField(label=_("Title"), max_length=100, required=False)
    call_order = forms.forms.IntegerField(label=_("Order among the substitutes"), min_value=1, required=False)
    appointed_by = forms.forms.ModelChoiceField(
        label=_("Elected by"), queryset=Body.objects.none(), required=False, empty_label=_("None")
    )
    resolution = resolution_field()
    decided_by = decided_field()

    def __init__(self, *args: Any, seat: Appointment, **kwargs: Any) -> None:
        told = {name: getattr(seat, name) for name in self.base_fields}
        super().__init__(*args, initial=told, version=seat.version, **kwargs)
        assert seat.body is not None
        self.fields["appointed_by"].queryset = seat.body.collaboration.bodies.all()
        offer_resolutions(self, seat.body.collaboration)
        if seat.role not in SUBSTITUTES:
            del self.fields["call_order"]


def seats_of(body: Body) -> list[tuple[str, Any]]:
    """The kinds of seats a body has."""
    steering = body.kind == Body.Kind.STEERING
    voting, standing_in = (Role.STEERING, Role.SUBSTITUTE) if steering else (Role.MEMBER, Role.DEPUTY)
    return [
        (voting.value, _("Member")),
        (standing_in.value, _("Substitute")),
        (Role.SPEAKER.value, _("Speaks, without a vote")),
        (Role.OBSERVER.value, _("Observer")),
    ]


def _in_order(form: Any, cleaned: dict[str, Any]) -> None:
    since, until = cleaned.get("since"), cleaned.get("until")
    if since and until and until < since:
        form.add_error("until", _("The last day must be on or after the first."))


class TitleForm(forms.DsForm):
    """What a role is called from a day."""

    role = forms.forms.ChoiceField(label=_("Role"), choices=Role)
    title = forms.forms.CharField(label=_("Title"), max_length=100)
    since = forms.DateField(label=_("From"))


class SeatFilter(forms.FilterForm):
    """Narrow the list of who sits where."""

    dato = forms.DateField(label=_("Day"))
    q = forms.forms.CharField(label=_("Name or title"))
    body = forms.forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none(), empty_label=_("All"))
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("All")
    )
    role = forms.forms.ChoiceField(
        label=_("Seat"), choices=[("", _("All")), *[(role.value, role.label) for role in [*AT_BODY, Role.SECRETARIAT]]]
    )

    folded = [(_("More filters"), ["q", "role"])]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = collaboration.bodies.all()
        self.fields["organisation"].queryset = organisations_near(collaboration)
