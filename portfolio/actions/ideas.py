"""Ideas: registered, recommended after the first step, detailed, answered once (R36), taken up as a project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from governance import on_behalf
from governance.models import Body, Case, Collaboration, Organisation, Person, Proposal
from governance.models.proposal_steps import Solved
from portfolio import idea_letters
from portfolio.actions import lifting
from portfolio.actions.focus_areas import measure_became
from portfolio.actions.ordering import goes_on_as
from portfolio.actions.projects import register_project
from portfolio.models import FocusArea, Idea, Project
from portfolio.models.focus_areas import Measure
from portfolio.models.ideas import NEXT, IdeaState
from surveys.models import Area, Finding

MANAGE = "governance.manage_portfolio"
SEND = "governance.send_proposal"
PROPOSE = "governance.propose_case"
# What the first step may end in.
RECOMMENDATIONS = [IdeaState.DETAIL, IdeaState.NEW, IdeaState.NOT_PRIORITISED]


class IdeaFields(TypedDict, total=False):
    """What a person writes about an idea."""

    title: str
    background: str
    gains: str
    problem: str
    solution: str
    affected: str
    success_factors: str
    resources: str
    plan: str
    focus_area: FocusArea | None
    measure: Measure | None
    starts_on: date | None
    ends_on: date | None
    areas: Sequence[Area]
    findings: Sequence[Finding]
    municipalities: Sequence[Organisation]


@transaction.atomic
def register_idea(
    *,
    collaboration: Collaboration,
    sender: Organisation | Body | None = None,
    person: Person | None = None,
    source: str = Idea.Source.FORM,
    proposal: Proposal | None = None,
    window: tuple[Area, date] | None = None,
    registered_on: date | None = None,
    example: bool = False,
    by: Any,
    **fields: Unpack[IdeaFields],
) -> Idea:
    """Whoever may send proposals for a municipality or a body sends ideas too; the secretariat for all, and itself."""
    _may_register(collaboration, sender, by)
    day = not_to_come(registered_on)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)  # one number at a time
    if source == Idea.Source.FORM and (twin := _pressed_twice(collaboration, sender, day, by, fields)):
        return twin
    last = collaboration.ideas.filter(year=day.year).aggregate(last=Max("number"))["last"]
    many = _taken_out(fields)
    if source == Idea.Source.FORM and many.get("findings"):
        source = Idea.Source.FINDING
    idea = Idea.objects.create(
        collaboration=collaboration,
        year=day.year,
        number=(last or 0) + 1,
        source=source,
        proposal=proposal,
        window_area=window[0] if window else None,
        window_on=window[1] if window else None,
        sender_organisation=sender if isinstance(sender, Organisation) else None,
        sender_body=sender if isinstance(sender, Body) else None,
        sender_person=person or _own_person(sender, by),
        registered_by=by,
        registered_on=day,
        example=example,
        **fields,
    )
    for name, rows in many.items():
        getattr(idea, name).set(rows)
    return idea


@transaction.atomic
def change_idea(*, idea: Idea, version: int | None, by: Any, **fields: Unpack[IdeaFields]) -> Idea:
    """The sender mends it until it is recommended; the secretariat fills in the second step until it is answered."""
    idea = locked(idea, version)
    if not may_change(idea, by):
        raise PermissionDenied(MANAGE)
    if not holds(by, MANAGE, idea.collaboration):
        on_behalf.speak_as_own(by, SEND, idea.sender)
    if not idea.is_open:
        raise NotAllowedNow(_("The idea is answered: %(answer)s.") % {"answer": idea.answer_in_words})
    many = _taken_out(fields)
    for name, value in fields.items():
        setattr(idea, name, value)
    for name, rows in many.items():
        getattr(idea, name).set(rows)
    return saved(idea)


@transaction.atomic
def recommend(*, idea: Idea, version: int | None = None, state: str, comment: str = "", by: Any) -> Idea:
    """What the secretariat recommends after the first step (D16); it is no answer, and may be changed."""
    idea = locked(idea, version)
    require(by, MANAGE, on=idea.collaboration)
    _may_still_be_answered(idea)
    if state not in RECOMMENDATIONS:
        raise NotAllowedNow(_("Choose what is recommended."), at="state")
    if state == IdeaState.NOT_PRIORITISED and not comment.strip():
        raise NotAllowedNow(_("Write why it is not prioritised: those who sent the idea read it."), at="comment")
    idea.state, idea.comment, idea.recommended_on = state, comment.strip(), timezone.localdate()
    return saved(idea)


@transaction.atomic
def answer_idea(
    *,
    idea: Idea,
    version: int | None = None,
    answer: str,
    reason: str = "",
    on: date | None = None,
    case: Case | None = None,
    by: Any,
) -> Idea:
    """Where it is solved (R36), given once. An idea made of a proposal is answered with it, by the same words."""
    idea = locked(idea, version)
    require(by, MANAGE, on=idea.collaboration)
    _may_still_be_answered(idea)
    day = not_to_come(on)
    if answer not in Solved.values:
        raise NotAllowedNow(_("Say where it is solved."), at="reason")
    if answer != Solved.HERE and not reason.strip():
        raise NotAllowedNow(_("Write the reason: it goes to those who sent the idea."), at="reason")
    if day < idea.registered_on:
        raise NotAllowedNow(_("The idea came after that day. Choose the day it was answered."), at="on")
    if case is not None and not lifting.treated_cases(idea).filter(pk=case.pk).exists():
        raise NotAllowedNow(_("Choose a case that a body of the collaboration has treated."), at="case")
    if lifting.answers_with_the_proposal(idea, answer):
        lifting.answer_both(idea=idea, answer=answer, reason=reason.strip(), on=day, case=case, by=by)
        return Idea.objects.select_related("collaboration").get(pk=idea.pk)
    lifting.write(idea, answer, reason.strip(), day, case, by)
    idea_letters.answered(idea)
    return idea


@transaction.atomic
def take_up(*, idea: Idea, version: int | None = None, by: Any, **project: Any) -> Project:
    """«Ta opp som prosjekt»: the idea is solved here. What has no answer yet gets that one at the same time."""
    idea = locked(idea, version)
    require(by, MANAGE, on=idea.collaboration)
    if idea.is_open:
        idea = answer_idea(idea=idea, answer=Solved.HERE, by=by)
    _may_become(idea, IdeaState.TAKEN)
    made = register_project(collaboration=idea.collaboration, example=idea.example, by=by, **project)
    idea.state, idea.project = IdeaState.TAKEN, made
    goes_on_as(idea=idea, project=made)
    if idea.measure and idea.measure.project_id is None:
        measure_became(measure=idea.measure, project=made, by=by)
    saved(idea)
    return made


# --- Who may, and what is possible -----------------------------------------------------------------


def may_register(collaboration: Collaboration, sender: Organisation | Body | None, user: Any) -> bool:
    if holds(user, MANAGE, collaboration):
        return True
    if sender is None:
        return False
    return holds(user, SEND if isinstance(sender, Organisation) else PROPOSE, sender)


def may_change(idea: Idea, user: Any) -> bool:
    if holds(user, MANAGE, idea.collaboration):
        return True
    return idea.state == IdeaState.NEW and idea.recommended_on is None and Idea.objects.sent_by(user).contains(idea)


def _may_register(collaboration: Collaboration, sender: Organisation | Body | None, by: Any) -> None:
    if not may_register(collaboration, sender, by):
        raise PermissionDenied(SEND if isinstance(sender, Organisation) else PROPOSE)
    on_behalf.speak_as_own(by, SEND, sender)
    if isinstance(sender, Body) and sender.collaboration_id != collaboration.pk:
        raise NotAllowedNow(_("%(body)s belongs to another collaboration.") % {"body": sender}, at="sender")
    if isinstance(sender, Organisation) and not collaboration.members().filter(pk=sender.pk).exists():
        raise NotAllowedNow(
            _("%(municipality)s is not a member of %(collaboration)s.")
            % {"municipality": sender, "collaboration": collaboration},
            at="sender",
        )


def _may_still_be_answered(idea: Idea) -> None:
    if idea.project:
        raise NotAllowedNow(_("The idea is taken up as «%(project)s». Go on with that.") % {"project": idea.project})
    if not idea.is_open:
        raise NotAllowedNow(
            _("The idea is answered already: %(answer)s. Register a new idea if something has changed.")
            % {"answer": idea.answer_in_words}
        )


def _may_become(idea: Idea, state: str) -> None:
    if state not in NEXT[idea.state]:
        _may_still_be_answered(idea)


def _pressed_twice(collaboration: Collaboration, sender: Any, day: date, by: Any, fields: IdeaFields) -> Idea | None:
    """The same words, from the same sender by the same person on the same day, that nobody has touched since."""
    same = collaboration.ideas.filter(title=fields.get("title"), background=fields.get("background"), version=1)
    mine = same.filter(state=IdeaState.NEW, source=Idea.Source.FORM, registered_by=by, registered_on=day)
    for idea in mine.select_related("collaboration", "sender_organisation", "sender_body"):
        if idea.sender == sender:
            return idea
    return None


def _own_person(sender: Organisation | Body | None, by: Any) -> Person | None:
    """Whoever sends for the own municipality or body; nobody where the secretariat wrote it down for others."""
    person = Person.objects.filter(user=by).first()
    if isinstance(sender, Organisation):
        return person if holds(by, SEND, sender) else None
    if isinstance(sender, Body):
        return person if sender.seats.active().filter(person=person).exists() else None
    return person


# --- How it is written -----------------------------------------------------------------------------


def locked(idea: Idea, version: int | None) -> Idea:
    """Its proposal first, as the verbs of proposals do: two who answer at once wait for each other in one order."""
    if idea.proposal_id:
        Proposal.objects.select_for_update().get(pk=idea.proposal_id)
    shown = Idea.objects.select_related("collaboration__parent", "proposal", "measure", "project")
    found = shown.select_for_update(of=["self"]).get(pk=idea.pk)
    check_version(found, version)
    return found


def saved(idea: Idea) -> Idea:
    idea.version += 1
    idea.save()
    return idea


def not_to_come(day: date | None) -> date:
    today = timezone.localdate()
    if day and day > today:
        raise NotAllowedNow(_("The day is in the future. Register it when it has happened."), at="on")
    return day or today


def _taken_out(fields: IdeaFields) -> dict[str, Any]:
    """What stands in rows of its own."""
    rest: dict[str, Any] = fields  # type: ignore[assignment]
    return {name: list(rest.pop(name)) for name in ("areas", "findings", "municipalities") if name in rest}
