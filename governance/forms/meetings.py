from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    AttendanceChange,
    Body,
    Case,
    Collaboration,
    Meeting,
    Person,
    Resolution,
    Role,
)
from governance.quorum import voting_seats


def _in_capitals(choices: type[models.TextChoices]) -> list[tuple[str, Any]]:
    """The words of a form begin with a capital letter."""
    return [(value, capfirst(label)) for value, label in choices.choices]


class MeetingForm(forms.DsForm):
    """When and where the body meets, and who leads."""

    fields: dict[str, Any]

    body = forms.forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none())
    day = forms.DateField(label=_("Date"))
    begins = forms.TimeField(label=_("Starts at"))
    ends = forms.TimeField(label=_("Ends at"), required=False)
    place = forms.forms.CharField(label=_("Place"), required=False, max_length=200, help_text=_("A place, or «Teams»."))
    chair = forms.forms.ModelChoiceField(label=_("Chair"), queryset=Person.objects.none(), required=False)
    secretary = forms.forms.ModelChoiceField(label=_("Minute taker"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "secretary"):
            self.fields[name].queryset = Person.objects.of(collaboration)
        self.fields["body"].queryset = Body.objects.filter(collaboration=collaboration)
        self.fields["body"].initial = collaboration.steering_group()
        if meeting is None:
            _suggest_leaders(self, collaboration)
        else:
            del self.fields["body"]
            _fill_in(self, meeting)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The meeting must end after it starts."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the verb wants: two moments in Norwegian time, and the rest as written."""
        told = self.cleaned_data
        values = {name: told[name] for name in ("place", "chair", "secretary")}
        values["starts_at"] = moment(told["day"], told["begins"])
        values["ends_at"] = moment(told["day"], told["ends"]) if told["ends"] else None
        return values


def moment(day: Any, clock: Any) -> datetime:
    """In Norwegian time."""
    return timezone.make_aware(datetime.combine(day, clock))


def _suggest_leaders(form: MeetingForm, collaboration: Collaboration) -> None:
    group = collaboration.steering_group()
    chair = group and Appointment.objects.active().filter(body=group, is_chair=True).first()
    form.fields["chair"].initial = chair.person if chair else None
    secretary = Appointment.objects.active().filter(collaboration=collaboration, role=Role.SECRETARIAT).first()
    form.fields["secretary"].initial = secretary.person if secretary else None


def _fill_in(form: MeetingForm, meeting: Meeting) -> None:
    starts = timezone.localtime(meeting.starts_at)
    values = {"day": starts.date(), "begins": starts.time(), "place": meeting.place}
    values |= {"chair": meeting.chair_id, "secretary": meeting.secretary_id}
    values["ends"] = timezone.localtime(meeting.ends_at).time() if meeting.ends_at else None
    for name, value in values.items():
        form.fields[name].initial = value


class AgendaForm(forms.DsForm):
    """Choose a case that is ready."""

    fields: dict[str, Any]

    case = forms.forms.ModelChoiceField(label=_("Case that is ready"), queryset=Case.objects.none())

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = (
            Case.objects.ready_for_an_agenda().filter(body=meeting.body).select_related("body")
        )


class AttendanceForm(forms.DsForm):
    """One line per seat, with «met» filled in; a substitute stands among the answers of its own seat."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[int, Person] = {}
        known = {row.seat_id: row for row in meeting.attendances.select_related("seat__person", "seat__represents")}
        seats = [row.seat for row in known.values()] or list(voting_seats(meeting.body, meeting.day))
        stand_ins = list(
            Appointment.objects.active(meeting.day)
            .filter(body=meeting.body, role=Role.SUBSTITUTE)
            .select_related("person")
        )
        for seat in seats:
            label = f"{seat.person.name}, {seat.represents.name}" if seat.represents else seat.person.name
            own = [other.person for other in stand_ins if other.represents_id == seat.represents_id]
            self.fields[f"seat_{seat.pk}"] = forms.forms.ChoiceField(
                label=label, choices=self._answers(own), initial=_answer(known.get(seat.pk))
            )
        self._prepare(None)

    def _answers(self, stand_ins: list[Person]) -> list[tuple[str, Any]]:
        answers: list[tuple[str, Any]] = [(status.value, capfirst(status.label)) for status in Attendance.IN_A_ROOM]
        for person in stand_ins:
            self.people[person.pk] = person
            answers.append((f"excused:{person.pk}", _("Sent apologies – %(name)s met") % {"name": person.name}))
        return answers

    @property
    def seats(self) -> dict[int, Any]:
        seats: dict[int, Any] = {}
        for name, answer in self.cleaned_data.items():
            if name.startswith("seat_"):
                status, _colon, person = answer.partition(":")
                seats[int(name.removeprefix("seat_"))] = {
                    "status": status,
                    "substitute": self.people[int(person)] if person else None,
                }
        return seats


def _answer(row: Attendance | None) -> str:
    if row is None:
        return str(Attendance.Status.PRESENT)
    return f"excused:{row.substitute_id}" if row.substitute_id else str(row.status)


class OthersForm(forms.DsForm):
    """Who else took part, and remarks to the summons."""

    others = forms.TextField(
        label=_("Observers, secretariat and others who took part"), required=False, help_text=_("One per line.")
    )
    agenda_remarks = forms.TextField(label=_("Remarks to the summons and the agenda"), required=False, rows=2)


class ChangeForm(forms.DsForm):
    """Somebody leaves, comes or steps down."""

    fields: dict[str, Any]

    attendance = forms.forms.ModelChoiceField(label=_("Who"), queryset=Attendance.objects.none())
    kind = forms.forms.ChoiceField(label=_("What happened"), choices=_in_capitals(AttendanceChange.Kind))
    ground = forms.forms.CharField(
        label=_("Ground"),
        required=False,
        max_length=200,
        help_text=_("For example «forvaltningsloven § 6 første ledd»."),
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Attendance.objects.filter(meeting=item.meeting_id).select_related("seat__person", "substitute")
        self.fields["attendance"].queryset = rows
        self.fields["attendance"].label_from_instance = _name_in_seat

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == AttendanceChange.Kind.DISQUALIFIED and not cleaned.get("ground"):
            self.add_error("ground", _("Write the ground for the disqualification."))
        return cleaned


def _name_in_seat(row: Attendance) -> str:
    return (row.who_met or row.seat.person).name


class ResolutionForm(forms.DsForm):
    """What the body decided in one case."""

    fields: dict[str, Any]

    folded = [(_("More: votes"), ["unanimous", "votes_for", "votes_against", "chair_decided"])]

    outcome = forms.RadioField(label=_("Outcome"), choices=_in_capitals(Resolution.Outcome))
    treatment = forms.TextField(label=_("Treatment"), required=False, rows=3)
    unanimous = forms.forms.BooleanField(label=_("Unanimous"), required=False, initial=True)
    votes_for = forms.forms.IntegerField(label=_("Votes for"), required=False, min_value=0)
    votes_against = forms.forms.IntegerField(label=_("Votes against"), required=False, min_value=0)
    chair_decided = forms.forms.BooleanField(label=_("The chair's vote decided"), required=False)

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if body.decision_rule != Body.DecisionRule.CHAIR and body.rules != Body.Rules.ELECTED:
            del self.fields["chair_decided"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        yes, no = cleaned.get("votes_for"), cleaned.get("votes_against")
        if (yes is None) != (no is None):
            self.add_error("votes_for", _("Write both the votes for and the votes against, or none of them."))
        if cleaned.get("unanimous") and no:
            self.add_error("unanimous", _("A unanimous resolution has no votes against."))
        if cleaned.get("unanimous") and cleaned.get("chair_decided"):
            self.add_error("unanimous", _("The chair's vote decides only where the body disagrees."))
        return cleaned


class PointForm(forms.DsForm):
    """One numbered point, who follows it up and by when."""

    text = forms.TextField(label=_("Text"), rows=2, required=False)
    responsible = forms.forms.CharField(label=_("Responsible"), required=False, max_length=200)
    deadline = forms.DateField(label=_("Deadline"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("responsible") or cleaned.get("deadline")) and not cleaned.get("text"):
            self.add_error("text", _("Write the point that somebody is responsible for."))
        return cleaned


PointForms = forms.forms.formset_factory(PointForm, extra=2)


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


class DoneForm(forms.DsForm):
    """The day a point was carried out; empty when it is not done after all."""

    done_on = forms.DateField(label=_("Carried out"), required=False)
