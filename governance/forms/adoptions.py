from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance.models import Adoption, Collaboration, Organisation

WHO = [
    _("The municipal council"),
    _("The executive committee"),
    _("A standing committee"),
    _("The municipal director, by delegation"),
]
STATES = [
    (Adoption.State.ADOPTED.value, _("Adopted")),
    (Adoption.State.RESERVED.value, _("Adopted with reservations")),
    (Adoption.State.NOT_ADOPTED.value, _("Not adopted")),
]
FILTERS = [
    ("", _("All")),
    ("waiting", _("Not decided")),
    ("late", _("Past the deadline")),
    ("decided", _("Decided")),
    ("confirm", _("To be confirmed")),
]


class Suggestions(forms.forms.TextInput):
    """A line of text with the usual answers offered."""

    template_name = "governance/adoptions/_suggestions.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}_suggestions"
        context["suggestions"] = [str(answer) for answer in WHO]
        return context


class DecisionForm(forms.DsForm):
    """«Registrer kommunens vedtak»: what stands in the municipality's own record (form 2)."""

    state = forms.RadioField(label=_("What did the municipality decide?"), choices=STATES)
    decided_by = forms.forms.CharField(label=_("Who decided"), max_length=100, widget=Suggestions)
    decided_on = forms.DateField(label=_("Date of the decision"))
    case_number = forms.forms.CharField(
        label=_("Case number"), max_length=20, help_text=_("The municipality's own number, for example «63/19».")
    )
    text = forms.TextField(
        label=_("Text of the decision"), rows=6, help_text=_("The proposal stands here; change it to what was decided.")
    )
    conditions = forms.TextField(label=_("Reservation"), required=False, rows=3)
    vote = forms.forms.CharField(
        label=_("Vote"), max_length=100, required=False, help_text=_("For example «enstemmig» or «17 mot 4».")
    )
    amount = forms.MoneyField(
        label=_("Amount the decision covers"),
        required=False,
        min_value=0,
        help_text=_("Leave empty when it covers none."),
    )
    hours = forms.NumberField(
        label=_("Own hours the decision covers"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=1,
        unit=_("hours"),
    )
    extract = UploadField(
        label=_("Extract of the record"), required=False, help_text=_("PDF, Word or a picture, at most 10 MB.")
    )
    fieldsets = [(_("Money and hours"), ["amount", "hours"]), (_("Documentation"), ["extract"])]

    def __init__(
        self, *args: Any, adoption: Adoption, corrects: bool = False, on_behalf: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.adoption, self.corrects = adoption, corrects
        for name, value in initial(adoption).items():
            self.fields[name].initial = value
        if on_behalf:
            self.fields["extract"].required = True
            self.fields["extract"].error_messages["required"] = _(
                "Attach the extract when you register on behalf of a municipality."
            )
        if corrects:
            self.fields["reason"] = forms.forms.CharField(label=_("Why is it corrected?"), max_length=300)
            self._prepare(None)
            self.order_fields(["reason"])

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(
                _("The date is in the future. Register the decision when it is made, or choose «to be treated».")
            )
        if day < earliest(self.adoption):
            raise forms.forms.ValidationError(
                format_lazy(
                    _("The municipality was asked on {asked}. A decision from {day} can't be the answer."),
                    asked=f"{self.adoption.asked_on:%d.%m.%Y}",
                    day=f"{day:%d.%m.%Y}",
                )
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == Adoption.State.RESERVED and not cleaned.get("conditions"):
            self.add_error("conditions", _("Write the reservation."))
        if cleaned.get("state") == Adoption.State.NOT_ADOPTED and (cleaned.get("amount") or cleaned.get("hours")):
            self.add_error(
                "amount", _("A decision not to take part covers no amount and no hours. Empty these fields.")
            )
        return cleaned

    @property
    def decision(self) -> dict[str, Any]:
        """What the verbs want to know."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}


def initial(adoption: Adoption) -> dict[str, Any]:
    """What is registered, or else the proposal."""
    names = ["decided_by", "decided_on", "case_number", "conditions", "vote", "amount", "hours"]
    known = {name: getattr(adoption, name) for name in names}
    if adoption.state in dict(STATES):
        known["state"] = adoption.state
    return {**known, "text": adoption.text or adoption.proposal}


def earliest(adoption: Adoption) -> date:
    """An agreement is answered after it is sent; in other matters a municipality may have been a year ahead."""
    if adoption.agreement_id:
        return adoption.asked_on
    return adoption.asked_on - timedelta(days=366)


class ScheduleForm(forms.DsForm):
    """The day on which the municipality treats the matter."""

    scheduled_on = forms.DateField(label=_("To be treated on"))

    def clean_scheduled_on(self) -> date:
        day: date = self.cleaned_data["scheduled_on"]
        if day < timezone.localdate():
            raise forms.forms.ValidationError(_("The day is past. Register the decision instead."))
        return day


class ObjectionForm(forms.DsForm):
    """Why what was registered on the municipality's behalf is wrong."""

    objection = forms.TextField(label=_("What is wrong with the registration?"), rows=4)


class AdoptionFilter(forms.FilterForm):
    """Narrow the list of the municipalities' decisions."""

    q = forms.forms.CharField(label=_("Matter"))
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("All")
    )
    status = forms.forms.ChoiceField(label=_("Status"), choices=FILTERS)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = collaboration.adoptions.values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=asked)
