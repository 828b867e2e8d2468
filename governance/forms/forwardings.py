from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Body, Case


class ForwardForm(forms.DsForm):
    """«Oversend saken»: to a body in the portal, or to one outside it (X5)."""

    body = forms.forms.ModelChoiceField(
        label=_("Body in the portal"), queryset=Body.objects.none(), required=False, empty_label=_("None of these")
    )
    receiver = forms.forms.CharField(
        label=_("Receiver outside the portal"),
        max_length=200,
        required=False,
        help_text=_("For example the board of an association. Leave empty when you chose a body."),
    )
    sent_on = forms.DateField(label=_("Forwarded on"))
    note = forms.TextField(label=_("What is asked of the receiver"), rows=3, required=False)

    def __init__(self, *args: Any, case: Case, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies.exclude(pk=case.body_id)
        self.fields["sent_on"].initial = timezone.localdate()
        if not self.fields["body"].queryset.exists():
            del self.fields["body"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("body", None)
        if bool(cleaned["body"]) == bool(cleaned.get("receiver")):
            self.add_error("receiver", _("Choose a body in the portal, or write the name of one outside it."))
        day = cleaned.get("sent_on")
        if day and day > timezone.localdate():
            self.add_error("sent_on", _("The day is in the future. Register it when the case is forwarded."))
        return cleaned


class AnswerForm(forms.DsForm):
    """What the receiver answered."""

    answer = forms.TextField(label=_("Answer"), rows=4)
    answered_on = forms.DateField(label=_("Answered on"))
