from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from digivesteralen.ui.moments import ask_about_turned_clocks, moment
from governance import laws
from governance.forms.running import name_of
from governance.models import Appointment, Body, Case, Meeting
from governance.written import Round, seats

USUAL_DAYS, USUAL_CLOCK = 7, time(15, 0)


def _working_day(day: date) -> date:
    """The Monday after, when it falls on a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.isoweekday() > 5 else 0)


class StepOutForm(forms.DsForm):
    """Who is disqualified in one case of a written treatment, and why."""

    fields: dict[str, Any]

    seat = forms.forms.ModelChoiceField(label=_("Who steps down"), queryset=Appointment.objects.none())
    why = forms.forms.CharField(
        label=_("Why"), max_length=300, help_text=_("For example «leads the supplier, forvaltningsloven § 6».")
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Appointment.objects.filter(pk__in=[seat.pk for seat in seats(meeting)])
        self.fields["seat"].queryset = asked.select_related("person", "represents")
        self.fields["seat"].label_from_instance = name_of


class DeadlineForm(forms.DsForm):
    """By when the answers must be given."""

    fields: dict[str, Any]

    day = forms.DateField(label=_("Answers by"))
    clock = forms.TimeField(label=_("Time of day"), initial=USUAL_CLOCK)

    def __init__(self, *args: Any, after: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after
        start = timezone.localdate(after.answer_by) if after and after.answer_by else timezone.localdate()
        self.fields["day"].initial = _working_day(start + timedelta(days=USUAL_DAYS))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_turned_clocks(self, clock=cleaned.get("day"))
        if cleaned.get("day") and cleaned.get("clock"):
            cleaned["answer_by"] = chosen = moment(cleaned["day"], cleaned["clock"])
            if chosen <= timezone.now():
                self.add_error(
                    "day",
                    format_lazy(_("{moment} is over. Choose a moment to come."), moment=wording.moment(chosen)),
                )
            elif self.after and self.after.answer_by and chosen <= self.after.answer_by:
                text = _("The deadline is {moment}. Choose a later moment.")
                self.add_error("day", format_lazy(text, moment=wording.moment(self.after.answer_by)))
        return cleaned


class RoundForm(DeadlineForm):
    """Which cases a body is to decide in writing, and by when."""

    field_order = ("cases", "why", "day", "clock")

    cases = forms.forms.ModelMultipleChoiceField(
        label=_("Cases that are ready"),
        queryset=Case.objects.none(),
        widget=forms.forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one case.")},
    )
    why = forms.TextField(label=_("Why the cases can't wait for a meeting"), rows=3)

    def __init__(self, *args: Any, body: Body, ready: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = ready
        if body.profile.by_law:
            self.fields["why"].help_text = format_lazy(
                _("The chair decides whether a case is treated in writing. When that is allowed stands in {ground}."),
                ground=laws.provision("written_treatment").dated,
            )
        else:
            del self.fields["why"]


class CloseForm(forms.DsForm):
    """What is adopted, and is taken up in a meeting instead."""

    fields: dict[str, Any]

    to_meeting = forms.CheckboxesField(
        label=_("Take up in a meeting instead"),
        required=False,
        help_text=_("A case that would be adopted can be taken up in a meeting. Other outcomes can't be changed."),
    )

    def __init__(self, *args: Any, counted: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adopted = [tally for tally in counted.tallies if tally.finding.outcome == tally.case.usual_outcome]
        self.fields["to_meeting"].choices = [(str(tally.item.pk), str(tally.case)) for tally in adopted]
        if not adopted:
            del self.fields["to_meeting"]

    @property
    def items(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data.get("to_meeting", [])]


class AssignedForm(forms.DsForm):
    """Who follows up one point, and by when; its words stand."""

    responsible = forms.forms.CharField(label=_("Responsible"), required=False, max_length=200)
    deadline = forms.DateField(label=_("Deadline"), required=False)


AssignedForms = forms.forms.formset_factory(AssignedForm, extra=0)
