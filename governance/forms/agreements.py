from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Agreement, AgreementSection, Organisation

HELP = {
    "background": _("Why the municipalities work together."),
    "purpose": _("What the collaboration shall achieve."),
    "value": _("In short for all; each party also has its own text."),
    "roles": _("What each party contributes and answers for."),
    "organisation": _("The bodies and who reports to whom."),
    "financing": _("The base budget, grants, and that single projects are financed by those who take part."),
    "period": _("From when to when, and how it is prolonged."),
    "changes": _("How the agreement is changed, and how a party leaves."),
}


class _Period(forms.DsForm):
    """A title and a period that ends after it starts."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    period_from = forms.DateField(label=_("Period from"), required=False)
    period_to = forms.DateField(label=_("Period to"), required=False)
    notice_months = forms.forms.IntegerField(
        label=_("Notice in months"), min_value=1, max_value=60, required=False,
        help_text=_("How long before the end of the period a party must say that it leaves."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("period_from"), cleaned.get("period_to")
        if begins and ends and ends <= begins:
            self.add_error("period_to", _("The period must end after it starts."))
        return cleaned


class NewAgreementForm(_Period):
    """Begin an agreement."""


class WriteAgreementForm(_Period):
    """The eight sections of a draft (R14)."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = {section.kind: section.text for section in agreement.sections.all()}
        for kind, label in AgreementSection.Kind.choices:
            self.fields[kind] = forms.TextField(
                label=label, help_text=HELP[kind], required=False, rows=5, initial=written.get(kind, "")
            )
        self._prepare(None)
        for name in ("title", "period_from", "period_to", "notice_months"):
            self.fields[name].initial = getattr(agreement, name)

    @property
    def sections(self) -> dict[str, str]:
        return {kind: self.cleaned_data[kind] for kind in AgreementSection.Kind.values}


class ValueForm(forms.DsForm):
    """The value of the agreement for one party."""

    value = forms.TextField(label=_("Value for this municipality"), rows=6)


class PartyForm(forms.DsForm):
    """One more party."""

    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("Choose a municipality")
    )
    value = forms.TextField(label=_("Value for this municipality"), required=False)
    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = agreement.parties.values("organisation")
        members = Organisation.objects.members_of(agreement.collaboration)
        self.fields["organisation"].queryset = members.exclude(pk__in=known)
        if agreement.state == Agreement.State.DRAFT:
            del self.fields["answer_by"]


class SendForm(forms.DsForm):
    """When the agreement went out, and when the answers are wanted."""

    sent_on = forms.DateField(label=_("Sent"), help_text=_("An earlier day, if it has been sent by e-mail already."))
    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def clean_sent_on(self) -> date:
        sent_on: date = self.cleaned_data["sent_on"]
        if sent_on > timezone.localdate():
            raise forms.forms.ValidationError(_("The day is in the future. Write the day on which it is sent."))
        return sent_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sent, deadline = cleaned.get("sent_on"), cleaned.get("answer_by")
        if sent and deadline and deadline < sent:
            self.add_error("answer_by", _("The deadline is before the day it is sent."))
        return cleaned
