from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models.cases import points_of


class EarlierResolutionForm(forms.DsForm):
    """A resolution from before the portal: what was decided, and on which day."""

    fields: dict[str, Any]

    day = forms.DateField(label=_("Date of the meeting"))
    title = forms.forms.CharField(label=_("Title"), max_length=200)
    information = forms.TextField(label=_("What the case was about"), required=False, rows=4)
    points = forms.TextField(label=_("Resolution"), rows=6, help_text=_("One point per line."))
    asks_municipalities = forms.forms.BooleanField(
        label=_("Was sent to the municipalities"),
        required=False,
        help_text=_("Each municipality that was a member that day gets one decision to register by itself."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day >= timezone.localdate():
            raise ValidationError(_("Write a date in the past. What is decided from now on belongs to a meeting."))
        return day

    def clean_points(self) -> list[str]:
        return points_of(str(self.cleaned_data["points"]))
