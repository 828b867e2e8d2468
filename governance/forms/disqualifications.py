from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import laws
from governance.forms.running import in_capitals, stand_ins
from governance.models import AgendaItem, Attendance, Disqualification, Person

# What each ground of laws.toml is about; the paragraph itself is data.
COVERS: dict[str, Any] = {
    "party": _("is a party to the case"),
    "family": _("is closely related to a party"),
    "spouse": _("is or was married to a party, is engaged to or a foster parent or child of one"),
    "agent": _("is or was guardian or agent of a party in the case"),
    "leads_a_party": _("leads, or sits on the board of, a company or association that is a party"),
    "special": _("other special circumstances that weaken the trust"),
    "derived": _("one's own superior is disqualified"),
    "elected": _("prepared the case as an employee, or the like, in an elected body"),
    "employed": _("treats at home, as an employee, what the body decides"),
    "personal": _("weighty personal reasons"),
}


def ground_choices(day: Any) -> list[tuple[str, Any]]:
    known = laws.step_down_grounds(day)
    return [("", _("Not chosen")), *[(one.key, f"{one}: {COVERS.get(one.key, one.identifier)}") for one in known]]


class StepDownForm(forms.DsForm):
    """One line: who steps down in the case, and why."""

    fields: dict[str, Any]

    row = forms.forms.ModelChoiceField(label=_("Who steps down"), queryset=Attendance.objects.none())
    why = forms.forms.CharField(
        label=_("Why"), max_length=300, help_text=_("For example «leads the supplier, forvaltningsloven § 6».")
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _members(self, item)


class QuestionForm(forms.DsForm):
    """The question and what the body decided; the votes are of those who may decide it."""

    fields: dict[str, Any]

    fieldsets = [
        (_("The question"), ["row", "kind", "ground", "ground_text", "raised_by", "statement"]),
        (_("What the body decided"), ["result", "votes_for", "votes_against", "chair_decided"]),
        (_("In the case"), ["substitute", "left_at", "returned_at"]),
    ]

    row = forms.forms.ModelChoiceField(label=_("Member"), queryset=Attendance.objects.none())
    kind = forms.RadioField(
        label=_("What it is about"), choices=in_capitals(Disqualification.Kind), initial="disqualification"
    )
    ground = forms.forms.ChoiceField(label=_("Ground"), required=False)
    ground_text = forms.forms.CharField(label=_("Ground, in words"), required=False, max_length=300)
    raised_by = forms.forms.ModelChoiceField(label=_("Raised by"), queryset=Person.objects.none(), required=False)
    statement = forms.TextField(label=_("What is said"), required=False, rows=3)
    result = forms.RadioField(
        label=_("Result"), choices=[(value, label) for value, label in in_capitals(Disqualification.State)]
    )
    votes_for = forms.forms.IntegerField(label=_("Votes for stepping down"), required=False, min_value=0)
    votes_against = forms.forms.IntegerField(
        label=_("Votes against"), required=False, min_value=0, help_text=_("Leave both empty when nobody disagreed.")
    )
    chair_decided = forms.forms.BooleanField(label=_("The chair's vote decided"), required=False)
    substitute = forms.forms.ModelChoiceField(
        label=_("Substitute called for this case"), queryset=Person.objects.none(), required=False
    )
    left_at = forms.TimeField(label=_("Left at"), required=False)
    returned_at = forms.TimeField(label=_("Came back at"), required=False)

    def __init__(self, *args: Any, item: AgendaItem, question: Disqualification | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _members(self, item)
        self.fields["ground"].choices = ground_choices(item.meeting.day)
        there = item.meeting.attendances.values_list("seat__person", "substitute")
        people = {pk for pair in there for pk in pair if pk}
        self.fields["raised_by"].queryset = Person.objects.filter(pk__in=people)
        self.fields["substitute"].queryset = stand_ins(item.meeting)
        if not item.meeting.profile.casting_vote:
            del self.fields["chair_decided"]
        if question is not None:
            for name in ("row", "kind", "raised_by", "statement"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        yes, no = cleaned.get("votes_for"), cleaned.get("votes_against")
        if (yes is None) != (no is None):
            self.add_error("votes_for", _("Write both the votes for and the votes against, or none of them."))
        if not cleaned.get("ground") and not cleaned.get("ground_text"):
            self.add_error("ground", _("Choose the ground, or write it in words."))
        return cleaned


class WarningForm(forms.DsForm):
    """A member tells in good time of a connection to a case."""

    fields: dict[str, Any]

    statement = forms.TextField(
        label=_("Your connection to the case"),
        rows=3,
        help_text=_("The secretariat and the body see this. The body decides without you whether you take part."),
    )
    ground = forms.forms.ChoiceField(label=_("Ground, if you know it"), required=False)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = ground_choices(item.meeting.day)


def _members(form: Any, item: AgendaItem) -> None:
    rows = Attendance.objects.filter(meeting=item.meeting_id, votes_here=True)
    form.fields["row"].queryset = rows.select_related("seat__person", "seat__represents", "substitute")
    form.fields["row"].label_from_instance = lambda row: (row.who_met or row.seat.person).name
