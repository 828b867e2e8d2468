from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.ui import forms
from governance.actions.running import Goal, Objections
from governance.forms.running import in_capitals, name_of
from governance.models import AgendaItem, Body, Meeting, Resolution, RuleProfile, Vote
from governance.models.outcomes import Method
from governance.quorum import Presence
from governance.voting import Ballot, Line

GOES = ["forwarded_body", "forwarded_to", "postponed_to"]
VOTES = ["method", "unanimous", "votes_for", "votes_against", "votes_blank", "chair_decided", "alternative"]
LATE = ["objections", "chair_objects"]


class ResolutionForm(forms.DsForm):
    """What the body decided in one case. Agreement is taken for granted, and the rest is folded away."""

    fields: dict[str, Any]

    outcome = forms.RadioField(label=_("Outcome"), choices=in_capitals(Resolution.Outcome))
    treatment = forms.TextField(label=_("Treatment"), required=False, rows=3)
    forwarded_body = forms.forms.ModelChoiceField(
        label=_("Forwarded to a body in the portal"), queryset=Body.objects.none(), required=False
    )
    forwarded_to = forms.forms.CharField(label=_("Forwarded to others, by name"), required=False, max_length=200)
    postponed_to = forms.forms.ModelChoiceField(
        label=_("Postponed to the meeting"),
        queryset=Meeting.objects.none(),
        required=False,
        help_text=_("The case comes on the agenda of that meeting by itself."),
    )
    method = forms.forms.ChoiceField(label=_("How they voted"), choices=in_capitals(Method), required=False)
    unanimous = forms.forms.BooleanField(label=_("Unanimous"), required=False, initial=True)
    votes_for = forms.forms.IntegerField(label=_("Votes for"), required=False, min_value=0)
    votes_against = forms.forms.IntegerField(label=_("Votes against"), required=False, min_value=0)
    votes_blank = forms.forms.IntegerField(label=_("Abstained, or blank in an election"), required=False, min_value=0)
    chair_decided = forms.forms.BooleanField(label=_("The chair's vote decided"), required=False)
    alternative = forms.TextField(
        label=_("The other proposal"),
        required=False,
        rows=2,
        help_text=_("Where one proposal was voted on against another: votes against are votes for this one."),
    )
    objections = forms.forms.IntegerField(
        label=_("Members who object to deciding this late case"), required=False, min_value=0
    )
    chair_objects = forms.forms.BooleanField(label=_("The chair objects to deciding it"), required=False)

    def __init__(self, *args: Any, item: AgendaItem, presence: Presence, profile: RuleProfile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folded = [(_("More: forwarded or postponed to"), GOES), (_("More: votes"), [*VOTES])]
        if profile.decision_rule != RuleProfile.DecisionRule.CHAIR and not profile.casting_vote:
            del self.fields["chair_decided"]
        if item.late and profile.by_law:
            self.folded.append((_("More: objections to a late case"), LATE))
        else:
            del self.fields["objections"], self.fields["chair_objects"]
        self._where_to(item)
        self._names(item, presence)
        self._prepare(kwargs.get("version"))

    def _where_to(self, item: AgendaItem) -> None:
        body = item.case.body
        others = Body.objects.filter(collaboration=body.collaboration_id).exclude(pk=body.pk)
        self.fields["forwarded_body"].queryset = others
        coming = Meeting.objects.filter(body=body, written=False, state__in=["planned", "called"])
        self.fields["postponed_to"].queryset = coming.exclude(pk=item.meeting_id).filter(
            starts_at__gt=item.meeting.starts_at or timezone.now()
        )
        self.fields["postponed_to"].label_from_instance = lambda one: f"{one.label}, {one.when}"

    def _names(self, item: AgendaItem, presence: Presence) -> None:
        """One line for each who is there in the case; who has stepped down has none."""
        self.voters = presence.voters_at(item)
        choices = [("", _("Not told")), *[one for one in in_capitals(Vote.Value) if one[0] != Vote.Value.ABSENT]]
        for row, person in self.voters:
            label = name_of(row.seat) if person == row.seat.person else f"{person.name}, {row.seat.represents or ''}"
            self.fields[f"vote_{row.pk}"] = forms.forms.ChoiceField(label=label, choices=choices, required=False)
        names = [f"vote_{row.pk}" for row, _person in self.voters]
        if item.meeting.profile.is_simple:  # one fold for all that a steering group seldom tells
            self.folded[1][1].extend(names)
        else:
            self.folded.append((_("More: vote by name"), names))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        yes, no = cleaned.get("votes_for"), cleaned.get("votes_against")
        if (yes is None) != (no is None):
            self.add_error("votes_for", _("Write both the votes for and the votes against, or none of them."))
        if cleaned.get("unanimous") and no:
            self.add_error("unanimous", _("A unanimous resolution has no votes against."))
        if cleaned.get("unanimous") and cleaned.get("chair_decided"):
            self.add_error("unanimous", _("The chair's vote decides only where the body disagrees."))
        if cleaned.get("outcome") == Resolution.Outcome.FORWARDED and bool(cleaned.get("forwarded_body")) == bool(
            cleaned.get("forwarded_to")
        ):
            self.add_error("forwarded_body", _("Choose a body in the portal, or write the name of one outside it."))
        return cleaned

    def ballot(self, election: list[Line]) -> Ballot:
        told = self.cleaned_data
        names = [(row.pk, told[f"vote_{row.pk}"]) for row, _person in self.voters if told[f"vote_{row.pk}"]]
        return Ballot(
            method=self._method(bool(names)),
            unanimous=told["unanimous"],
            votes_for=told["votes_for"],
            votes_against=told["votes_against"],
            votes_blank=told["votes_blank"],
            chair_decided=told.get("chair_decided", False),
            alternative=told["alternative"],
            names=tuple(names),
            election=tuple(election),
        )

    def _method(self, by_name: bool) -> str:
        """What is told; names are a vote by name, and who disagrees has at least shown a hand."""
        told = self.cleaned_data
        if by_name:
            return Method.NAMES
        method = told["method"] or Method.CONSENSUS
        return Method.HANDS if method == Method.CONSENSUS and not told["unanimous"] else method

    @property
    def late(self) -> Objections:
        told = self.cleaned_data
        return Objections(told.get("objections") or 0, bool(told.get("chair_objects")))

    @property
    def goes_to(self) -> Goal:
        told = self.cleaned_data
        return Goal(told["forwarded_body"], told["forwarded_to"], told["postponed_to"])


class ElectionForm(forms.DsForm):
    """A name or a list, the votes it got, and whether it was elected."""

    name = forms.forms.CharField(label=_("Name or list"), required=False, max_length=200)
    count = forms.forms.IntegerField(label=_("Votes"), required=False, min_value=0)
    elected = forms.forms.BooleanField(label=capfirst(pgettext_lazy("in an election", "elected")), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name") and cleaned.get("count") is None:
            self.add_error("count", _("Write how many votes it got."))
        if not cleaned.get("name") and (cleaned.get("count") or cleaned.get("elected")):
            self.add_error("name", _("Write the name that got the votes."))
        return cleaned


class ReservationForm(forms.DsForm):
    """What one member wants to stand in the minutes of the case."""

    fields: dict[str, Any]

    attendance = forms.forms.ChoiceField(label=_("Who"), required=False)
    text = forms.TextField(label=_("Words for the minutes"), required=False, rows=2)

    def __init__(self, *args: Any, voters: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [(str(row.pk), person.name) for row, person in voters]
        self.fields["attendance"].choices = [("", _("Not chosen")), *there]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("attendance")) != bool(cleaned.get("text", "").strip()):
            self.add_error("text", _("Choose the member, and write the words."))
        return cleaned


ElectionForms = forms.forms.formset_factory(ElectionForm, extra=3)
ReservationForms = forms.forms.formset_factory(ReservationForm, extra=1)
