from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    AttendanceChange,
    Meeting,
    Person,
    Reply,
)
from governance.quorum import voting_seats
from governance.seats import non_voting, substitutes_by_seat


def in_capitals(choices: type[models.TextChoices]) -> list[tuple[str, Any]]:
    """The words of a form begin with a capital letter."""
    return [(value, capfirst(label)) for value, label in choices.choices]


class AttendanceForm(forms.DsForm):
    """One line per seat, with «met» filled in; a substitute stands among the answers of its own seat.

    Those without a vote are told last, and most leave them alone.
    """

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[int, Person] = {}
        known = {row.seat_id: row for row in meeting.attendances.select_related("seat__person", "seat__represents")}
        said = {reply.seat_id: reply for reply in meeting.replies.select_related("substitute")}
        seats = [row.seat for row in known.values() if row.votes_here]
        seats = seats or list(voting_seats(meeting.body, meeting.day))
        order = substitutes_by_seat(seats, meeting.body, meeting.day)
        usual = [status for status in Attendance.IN_A_ROOM if not self._rare(status, meeting, known)]
        for seat in seats:
            self.fields[f"seat_{seat.pk}"] = forms.forms.ChoiceField(
                label=name_of(seat),
                choices=self._answers(usual, order[seat.pk]),
                initial=_answer(known.get(seat.pk)) if known else _expected(said.get(seat.pk), order[seat.pk]),
            )
        there = {row.seat_id: row.status for row in known.values() if not row.votes_here}
        for seat in non_voting(meeting.body, meeting.day):
            self.fields[f"other_{seat.pk}"] = forms.forms.ChoiceField(
                label=f"{name_of(seat)} ({seat.get_role_display()})",
                choices=[("", _("Not there")), *in_capitals(Attendance.Status)[:2]],
                initial=there.get(seat.pk, ""),
                required=False,
            )
        self._prepare(None)

    def _rare(self, status: str, meeting: Meeting, known: dict[int, Attendance]) -> bool:
        """In the profile Enkel nobody is left unsummoned, unless it is told already."""
        told = {row.status for row in known.values()}
        return status == Attendance.Status.UNCALLED and meeting.profile.is_simple and status not in told

    def _answers(self, usual: list[Attendance.Status], order: list[Appointment]) -> list[tuple[str, Any]]:
        answers: list[tuple[str, Any]] = [(status.value, capfirst(status.label)) for status in usual]
        for one in order:
            self.people[one.person_id] = one.person
            answers.append((f"excused:{one.person_id}", _("Sent apologies – %(name)s met") % {"name": one.person.name}))
        return answers

    def seat_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name.startswith("seat_")]

    def other_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name.startswith("other_")]

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

    @property
    def others(self) -> dict[int, str]:
        told = self.cleaned_data.items()
        return {int(name.removeprefix("other_")): answer for name, answer in told if name.startswith("other_")}


def name_of(seat: Appointment) -> str:
    return f"{seat.person.name}, {seat.represents.name}" if seat.represents else seat.person.name


def _expected(reply: Reply | None, stand_ins: list[Appointment]) -> str:
    """What the member answered to the summons fills in the list; who has not answered is taken to come."""
    if reply is None or reply.answer == Reply.Answer.COMES:
        return str(Attendance.Status.PRESENT)
    if reply.substitute_id in [one.person_id for one in stand_ins]:
        return f"excused:{reply.substitute_id}"
    return str(Attendance.Status.EXCUSED)


def _answer(row: Attendance | None) -> str:
    if row is None:
        return str(Attendance.Status.PRESENT)
    return f"excused:{row.substitute_id}" if row.substitute_id else str(row.status)


class OthersForm(forms.DsForm):
    """Who else took part, remarks to the summons, and who chaired."""

    fields: dict[str, Any]

    others = forms.TextField(
        label=_("Others who took part, and hold no seat"), required=False, help_text=_("One per line.")
    )
    agenda_remarks = forms.TextField(label=_("Remarks to the summons and the agenda"), required=False, rows=2)
    chair = forms.forms.ModelChoiceField(
        label=_("Who chaired the meeting"), queryset=Person.objects.none(), required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        told = {name: getattr(meeting, name) for name in ("others", "agenda_remarks", "chair")}
        super().__init__(*args, initial=told, **kwargs)
        seated = models.Q(appointments__attendances__meeting=meeting) | models.Q(chaired=meeting)
        self.fields["chair"].queryset = Person.objects.filter(seated).distinct().order_by("name")


class ChangeForm(forms.DsForm):
    """Somebody leaves, comes, is on a screen, has leave, or is stood in for."""

    fields: dict[str, Any]

    folded = [(_("More: until which case, substitute"), ["until", "substitute", "ground"])]

    attendance = forms.forms.ModelChoiceField(label=_("Who"), queryset=Attendance.objects.none())
    kind = forms.forms.ChoiceField(
        label=_("What happened"),
        choices=[one for one in in_capitals(AttendanceChange.Kind) if one[0] not in AttendanceChange.STEPS_DOWN],
    )
    until = forms.forms.ModelChoiceField(
        label=_("Until and including case"),
        queryset=AgendaItem.objects.none(),
        required=False,
        help_text=_("Empty: for the rest of the meeting."),
    )
    substitute = forms.forms.ModelChoiceField(
        label=_("Substitute who meets"), queryset=Person.objects.none(), required=False
    )
    ground = forms.forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Attendance.objects.filter(meeting=item.meeting_id).select_related("seat__person", "substitute")
        self.fields["attendance"].queryset = rows
        self.fields["attendance"].label_from_instance = _name_in_seat
        later = item.meeting.items.filter(position__gte=item.position).select_related("case__body")
        self.fields["until"].queryset = later
        self.fields["until"].label_from_instance = lambda one: str(one.case)
        self.fields["substitute"].queryset = stand_ins(item.meeting)


def stand_ins(meeting: Meeting) -> Any:
    """Everybody who may stand in for a seat of the body that day."""
    seats = list(voting_seats(meeting.body, meeting.day))
    order = substitutes_by_seat(seats, meeting.body, meeting.day)
    return Person.objects.filter(pk__in={one.person_id for known in order.values() for one in known})


def _name_in_seat(row: Attendance) -> str:
    return (row.who_met or row.seat.person).name


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
