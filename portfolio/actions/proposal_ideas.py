"""«Lag idé av forslaget»: a proposal that a tier considers or has adopted becomes an idea (P6, L16)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration, Proposal, ProposalSignal, ProposalStep
from governance.models.proposal_steps import OPEN, Solved
from portfolio.actions import lifting
from portfolio.actions.ideas import MANAGE, register_idea
from portfolio.models import Idea


@transaction.atomic
def make_idea(*, collaboration: Collaboration, proposal: Proposal, by: Any) -> Idea:
    """What is proposed, from the same sender. Answered is it with the proposal: one answer for both."""
    require(by, MANAGE, on=collaboration)
    proposal = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    step = step_here(collaboration, proposal)
    if made := idea_of(collaboration, proposal):
        raise NotAllowedNow(_("«%(idea)s» is made of this proposal already. Go on with that idea.") % {"idea": made})
    if step is None:
        raise NotAllowedNow(_("The proposal does not lie here, and is not to be solved here. Its answer stands."))
    # The thought is of the day it was sent, so that an answer given since then is not before it.
    # A sender outside the collaboration is named by the proposal; an idea has its senders inside.
    inside = proposal.collaboration_id == collaboration.pk
    idea = register_idea(
        collaboration=collaboration,
        source=Idea.Source.PROPOSAL,
        proposal=proposal,
        registered_on=proposal.sent_on,
        sender=proposal.sender if inside else None,
        person=proposal.sender_person,
        title=proposal.title,
        background=proposal.background,
        solution=proposal.wanted,
        gains=proposal.gains,
        municipalities=_interested(proposal),
        example=proposal.example,
        by=by,
    )
    if step.solved and step.answered_on:
        lifting.proposal_answered(step, step.handled_by)
    return Idea.objects.select_related("collaboration").get(pk=idea.pk)


def idea_of(collaboration: Collaboration, proposal: Proposal) -> Idea | None:
    return proposal.ideas.filter(collaboration=collaboration).select_related("collaboration").first()


def step_here(collaboration: Collaboration, proposal: Proposal) -> ProposalStep | None:
    """Where it lies in the collaboration now, or where that adopted it to be solved here."""
    here = proposal.steps.filter(collaboration=collaboration, outside="").order_by("-position")
    step = here.select_related("collaboration", "handled_by", "case").first()
    if step and (step.state in OPEN or (step.state == step.State.ADOPTED and step.solved == Solved.HERE)):
        return step
    return None


def _interested(proposal: Proposal) -> list[Any]:
    """The municipalities that have sent a signal; it binds none of them."""
    said = proposal.signals.filter(stance=ProposalSignal.Stance.INTERESTED, organisation__isnull=False)
    return [signal.organisation for signal in said.select_related("organisation")]
