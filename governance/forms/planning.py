from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import dates, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.forms.meetings import MeetingForm
from governance.models import AgendaItem, Appointment, Body, Case, Collaboration, FixedItem, Meeting, Person, Reply
from governance.seats import substitutes_for
from governance.series import MONTHS, Rule

WEEKDAYS = [(str(day), capfirst(dates.WEEKDAYS[day])) for day in range(7)]
ORDINALS = [("1", _("first")), ("2", _("second")), ("3", _("third")), ("4", _("fourth")), ("-1", _("last"))]
LONGEST = timedelta(days=730)


class FixedForm(forms.DsModelForm):
    """A case that comes back every year: in a month, in a meeting counted from the first, or in all."""

    fields: dict[str, Any]

    month = forms.forms.TypedChoiceField(
        label=_("Month"), required=False, coerce=int, empty_value=None, choices=[("", "–"), *dates.MONTHS.items()]
    )

    class Meta:
        model = FixedItem
        fields = ["body", "month", "nth", "kind", "title", "proposal"]
        help_texts = {"nth": _("For example 1 for the first meeting of the year. Leave both empty for every meeting.")}

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = collaboration.bodies.that_meet()
        self.fields["body"].initial = collaboration.steering_group()
        if self.instance.pk:
            del self.fields["body"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("month") and cleaned.get("nth"):
            self.add_error("nth", _("Choose a month or the number of a meeting, not both."))
        if cleaned.get("nth") == 0:
            self.add_error("nth", _("Meetings are counted from 1."))
        return cleaned


class SeriesForm(MeetingForm):
    """Several meetings by one rule: the first Thursday of each quarter, from a day to a day."""

    day = None  # type: ignore[assignment]
    which = forms.forms.ChoiceField(label=_("Which in the month"), choices=ORDINALS)
    weekday = forms.forms.ChoiceField(label=_("Weekday"), choices=WEEKDAYS, initial="3")
    every = forms.forms.ChoiceField(label=_("How often"), choices=MONTHS, initial="3")
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"))

    field_order = ["body", "which", "weekday", "every", "since", "until", "begins", "ends", "place"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day can't be before the first."))
        elif since and until and until - since > LONGEST:
            self.add_error("until", _("Plan at most two years at once."))
        elif since and until and not self.rule.days():
            self.add_error("until", _("The rule gives no date in this time. Choose a later last day."))
        return cleaned

    @property
    def rule(self) -> Rule:
        told = self.cleaned_data
        return Rule(int(told["which"]), int(told["weekday"]), int(told["every"]), told["since"], told["until"])

    @property
    def shared(self) -> dict[str, Any]:
        """What all the meetings have in common."""
        told = {name: self.cleaned_data[name] for name in ("place", "chair", "secretary")}
        return {**told, "kind": self.cleaned_data["kind"] or Meeting.Kind.MEETING}

    @property
    def lasts(self) -> timedelta | None:
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        if not ends:
            return None
        return timedelta(hours=ends.hour - begins.hour, minutes=ends.minute - begins.minute)


class DatesForm(forms.DsForm):
    """The dates a rule gave, each to be kept, moved or left out before anything is saved."""

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        for number, day in enumerate(days):
            label = _("Meeting %(number)s") % {"number": number + 1}
            self.fields[f"day_{number}"] = forms.DateField(label=label, required=False, initial=day)
        self._prepare(None)

    @property
    def chosen(self) -> list[date]:
        given = [self.cleaned_data.get(f"day_{number}") for number in range(len(self.days))]
        return [day for day in given if day]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen: set[date] = set()
        for number in range(len(self.days)):
            day = cleaned.get(f"day_{number}")
            if day and day in seen:
                self.add_error(f"day_{number}", _("This date stands twice. Empty one of them."))
            elif day and day < timezone.localdate():
                self.add_error(f"day_{number}", _("This date is past. Choose a later one, or empty the field."))
            if day:
                seen.add(day)
        return cleaned


class CopyForm(forms.DsForm):
    """Which cases of the agenda before stand on this one too."""

    fields: dict[str, Any]

    items = forms.forms.ModelMultipleChoiceField(
        label=_("Cases of the last agenda"),
        queryset=AgendaItem.objects.none(),
        widget=forms.forms.CheckboxSelectMultiple,
        required=False,
    )
    follow_up = forms.forms.BooleanField(label=_("Follow-up of resolutions"), required=False, initial=True)

    def __init__(self, *args: Any, last: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        field.queryset = AgendaItem.objects.filter(pk__in=[item.pk for item in last]).select_related("case__body")
        field.label_from_instance = lambda item: f"{item.case} ({item.case.get_kind_display()})"
        field.initial = [item.pk for item in last if _comes_back(item)]
        if not last:
            del self.fields["items"]


def _comes_back(item: AgendaItem) -> bool:
    return item.case.stage == Case.Stage.POSTPONED or item.fixed_id is not None


class SentForm(forms.DsForm):
    """What happens with a case on a sent agenda, and why."""

    how = forms.RadioField(
        label=_("What happens with the case"),
        choices=[
            ("withdraw", _("It is withdrawn")),
            ("postpone", _("It is postponed to a later meeting")),
            ("up", _("It is moved one place up")),
            ("down", _("It is moved one place down")),
        ],
    )
    reason = forms.forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Stands in the new edition. Write nothing that is exempt.")
    )


class ReplyForm(forms.DsForm):
    """Whether one seat is filled in the meeting."""

    fields: dict[str, Any]

    answer = forms.RadioField(label=_("Do you come?"), choices=Reply.Answer.choices)
    substitute = forms.forms.ModelChoiceField(
        label=_("Which substitute"), queryset=Person.objects.none(), required=False, empty_label=_("Not known yet")
    )

    def __init__(self, *args: Any, seat: Appointment, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat
        if seat.represents:
            self.fields["answer"].label = _("Do you come? (%(place)s)") % {"place": seat.represents.name}
        known = [one.person_id for one in substitutes_for(seat, day)]
        self.fields["substitute"].queryset = Person.objects.filter(pk__in=known)
        if not known:
            del self.fields["substitute"]
            without = [one for one in Reply.Answer.choices if one[0] != Reply.Answer.SUBSTITUTE]
            self.fields["answer"].choices = without


class NumberingForm(forms.DsModelForm):
    """How the case numbers of a body are written."""

    number_separator = forms.forms.ChoiceField(
        label=_("Sign between number and year"), choices=[("/", "/"), ("-", "-"), (".", ".")]
    )
    number_year_digits = forms.forms.TypedChoiceField(
        label=_("The year is written with"), coerce=int, choices=[(2, _("two digits")), (4, _("four digits"))]
    )

    class Meta:
        model = Body
        fields = ["number_prefix", "number_padding", "number_separator", "number_year_digits"]
        help_texts = {
            "number_prefix": _("For example «PS». Leave it empty when the numbers stand alone."),
            "number_padding": _("3 gives 012."),
        }
