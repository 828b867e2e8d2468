from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms


class RemarkForm(forms.DsForm):
    """A member's answer to the minutes."""

    answer = forms.RadioField(
        label=_("Your answer"),
        choices=[("approves", _("The minutes are right")), ("remark", _("I have a remark"))],
    )
    text = forms.TextField(label=_("Remark"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "remark" and not cleaned.get("text", "").strip():
            self.add_error("text", _("Write what is wrong in the minutes."))
        return cleaned


class CorrectionForm(forms.DsForm):
    """What was wrong in approved minutes."""

    text = forms.TextField(label=_("Correction"))
    reason = forms.forms.CharField(label=_("Reason"), max_length=300)


class TreatRemarkForm(forms.DsForm):
    """The secretariat's answer to a member's remark."""

    treatment = forms.RadioField(
        label=_("Treatment"),
        choices=[("taken_in", _("Taken in: the minutes are mended")), ("refused", _("Not taken in"))],
    )
    answer = forms.TextField(label=_("Answer"), required=False, help_text=_("Needed when the remark is not taken in."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("treatment") == "refused" and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Write why the remark is not taken in."))
        return cleaned


class TakeDownForm(forms.DsForm):
    """Why minutes leave the public pages."""

    reason = forms.forms.CharField(label=_("Reason"), max_length=300)
