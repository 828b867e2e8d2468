from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation
from surveys.models import Area, ServiceArea
from surveys.window_words import KINDS


class WindowFilter(forms.FilterForm):
    """Which windows to show."""

    tjeneste = forms.forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), empty_label=_("All service areas")
    )
    klasse = forms.forms.ChoiceField(
        label=_("Window"), choices=[("", _("All")), *((kind.value, name) for kind, name in KINDS.items())]
    )
    kommune = forms.forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="number", label=_("Municipality"),
        empty_label=_("All municipalities"),
    )  # fmt: skip
    ar = forms.forms.TypedChoiceField(label=_("In use from the year"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, collaboration: Collaboration, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = collaboration.members()
        self.fields["ar"].choices = [("", _("All years")), *((year, str(year)) for year in years)]

    def keeps(self, window: Any) -> bool:
        """Whether a window is what is asked for; «dates are missing» also where others can buy together."""
        said = self.cleaned_data
        if said["tjeneste"] and window.area.group != said["tjeneste"].pk:
            return False
        if said["klasse"] and said["klasse"] != window.kind and not (said["klasse"] == "mangler" and window.missing):
            return False
        if said["kommune"] and said["kommune"].pk not in window.area.contracts:
            return False
        return not said["ar"] or (window.starts_on is not None and window.starts_on.year == said["ar"])


class LeadTimeForm(forms.DsForm):
    """How long before the new system is in use the procurement begins."""

    lead_months = forms.forms.IntegerField(
        label=_("Months from the start of a procurement until the system is in use"),
        min_value=1,
        max_value=60,
        help_text=_("From 1 to 60. The usual is 15: needs, competition, contract and introduction."),
    )


class OwnPurchaseForm(forms.DsForm):
    """«Vi kjøper selv»: what, in which area, and when the contract is expected to be signed."""

    area = forms.forms.ModelChoiceField(Area.objects.select_related("service_area"), label=_("Area"))
    title = forms.forms.CharField(label=_("What is bought"), max_length=200)
    signs_on = forms.DateField(label=_("Expected to sign"))
    note = forms.TextField(
        label=_("Note"), rows=2, limit=300, required=False, help_text=_("The other municipalities can read it.")
    )

    def clean_signs_on(self) -> Any:
        day = self.cleaned_data["signs_on"]
        if "signs_on" in self.changed_data and day < timezone.localdate():
            self.add_error("signs_on", _("The day has passed. Write a day from today on."))
        return day


class HandleAlertForm(forms.DsForm):
    """What was done about a day in a contract."""

    note = forms.TextField(
        label=_("What is done"), rows=2, limit=300, required=False,
        help_text=_("For example «sagt opp» or «fornyes som planlagt». Only the municipality's own people read it."),
    )  # fmt: skip
