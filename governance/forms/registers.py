"""Organisations of all kinds, and regions."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.actions.organisations import REGISTERED
from governance.models import Collaboration, Membership, Organisation, Region

WHICH = [
    ("", _("Those there are today")),
    ("members", _("Members")),
    ("over", _("Those that are over")),
    ("all", _("All")),
]
KINDS = [(kind.value, kind.label) for kind in (Organisation.Kind.MUNICIPALITY, *REGISTERED)]


class OrganisationFilter(forms.FilterForm):
    """Narrow the list of organisations."""

    q = forms.forms.CharField(label=_("Name or number"))
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *KINDS])
    county = forms.forms.ChoiceField(label=_("County"))
    which = forms.forms.ChoiceField(label=_("Shown"), choices=WHICH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Organisation.objects.existing().exclude(county="").order_by("county")
        counties = named.values_list("county", flat=True).distinct()
        self.fields["county"].choices = [("", _("All")), *[(name, name) for name in counties]]


class OrganisationForm(forms.DsModelForm):
    """Somebody the municipalities deal with."""

    folded = [(_("More"), ["official_name", "organisation_number", "website", "legal_entity", "since", "until"])]
    since = forms.DateField(label=_("It has been there from"), required=False)
    until = forms.DateField(label=_("Its last day"), required=False)

    class Meta:
        model = Organisation
        fields = ["kind", "name", "official_name", "organisation_number", "website", "legal_entity", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = KINDS[1:]


class RenameForm(forms.DsForm):
    """A new name from a day."""

    name = forms.forms.CharField(label=_("New name"), max_length=200)
    official_name = forms.forms.CharField(
        label=_("Official name"), max_length=200, required=False, help_text=_("Where it is longer than the name.")
    )
    since = forms.DateField(label=_("From"), help_text=_("What is dated before this day still tells the old name."))


class RegionForm(forms.DsForm):
    """What a region is called, and whether it belongs to the collaboration."""

    name = forms.forms.CharField(label=_("Name"), max_length=200)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)
    attached = forms.forms.BooleanField(
        label=_("The region belongs to this collaboration"),
        required=False,
        help_text=_("Leave it open for a region that the collaboration only knows of."),
    )


class RegionMemberForm(forms.DsForm):
    """A municipality in a region, from this county or another, member or not."""

    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("Choose a municipality")
    )
    since = forms.DateField(label=_("From"), required=False, help_text=_("Leave it empty when nobody knows."))
    until = forms.DateField(label=_("Last day"), required=False, help_text=_("Leave it empty while it lasts."))

    def __init__(self, *args: Any, region: Region, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(collaboration=collaboration).values("organisation")
        places = Organisation.objects.municipalities().filter(Q(until=None) | Q(pk__in=members))
        today = region.members_on(timezone.localdate()).values("pk")
        self.fields["organisation"].queryset = places.exclude(pk__in=today)


class UntilForm(forms.DsForm):
    """The last day of a municipality in a region."""

    until = forms.DateField(label=_("Last day"))
