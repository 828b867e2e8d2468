from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from digivesteralen.ui.moments import ask_about_turned_clocks, moment
from governance.models import Appointment, Body, Case, Collaboration, Meeting, Person, Role


def _in_capitals(choices: Any) -> list[tuple[str, Any]]:
    """The words of a form begin with a capital letter."""
    return [(value, capfirst(label)) for value, label in choices.choices]


class MeetingForm(forms.DsForm):
    """When and where the body meets, and who leads."""

    fields: dict[str, Any]
    folded = [(_("More about the meeting"), ["kind", "chair", "secretary"])]

    body = forms.forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none())
    day = forms.DateField(label=_("Date"))
    begins = forms.TimeField(label=_("Starts at"))
    ends = forms.TimeField(label=_("Ends at"), required=False)
    kind = forms.forms.ChoiceField(
        label=_("Kind"), choices=_in_capitals(Meeting.Kind), required=False, initial=Meeting.Kind.MEETING
    )
    place = forms.forms.CharField(label=_("Place"), required=False, max_length=200, help_text=_("A place, or «Teams»."))
    chair = forms.forms.ModelChoiceField(label=_("Chair"), queryset=Person.objects.none(), required=False)
    secretary = forms.forms.ModelChoiceField(label=_("Minute taker"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary"):
            self.fields[name].queryset = Person.objects.of(collaboration)
        self.fields["body"].queryset = collaboration.bodies.that_meet()
        self.fields["body"].initial = collaboration.steering_group()
        if meeting is None:
            _suggest_leaders(self, collaboration)
        else:
            del self.fields["body"]
            _fill_in(self, meeting)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        ask_about_turned_clocks(self, begins=cleaned.get("day"), ends=cleaned.get("day"))
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The meeting must end after it starts."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the verb wants: two moments in Norwegian time, and the rest as written."""
        told = self.cleaned_data
        values = {name: told[name] for name in ("place", "chair", "secretary")}
        values["kind"] = told["kind"] or Meeting.Kind.MEETING
        values["starts_at"] = moment(told["day"], told["begins"])
        values["ends_at"] = moment(told["day"], told["ends"]) if told["ends"] else None
        return values


def _suggest_leaders(form: MeetingForm, collaboration: Collaboration) -> None:
    group = collaboration.steering_group()
    chair = group and Appointment.objects.active().filter(body=group, is_chair=True).first()
    form.fields["chair"].initial = chair.person if chair else None
    secretary = Appointment.objects.active().filter(collaboration=collaboration, role=Role.SECRETARIAT).first()
    form.fields["secretary"].initial = secretary.person if secretary else None


def _fill_in(form: MeetingForm, meeting: Meeting) -> None:
    starts = timezone.localtime(meeting.starts_at)
    values = {"day": starts.date(), "begins": starts.time(), "place": meeting.place}
    values |= {"kind": meeting.kind, "chair": meeting.chair_id, "secretary": meeting.secretary_id}
    values["ends"] = timezone.localtime(meeting.ends_at).time() if meeting.ends_at else None
    for name, value in values.items():
        form.fields[name].initial = value


class AgendaForm(forms.DsForm):
    """Choose a case that is ready, or for an agenda that is not sent also one that is being prepared."""

    fields: dict[str, Any]

    case = forms.forms.ModelChoiceField(label=_("Case"), queryset=Case.objects.none())

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = meeting.state == Meeting.State.PLANNED
        known = Case.objects.for_an_agenda() if planned else Case.objects.ready_for_an_agenda()
        self.fields["case"].queryset = known.filter(body=meeting.body).select_related("body")
        self.fields["case"].label_from_instance = lambda case: f"{case} ({case.get_stage_display()})"
