from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms


class GuestForm(forms.DsForm):
    """Who from outside reads the project, why, and until which day."""

    name = forms.forms.CharField(label=_("Name"), max_length=200)
    email = forms.forms.EmailField(label=_("E-mail"), help_text=_("The invitation to sign in goes to this address."))
    purpose = forms.TextField(
        label=_("Why the project is shared"), rows=2, limit=300, help_text=_("The person reads this in the e-mail.")
    )
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), help_text=_("The access ends by itself at midnight."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if until and until < timezone.localdate():
            self.add_error("until", _("The last day must be today or later."))
        elif since and until and until < since:
            self.add_error("until", _("The last day must be on or after the first."))
        return data
