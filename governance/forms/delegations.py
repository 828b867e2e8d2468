from datetime import date
from typing import Any

from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance.models import Delegation


class DelegationForm(forms.DsForm):
    """What stands in the council's record about what the municipal director may decide."""

    to = forms.forms.CharField(label=_("Delegated to"), max_length=80)
    matters = forms.TextField(
        label=_("What may be decided"),
        rows=4,
        help_text=_("In the council's own words. Matters of principle can't be delegated (kommuneloven § 13-1)."),
    )
    ceiling = forms.MoneyField(
        label=_("At most"),
        required=False,
        validators=[MinValueValidator(0, _("The amount %(show_value)s kr is below zero. Write 0 or more."))],
        error_messages={"invalid": _("«%(value)s» is no amount. Write it like 125 000,50.")},
        help_text=_("Per decision. Leave empty when the council has set no limit."),
    )
    decided_by = forms.forms.CharField(label=_("Who decided"), max_length=100)
    decided_on = forms.DateField(label=_("Date of the decision"))
    case_number = forms.forms.CharField(label=_("Case number"), max_length=20)
    since = forms.DateField(label=_("Holds from"))
    until = forms.DateField(label=_("Last day"), required=False, help_text=_("Leave empty when it holds until ended."))
    extract = UploadField(
        label=_("Extract of the record"), required=False, help_text=_("PDF, Word or a picture, at most 10 MB.")
    )
    fieldsets = [(_("The council's decision"), ["decided_by", "decided_on", "case_number", "extract"])]

    def __init__(
        self, *args: Any, delegation: Delegation | None = None, on_behalf: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = _initial(delegation)
        for name, value in known.items():
            self.fields[name].initial = value
        if on_behalf:
            self.fields["extract"].required = True
            self.fields["extract"].error_messages["required"] = _(
                "Attach the extract when you register on behalf of a municipality."
            )

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(
                _("The date of the decision is in the future. Register it when it is made.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until, decided = cleaned.get("since"), cleaned.get("until"), cleaned.get("decided_on")
        if since and until and until < since:
            self.add_error("until", _("The last day can't be before the first."))
        if since and decided and since < decided:
            self.add_error("since", _("A delegation holds from the day of the decision at the earliest."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What the verbs want to know."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class EndDelegationForm(forms.DsForm):
    """The last day on which the delegation holds."""

    until = forms.DateField(label=_("Last day"))


def _initial(delegation: Delegation | None) -> dict[str, Any]:
    if delegation is None:
        return {"to": _("The municipal director"), "decided_by": _("The municipal council")}
    names = ["to", "matters", "ceiling", "decided_by", "decided_on", "case_number", "since", "until"]
    return {name: getattr(delegation, name) for name in names}
