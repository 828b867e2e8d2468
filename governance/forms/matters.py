"""The secretariat's forms about a matter that was put to the municipalities."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from governance.models import Organisation


class _HasDeadline(forms.DsForm):
    """A deadline is today or later."""

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None and day < timezone.localdate():
            raise forms.forms.ValidationError(
                format_lazy(_("{day} is past. Choose today or a later day."), day=wording.short_day(day))
            )
        return day


class DeadlineForm(_HasDeadline):
    """«Sett frist»: for all that have not answered."""

    answer_by = forms.DateField(label=_("Answer by"))


class AskMoreForm(_HasDeadline):
    """Members that the matter was not put to, with a deadline of their own."""

    organisations = forms.CheckboxesField(label=_("Send to"))
    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, not_asked: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in not_asked}
        self.fields["organisations"].choices = [(key, place.name) for key, place in self.places.items()]

    @property
    def chosen(self) -> list[Organisation]:
        return [self.places[key] for key in self.cleaned_data["organisations"]]


class ProposalForm(forms.DsForm):
    """The words that the municipalities are asked about."""

    proposal = forms.TextField(
        label=_("Proposed resolution"), rows=8, help_text=_("One point per line. All municipalities get the same text.")
    )
