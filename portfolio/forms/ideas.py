"""The forms of ideas: three lines for who has one, a reason for the answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed, holds
from digivesteralen.ui import forms
from governance import on_behalf
from governance.forms.proposals import PlaceField, key_of
from governance.models import Body, Case, Collaboration, Organisation
from governance.models.proposal_steps import Solved
from portfolio.actions.ideas import MANAGE, PROPOSE, RECOMMENDATIONS, SEND
from portfolio.actions.lifting import treated_cases
from portfolio.models import FocusArea, Idea
from portfolio.models.ideas import IdeaState
from surveys.models import Area, Finding

TEXTS = ("title", "background", "gains", "problem", "solution", "affected", "success_factors", "resources", "plan")


def senders_for(user: Any, collaboration: Collaboration) -> list[Organisation | Body]:
    """Whom the person may send for: own municipalities, own bodies, and for the secretariat every member."""
    members = collaboration.members()
    own = on_behalf.own_first(list(allowed(members, user, SEND)))
    bodies = list(collaboration.bodies.filter(pk__in=Body.objects.where_may(user, PROPOSE)))
    others = members if holds(user, MANAGE, collaboration) else members.none()
    return [*own, *bodies, *[one for one in others if one not in own]]


class IdeaForm(forms.DsForm):
    """Three lines are enough; the second step fills in the rest."""

    fields: dict[str, Any]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    background = forms.TextField(label=_("What should we do, and why?"), rows=4)
    gains = forms.TextField(label=_("Who gains from it, and how?"), rows=3, required=False)
    sender = PlaceField(label=_("Who sends it?"))
    problem = forms.TextField(label=_("What is the problem today?"), rows=3, required=False)
    solution = forms.TextField(label=_("What do you propose?"), rows=3, required=False)
    affected = forms.TextField(label=_("Who is affected?"), rows=2, required=False)
    success_factors = forms.TextField(label=_("What must succeed?"), rows=2, required=False)
    resources = forms.TextField(label=_("What does it take of people and money?"), rows=2, required=False)
    plan = forms.TextField(label=_("How can it be carried out?"), rows=2, required=False)
    focus_area = forms.forms.ModelChoiceField(FocusArea.objects.none(), label=_("Focus area"), required=False)
    areas = forms.forms.ModelMultipleChoiceField(
        Area.objects.all(),
        label=_("Concerns the areas"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    findings = forms.forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=_("Stands on the findings"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )

    folded = [
        (
            _("More, if you know it now"),
            ["problem", "solution", "affected", "success_factors", "resources", "plan", "focus_area"],
        ),
        (_("Areas it concerns"), ["areas"]),
        (_("Findings it stands on"), ["findings"]),
    ]

    def __init__(
        self,
        *args: Any,
        collaboration: Collaboration,
        senders: list[Any] | None = None,
        by_itself: bool = False,
        idea: Idea | None = None,
        **kwargs: Any,
    ) -> None:
        if idea is not None:
            kwargs.setdefault("version", idea.version)
            kwargs.setdefault("initial", initial_of(idea))
            if idea.state == IdeaState.DETAIL:  # the second step: nothing is folded that is to be filled in
                self.fieldsets, self.folded = [(self.folded[0][0], self.folded[0][1])], self.folded[1:]
                self.fieldsets = [(_("The second step"), self.fieldsets[0][1])]
        super().__init__(*args, **kwargs)
        self._offer(senders, by_itself)
        self.fields["focus_area"].queryset = collaboration.focus_areas.all()
        findings = Finding.objects.filter(category__collaboration=collaboration)
        self.fields["findings"].queryset = findings
        for name, there in [("areas", Area.objects.exists()), ("findings", findings.exists())]:
            if not there:
                self._leave_out(name)

    def _offer(self, senders: list[Any] | None, by_itself: bool) -> None:
        """Who sends it; the secretariat may have thought of it by itself."""
        if senders is None:
            del self.fields["sender"]
            return
        field = self.fields["sender"]
        field.offer(senders)
        if by_itself:
            field.required = False
            field.choices = [("", gettext("The secretariat")), *field.choices]
        elif senders:
            self.initial.setdefault("sender", key_of(senders[0]))

    def _leave_out(self, name: str) -> None:
        del self.fields[name]
        self.folded = [(heading, names) for heading, names in self.folded if name not in names]

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        for name in {"areas", "findings"} & data.keys():
            data[name] = list(data[name])
        return data


class RecommendForm(forms.DsForm):
    """What is recommended after the first step (D16)."""

    state = forms.RadioField(
        label=_("Recommendation"),
        choices=[(one.value, capfirst(one.label)) for one in RECOMMENDATIONS],
        hints={
            IdeaState.DETAIL: _("The idea is described closer, and can be scored and ranked."),
            IdeaState.NEW: _("Something has to be found out first."),
            IdeaState.NOT_PRIORITISED: _("It stands in the list, and can be taken up again."),
        },
    )
    comment = forms.TextField(
        label=_("Comment"),
        rows=3,
        required=False,
        help_text=_("Needed when it is not prioritised. The sender reads it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == IdeaState.NOT_PRIORITISED and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Write why it is not prioritised: those who sent the idea read it."))
        return cleaned


class AnswerForm(forms.DsForm):
    """Where the idea is solved, given once (R36)."""

    fields: dict[str, Any]

    answer = forms.RadioField(label=_("Where is it solved?"))
    reason = forms.TextField(
        label=_("Reason"),
        rows=4,
        required=False,
        help_text=_("Needed unless it is solved here. It goes to the sender."),
    )
    on = forms.DateField(label=_("Answered on"), initial=timezone.localdate)
    case = forms.forms.ModelChoiceField(
        label=_("Treated in case"), queryset=Case.objects.none(), required=False, empty_label=_("No case")
    )
    folded = [(_("More: the day, the case"), ["on", "case"])]

    def __init__(self, *args: Any, idea: Idea, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=idea.version, **kwargs)
        self.idea = idea
        cases = treated_cases(idea).visible_to(user).select_related("body__collaboration")
        self.fields["case"].queryset = cases
        above = idea.collaboration.parent
        labels: dict[str, Any] = {}
        if above:
            labels[Solved.PARENT] = gettext("is lifted to %(collaboration)s") % {"collaboration": above}
        possible = [one for one in Solved if above or one != Solved.PARENT]
        self.fields["answer"].choices = [(one.value, capfirst(labels.get(one, one.label))) for one in possible]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answer, on = cleaned.get("answer"), cleaned.get("on")
        if answer and answer != Solved.HERE and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Write the reason: it goes to those who sent the idea."))
        if on and not self.idea.registered_on <= on <= timezone.localdate():
            self.add_error("on", _("The day has to be between the day it was sent and today."))
        return cleaned


class IdeaFilter(forms.FilterForm):
    """Narrows the list of ideas; the address alone says it."""

    fields: dict[str, Any]

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    state = forms.forms.ChoiceField(label=_("State"))
    area = forms.forms.ChoiceField(label=_("Focus area"))
    sender = forms.forms.ChoiceField(label=_("Sender"))
    source = forms.forms.ChoiceField(label=_("Where it comes from"), choices=[("", _("all")), *Idea.Source.choices])
    folded = [(_("More filters"), ["sender", "source"])]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(value, capfirst(label)) for value, label in IdeaState.choices]
        self.fields["state"].choices = [("", _("all")), ("waiting", _("Wait for the secretariat")), *states]
        areas = collaboration.focus_areas.values_list("slug", "short_name")
        self.fields["area"].choices = [("", _("all")), *areas]
        sent = Organisation.objects.filter(sent_ideas__collaboration=collaboration).distinct()
        bodies = Body.objects.filter(sent_ideas__collaboration=collaboration).distinct()
        self.fields["sender"].choices = [
            ("", _("all")),
            ("mine", _("Sent by us")),
            ("secretariat", _("The secretariat")),
            *[(key_of(one), str(one)) for one in [*sent, *bodies]],
        ]

    def narrow(self, ideas: Any, user: Any) -> Any:
        """The ideas that are left."""
        if not self.is_valid():
            return ideas
        data = self.cleaned_data
        if data["q"]:
            ideas = ideas.filter(Q(title__icontains=data["q"]) | Q(background__icontains=data["q"]))
        if data["state"]:
            ideas = ideas.waiting() if data["state"] == "waiting" else ideas.filter(state=data["state"])
        if data["area"]:
            ideas = ideas.filter(focus_area__slug=data["area"])
        if data["source"]:
            ideas = ideas.filter(source=data["source"])
        return self._by_sender(ideas, data["sender"], user)

    def _by_sender(self, ideas: Any, sender: str, user: Any) -> Any:
        if not sender:
            return ideas
        if sender == "mine":
            return ideas.sent_by(user)
        if sender == "secretariat":
            return ideas.filter(sender_organisation=None, sender_body=None)
        kind, _dash, pk = sender.partition("-")
        return ideas.filter(**{f"sender_{kind}": int(pk)})


def initial_of(idea: Idea) -> dict[str, Any]:
    return {
        **{name: getattr(idea, name) for name in TEXTS},
        "focus_area": idea.focus_area,
        "areas": list(idea.areas.all()),
        "findings": list(idea.findings.all()),
    }
