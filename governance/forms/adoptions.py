from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms, wording
from governance import consequences
from governance.models import Adoption, Collaboration, Delegation, Organisation, Region

WHO = [
    _("The municipal council"),
    _("The executive committee"),
    _("A standing committee"),
]
STATES = [
    (Adoption.State.ADOPTED.value, _("Adopted")),
    (Adoption.State.RESERVED.value, _("Adopted with reservations")),
    (Adoption.State.NOT_ADOPTED.value, _("Not adopted")),
]
# What a filter is called, and the method of the queryset that answers it.
FILTERS = [
    ("", _("All")),
    ("waiting", _("Not decided")),
    ("late", _("Past the deadline")),
    ("untreated", _("Not treated")),
    ("scheduled", _("To be treated")),
    ("decided", _("Decided")),
    ("adopted", _("Adopted")),
    ("reserved", _("Adopted with reservations")),
    ("not_adopted", _("Not adopted")),
    ("to_confirm", _("To be confirmed")),
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
        validators=[MinValueValidator(0, _("The amount %(show_value)s kr is below zero. Write 0 or more."))],
        error_messages={"invalid": _("«%(value)s» is no amount. Write it like 125 000,50.")},
        help_text=_("Leave empty when it covers none."),
    )
    hours = forms.NumberField(
        label=_("Own hours the decision covers"),
        required=False,
        validators=[MinValueValidator(0, _("%(show_value)s hours is below zero. Write 0 or more."))],
        error_messages={"invalid": _("«%(value)s» is no number of hours. Write it like 37,5.")},
        max_digits=9,
        decimal_places=1,
        unit=_("hours"),
    )
    budget_year = forms.forms.IntegerField(
        label=_("Budget year"),
        required=False,
        validators=[
            MinValueValidator(2000, _("The year %(show_value)s is not a budget year. Write it like 2027.")),
            MaxValueValidator(2100, _("The year %(show_value)s is not a budget year. Write it like 2027.")),
        ],
        error_messages={"invalid": _("Write the budget year with four digits, like 2027.")},
        widget=forms.forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    link = forms.forms.CharField(
        label=_("Link to the record"),
        required=False,
        max_length=500,
        validators=[URLValidator(schemes=["https"], message=_("Write a whole address that begins with https://."))],
        widget=forms.forms.URLInput,
        help_text=_("The case in the municipality's own public records, if it is published."),
    )
    extract = UploadField(
        label=_("Extract of the record"), required=False, help_text=_("PDF, Word or a picture, at most 10 MB.")
    )
    treatment = forms.TextField(
        label=_("Treatment of the case"),
        required=False,
        rows=4,
        help_text=_("What was recommended, assessed and said, as far as it belongs with the decision."),
    )
    fieldsets = [(_("Money and hours"), ["amount", "hours"]), (_("Documentation"), ["extract"])]
    # What most decisions do without.
    folded = [(_("More details"), ["budget_year", "link", "treatment"])]

    def __init__(
        self, *args: Any, adoption: Adoption, corrects: bool = False, on_behalf: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.adoption, self.corrects = adoption, corrects
        for name, value in initial(adoption).items():
            if name in self.fields:
                self.fields[name].initial = value
        self._tell_the_share()
        if on_behalf:
            self.fields["extract"].required = True
            self.fields["extract"].error_messages["required"] = _(
                "Attach the extract when you register on behalf of a municipality."
            )
        if corrects:
            self.fields["reason"] = forms.forms.CharField(label=_("Why is it corrected?"), max_length=300)
            self._prepare(None)
            self.order_fields(["reason"])

    def _tell_the_share(self) -> None:
        """The amount and the hours that stand there at first are the municipality's share, if all invited join."""
        amount, hours = consequences.covered_by(self.adoption)
        if amount:
            self.fields["amount"].help_text = format_lazy(
                _("The municipality's share is {amount} if all invited join. Leave empty if the decision covers none."),
                amount=wording.money(amount),
            )
        if hours:
            self.fields["hours"].help_text = format_lazy(
                _("The municipality's share is {hours} hours if all invited join."), hours=wording.number(hours)
            )

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
        if cleaned.get("state") == Adoption.State.NOT_ADOPTED:
            self._covers_nothing(cleaned)
        return cleaned

    def _covers_nothing(self, cleaned: dict[str, Any]) -> None:
        """A no covers nothing; what the portal filled in itself falls away, what was written is asked about."""
        for name in ("amount", "hours", "budget_year"):
            if not cleaned.get(name):
                continue
            if name in self.changed_data:
                self.add_error(
                    name,
                    format_lazy(
                        _("A decision not to take part covers nothing. Empty «{field}», where {value} stands."),
                        field=self.fields[name].label,
                        value=self[name].value(),
                    ),
                )
            else:
                cleaned[name] = None

    @property
    def decision(self) -> dict[str, Any]:
        """What the verbs want to know."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}

    @property
    def as_proposed(self) -> dict[str, Any]:
        """What is written so far, with the proposal as the decision («Vedtatt som foreslått»)."""
        written = {name: self[name].value() for name in self.fields if name != "extract"}
        return {**written, "state": Adoption.State.ADOPTED.value, "text": self.adoption.proposal, "conditions": ""}


class DelegatedForm(DecisionForm):
    """«Registrer vedtak etter delegasjon»: on the spot, by the director whom a delegation covers (rule 1)."""

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegation = delegation
        del self.fields["decided_by"]
        self.fields["decided_on"].initial = timezone.localdate()

    def clean_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["amount"]
        ceiling = self.delegation.ceiling
        if amount is not None and ceiling is not None and amount > ceiling:
            raise forms.forms.ValidationError(
                format_lazy(
                    _("{amount} is more than the {ceiling} that the delegation covers. The council has to decide it."),
                    amount=wording.money(amount),
                    ceiling=wording.money(ceiling),
                )
            )
        return amount


def initial(adoption: Adoption) -> dict[str, Any]:
    """What is registered, or else the proposal and the municipality's share."""
    if not adoption.is_decided and adoption.decided_on is None:
        amount, hours = consequences.covered_by(adoption)
        return {"text": adoption.proposal, "amount": amount or None, "hours": hours or None}
    names = ["state", "decided_by", "decided_on", "case_number", "treatment", "text", "conditions", "vote"]
    return {name: getattr(adoption, name) for name in [*names, "amount", "hours", "budget_year", "link"]}


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
    region = forms.forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.none(), empty_label=_("All"))
    status = forms.forms.ChoiceField(label=_("Status"), choices=FILTERS)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = collaboration.adoptions.values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=asked)
        regions = Region.objects.with_any_of(asked)
        self.fields["region"].queryset = regions
        if not regions.exists():
            del self.fields["region"]
