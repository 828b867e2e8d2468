"""One answer for an idea and its proposal (R36): given on either, it stands on both, and a lifted one goes upward."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import proposals
from governance.models import Body, Case, Organisation, Proposal, ProposalStep
from governance.models.cases import CaseQuerySet
from governance.models.proposal_steps import Solved, StepState
from portfolio.models import Idea
from portfolio.models.ideas import IdeaState


def answers_with_the_proposal(idea: Idea, answer: str) -> bool:
    """One that was made of a proposal, and one that is lifted: it goes up as a proposal."""
    return idea.proposal_id is not None or answer == Solved.PARENT


def answer_both(*, idea: Idea, answer: str, reason: str, on: date, case: Case | None, by: Any) -> None:
    """The verbs of proposals give the answer; ``proposal_answered`` writes it on the idea."""
    above = idea.collaboration.parent
    if answer == Solved.PARENT and above is None:
        raise NotAllowedNow(_("There is no collaboration above this one. Choose another answer."), at="answer")
    proposal = idea.proposal or _sent(idea, by)
    step = proposal.open_step
    if step is None or step.collaboration_id != idea.collaboration_id or step.outside:
        raise NotAllowedNow(
            _("The proposal that the idea is made of lies with: %(place)s. It is answered there.")
            % {"place": proposal.sender if step is None else step.place},
            at="answer",
        )
    if answer == Solved.PARENT and above is not None:
        to = above.name if above.external else above
        proposals.forward(proposal=proposal, to=to, reason=reason, on=on, by=by)
        return
    state = StepState.NOT_SUPPORTED if answer == Solved.NOT_NOW else StepState.ADOPTED
    proposals.answer(proposal=proposal, state=state, solved=answer, reason=reason, on=on, case=case, by=by)


def proposal_answered(step: ProposalStep, by: Any) -> None:
    """A tier has said where the proposal is solved: that is the answer of the idea that was made of it there."""
    if not step.solved:
        return
    made = Idea.objects.select_for_update().filter(proposal=step.proposal_id, collaboration=step.collaboration_id)
    for idea in made.unanswered():
        assert step.answered_on is not None
        write(idea, step.solved, step.reason, step.answered_on, step.case, by)


def write(idea: Idea, answer: str, reason: str, on: date, case: Case | None, by: Any) -> None:
    idea.state = IdeaState.HERE if answer == Solved.HERE else IdeaState.ANSWERED
    idea.answer, idea.reason, idea.answered_on, idea.answered_by, idea.case = answer, reason, on, by, case
    idea.version += 1
    idea.save()


def treated_cases(idea: Idea) -> CaseQuerySet:
    return Case.objects.filter(body__collaboration=idea.collaboration, stage=Case.Stage.TREATED)


def _sent(idea: Idea, by: Any) -> Proposal:
    """The idea as a proposal, from the same sender; what the secretariat thought of itself is sent by the body."""
    proposal = proposals.send_proposal(
        sender=_sender(idea),
        to=idea.collaboration,
        title=idea.title,
        wanted=idea.solution or idea.background,
        background=idea.problem or idea.background,
        gains=idea.gains,
        person=idea.sender_person,
        sent_on=idea.registered_on,
        example=idea.example,
        by=by,
    )
    Idea.objects.filter(pk=idea.pk).update(proposal=proposal)
    return proposal


def _sender(idea: Idea) -> Organisation | Body:
    if idea.sender is not None:
        found: Organisation | Body = idea.sender
        return found
    bodies = idea.collaboration.bodies.filter(kind__in=[Body.Kind.SECRETARIAT, Body.Kind.STEERING])
    own = bodies.order_by("kind").first()
    if own is None:
        raise NotAllowedNow(
            _("Register a body first: a proposal is sent upward by a municipality or a body."), at="answer"
        )
    return own
