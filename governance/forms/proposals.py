"""The forms of proposals: short for the sender, a reason for each tier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed, holds
from digivesteralen.ui import forms
from digivesteralen.ui.forms.base import DASHES
from governance import on_behalf
from governance.actions import proposals as actions
from governance.actions.bodies import efagrad_of
from governance.models import Body, Case, Collaboration, Organisation, Proposal, ProposalSignal, ProposalStep, Region
from governance.models.proposal_steps import SOLVED_BY, Solved, StepState


def key_of(place: Any) -> str:
    """One word for a municipality, a body, a region, a collaboration, or the name of somebody outside."""
    return place if isinstance(place, str) else f"{place._meta.model_name}-{place.pk}"


def named(place: Any) -> str:
    """A collaboration receives through its secretariat."""
    if isinstance(place, Collaboration):
        return gettext("The secretariat of %(collaboration)s") % {"collaboration": place}
    return str(place)


class PlaceField(forms.forms.ChoiceField):
    """A choice between things of several kinds; its value is the thing itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places: dict[str, Any] = {}

    def offer(self, places: Iterable[Any], *, outside: bool = False) -> None:
        """With «outside» the last choice is nobody of these, whose name is written beside."""
        self.places = {key_of(place): place for place in places}
        choices = [(key, named(place)) for key, place in self.places.items()]
        self.choices = [("", DASHES), *choices, ("outside", _("Outside the portal"))] if outside else choices

    def clean(self, value: Any) -> Any:
        return self.places.get(super().clean(value))


class DeadlineField(forms.DateField):
    """A day that is today or later."""

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value < timezone.localdate():
            raise forms.forms.ValidationError(_("The deadline is past. Choose today or a later day."))


