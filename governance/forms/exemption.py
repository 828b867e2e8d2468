from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import exemption, laws
from governance.models import Body, Case, Person

OTHER = "other"
NAMES = [
    "exempt",
    "ground",
    "legal_ground",
    "exempt_reason",
    "screened_title",
    "exempt_until",
    "exempt_event",
    "exempt_decided_by",
    "wider_access_considered",
]


class ExemptionFields(forms.forms.Form):
    """Public disclosure of one thing: a case or what is attached to it (rule 8, D10)."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    exempt = forms.forms.BooleanField(label=_("Exempt from public disclosure"), required=False)
    ground = forms.forms.ChoiceField(label=_("Legal ground"), required=False)
    legal_ground = forms.forms.CharField(label=_("Another legal ground"), required=False, max_length=200)
    exempt_reason = forms.TextField(label=_("Why it is exempt"), required=False, rows=2)
    screened_title = forms.forms.CharField(label=_("Title shown to the public"), required=False, max_length=200)
    exempt_until = forms.DateField(label=_("Exempt until the day"), required=False)
    exempt_event = forms.forms.CharField(label=_("Exempt until this has happened"), required=False, max_length=200)
    exempt_decided_by = forms.forms.ModelChoiceField(
        label=_("Exemption decided by"), queryset=Person.objects.none(), required=False, empty_label=_("You")
    )
    wider_access_considered = forms.forms.BooleanField(label=_("Wider access has been considered"), required=False)

    def begin(self, thing: Any, body: Body | None, people: Any) -> None:
        """Fill in how the thing is exempt today, and the grounds of the law as it reads today."""
        self.thing, self.body_of = thing, body
        known = [(str(one), f"{one} ({one.about})") for one in laws.grounds()]
        self.fields["ground"].choices = [("", _("None")), *known, (OTHER, _("Another ground"))]
        self.fields["exempt_decided_by"].queryset = people
        self.fields["legal_ground"].help_text = _("Act and section, when it is not in the list.")
        self.fields["screened_title"].help_text = _("Instead of the title. Empty: «Exempt from public disclosure».")
        self.fields["exempt_until"].help_text = _("From this day on it is open by itself. May be left empty.")
        self.fields["exempt_event"].help_text = _("For example «supplier is chosen». It opens when you register that.")
        self.fields["wider_access_considered"].help_text = laws.provision("wider_access").dated
        for name in NAMES:
            self.initial.setdefault(name, self._now(name))

    def _now(self, name: str) -> Any:
        ground = self.thing.legal_ground
        listed = ground in dict(self.fields["ground"].choices)
        if name == "ground":
            return ground if listed or not ground else OTHER
        if name == "legal_ground":
            return "" if listed else ground
        return getattr(self.thing, f"{name}_id" if name == "exempt_decided_by" else name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        body = cleaned.get("body") or self.body_of
        if body is not None and not self.errors:
            told = self.told
            if told["exempt"] and not told["legal_ground"]:
                self.add_error("ground", _("Choose the legal ground, or write another one."))
            for name, wrong in exemption.unlawful(Case(**told), body).items():
                self.add_error("ground" if name == "legal_ground" else name, ValidationError(wrong))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What the verb is told; a thing that is open carries nothing of an exemption."""
        cleaned = self.cleaned_data
        if not cleaned["exempt"]:
            return {**dict.fromkeys(exemption.FIELDS, ""), **OPEN}
        chosen = cleaned["ground"]
        told = {name: cleaned[name] for name in NAMES if name not in ("ground", "legal_ground")}
        told["legal_ground"] = cleaned["legal_ground"].strip() if chosen in ("", OTHER) else chosen
        same_event = cleaned["exempt_event"] == self.thing.exempt_event
        told["event_happened_on"] = self.thing.event_happened_on if same_event else None
        return told


OPEN: dict[str, Any] = {
    "exempt": False,
    "exempt_until": None,
    "event_happened_on": None,
    "exempt_decided_by": None,
    "wider_access_considered": False,
}


class ExemptionForm(ExemptionFields, forms.DsForm):  # type: ignore[misc]
    """Public disclosure of a case or an attachment, also after it has gone out."""

    def __init__(self, *args: Any, thing: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(thing, body, Person.objects.of(body.collaboration))


class EventForm(forms.DsForm):
    """What the exemption waited for has happened."""

    happened_on = forms.DateField(label=_("Happened on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = timezone.localdate()

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day is in the future. Register the event when it has happened."))
        return day
