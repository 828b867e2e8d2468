from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms


class DeadlineForm(forms.DsForm):
    """A new day for all that have not answered."""

    answer_by = forms.DateField(label=_("Answer by"))

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day < timezone.localdate():
            self.add_error("answer_by", _("The last day for an answer can't be in the past."))
        return day


class AskAnewForm(DeadlineForm):
    """Ask once more; without a day where it does not matter when."""

    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def clean_answer_by(self) -> Any:
        return super().clean_answer_by() if self.cleaned_data["answer_by"] else None


class TakeBackForm(forms.DsForm):
    """Why the invitation was a mistake; the history of the project keeps it."""

    reason = forms.TextField(label=_("Reason"), rows=2, limit=300)