class ProposalForm(forms.DsForm):
    """What is proposed, why, and for whom; the rest is folded."""

    fields: dict[str, Any]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    wanted = forms.TextField(label=_("What do you propose?"), rows=4)
    background = forms.TextField(label=_("Why? What is the problem today?"), rows=4)
    sender = PlaceField(label=_("Who sends it?"))
    gains = forms.TextField(label=_("Who gains from it, and how?"), rows=3, required=False)
    deadline = DeadlineField(
        label=_("Answer needed by"), required=False, help_text=_("Only when something depends on it.")
    )
    to = PlaceField(
        label=_("Sent to"), help_text=_("The council of your region where there is one, else the secretariat.")
    )

    folded = [(_("More: who gains, deadline, receiver"), ["gains", "deadline", "to"])]

    def __init__(self, *args: Any, collaboration: Collaboration, senders: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(actions.receivers(collaboration))
        self.initial.setdefault("to", key_of(usual_receiver(collaboration, senders)))
        if senders:
            self.fields["sender"].offer(senders)
        else:
            del self.fields["sender"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("sender") and cleaned.get("sender") == cleaned.get("to"):
            self.add_error("to", _("A body sends its proposal to another than itself. Choose who receives it."))
        return cleaned


class _TierForm(forms.DsForm):
    """What all answers of a tier have: on whose behalf."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, step: ProposalStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["represents"] = forms.forms.ModelChoiceField(
            label=_("On behalf of"),
            queryset=step.collaboration.members(),
            required=False,
            initial=step.represents_id,
            empty_label=_("The whole body") if step.body else _("The whole secretariat"),
        )
        self._prepare(None)


class ConsiderForm(_TierForm):
    """«Ta til vurdering»: until when."""

    deadline = DeadlineField(label=_("We answer by"), required=False)
    folded = [(_("More: on behalf of"), ["represents"])]


class ForwardForm(_TierForm):
    """«Send videre»: to whom and why."""

    to = PlaceField(label=_("To"))
    reason = forms.TextField(
        label=_("Reason"),
        rows=4,
        help_text=_("What the next tier has to know. Those who sent the proposal read it too."),
    )
    deadline = DeadlineField(label=_("Answer needed by"), required=False)
    outside = forms.forms.CharField(
        label=_("Receiver outside the portal"),
        max_length=200,
        required=False,
        help_text=_("For example a collaboration that is not in the portal. You register its answer."),
    )
    folded = [(_("More: deadline, outside the portal, on behalf of"), ["deadline", "outside", "represents"])]

    def __init__(self, *args: Any, step: ProposalStep, **kwargs: Any) -> None:
        super().__init__(*args, step=step, **kwargs)
        self.fields["to"].offer(actions.next_tiers(step), outside=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outside = cleaned.pop("outside", "").strip()
        if "to" in cleaned and bool(cleaned["to"]) == bool(outside):
            self.add_error("outside", _("Choose who receives it, or write the name of one outside the portal."))
        cleaned["to"] = cleaned.get("to") or outside
        return cleaned


class ReturnForm(_TierForm):
    """«Send tilbake»: what is missing."""

    reason = forms.TextField(label=_("Reason"), rows=4, help_text=_("What is missing, or what has to be made clearer."))
    folded = [(_("More: on behalf of"), ["represents"])]


class AnswerForm(_TierForm):
    """The tier's answer, and where it is solved (R36)."""

    state = forms.RadioField(
        label=_("Answer"),
        choices=[(state.value, capfirst(state.label)) for state in (StepState.ADOPTED, StepState.NOT_SUPPORTED)],
    )
    solved = forms.RadioField(label=_("Where is it solved?"))
    reason = forms.TextField(
        label=_("Reason"),
        rows=4,
        required=False,
        help_text=_("Needed when it is not supported. It goes to the sender."),
    )
    on = forms.DateField(label=_("Answered on"), initial=timezone.localdate)
    case = forms.forms.ModelChoiceField(
        label=_("Treated in case"), queryset=Case.objects.none(), required=False, empty_label=_("No case")
    )
    folded = [(_("More: the case, on behalf of"), ["case", "represents"])]

    def __init__(self, *args: Any, step: ProposalStep, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, step=step, **kwargs)
        self.step = step
        treated = actions.treated_cases(step).visible_to(user) if step.body else Case.objects.none()
        self.fields["case"].queryset = treated.select_related("body__collaboration")
        if not step.body:
            del self.fields["case"]
        possible = [Solved.HERE, Solved.EACH, Solved.NATIONAL, Solved.NOT_NOW]
        self.fields["solved"].choices = [(one.value, capfirst(one.label)) for one in possible]
        if not step.outside:
            del self.fields["on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        state, solved, on = cleaned.get("state"), cleaned.get("solved"), cleaned.get("on")
        if state and solved and solved not in SOLVED_BY[StepState(state)]:
            self.add_error("solved", _("This does not go together with the answer. Choose another."))
        if state == StepState.NOT_SUPPORTED and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Write the reason: it goes to those who sent the proposal."))
        if on and not self.step.received_on <= on <= timezone.localdate():
            self.add_error("on", _("The day has to be between the day it was sent and today."))
        return cleaned


class CaseOfForm(forms.DsForm):
    """«Lag sak»: where it is solved if the body adopts it."""

    fields: dict[str, Any]

    solved = forms.RadioField(label=_("If it is adopted: where is it solved?"), initial=Solved.HERE.value)

    def __init__(self, *args: Any, step: ProposalStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = step.collaboration.parent
        labels = {Solved.PARENT: gettext("is lifted to %(collaboration)s") % {"collaboration": above}}
        self.fields["solved"].choices = [
            (one.value, capfirst(labels.get(one, one.label))) for one in actions.possible_if_adopted(step)
        ]


class SignalForm(forms.DsForm):
    """«Interessert?»: a signal that binds nobody."""

    fields: dict[str, Any]

    sender = PlaceField(label=_("Who?"))
    stance = forms.RadioField(
        label=_("Signal"), choices=[(value, capfirst(label)) for value, label in ProposalSignal.Stance.choices]
    )
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender"].offer(places)


class AskForm(forms.DsForm):
    """Ask the members whether they are interested."""

    deadline = DeadlineField(label=_("Signals by"))


class ProposalFilter(forms.FilterForm):
    """Narrows the list of proposals."""

    fields: dict[str, Any]

    q = forms.forms.CharField(label=_("Search"))
    place = forms.forms.ChoiceField(label=_("Where it lies"))
    mine = forms.forms.ChoiceField(
        label=_("Mine"),
        choices=[("", _("All")), ("waiting", _("Wait for an answer from us")), ("sent", _("Sent by us"))],
    )
    overdue = forms.forms.BooleanField(label=_("Past the deadline"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(proposal_steps__in=ProposalStep.objects.open(), collaboration=collaboration)
        self.fields["place"].choices = [
            ("", _("All")),
            ("secretariat", _("The secretariat")),
            *[(str(body.pk), body.name) for body in bodies.distinct()],
            ("elsewhere", _("Another collaboration, or outside the portal")),
            ("sender", _("Back with the sender")),
            ("answered", _("Answered")),
        ]


def usual_receiver(collaboration: Collaboration, senders: list[Any]) -> Body | Collaboration:
    """The council of the first sender's region, when it is at work in this collaboration; else the secretariat."""
    sender = senders[0] if senders else None
    for region in Region.objects.with_any_of([sender]) if isinstance(sender, Organisation) else ():
        council = efagrad_of(collaboration, region)
        if council in actions.receivers(collaboration):
            return council
    return collaboration


def initial(proposal: Proposal) -> dict[str, Any]:
    """What stands in the proposal, to be mended by its sender."""
    return {**{name: getattr(proposal, name) for name in actions.TEXTS}, "to": _first_receiver(proposal)}


def _first_receiver(proposal: Proposal) -> str:
    return key_of(actions.tier_of(proposal.last_step))


def senders_for(user: Any, collaboration: Collaboration) -> list[Organisation | Body]:
    """Whom the person may send for: own municipalities first, then bodies, then what the secretariat registers."""
    members = collaboration.members()
    own = on_behalf.own_first(list(allowed(members, user, actions.SEND).order_by("sort_key")))
    bodies = list(collaboration.bodies.filter(pk__in=Body.objects.where_may(user, actions.PROPOSE)))
    others = members if holds(user, actions.PREPARE, collaboration) else members.none()
    return [*own, *bodies, *[one for one in others if one not in own]]
