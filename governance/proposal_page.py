"""What the page of a proposal tells: its steps in order, what happens next, and the signals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Case, Proposal, ProposalSignal, ProposalStep
from governance.models.proposal_steps import StepState
from governance.proposal_signals import unanswered
from governance.proposal_tables import SIGNAL_COLORS, STATE_COLORS


@dataclass(frozen=True)
class Told:
    """One step as this reader may see it; the case it became is linked for those who see the case (rule 8)."""

    step: ProposalStep
    color: str
    case: Case | None


def page_of(proposal: Proposal, cases: Mapping[int, Case]) -> dict[str, Any]:
    steps = [
        Told(step, STATE_COLORS[StepState(step.state)], cases.get(step.case_id or 0)) for step in proposal.in_order
    ]
    signals = list(proposal.signals.select_related("organisation", "region"))
    given = Counter(signal.stance for signal in signals)
    return {
        "steps": steps,
        "next": next_of(proposal),
        "signals": [(signal, SIGNAL_COLORS[ProposalSignal.Stance(signal.stance)]) for signal in signals],
        "counts": [(capfirst(stance.label), given[stance]) for stance in ProposalSignal.Stance if given[stance]],
        "silent": unanswered(proposal) if signals or proposal.signals_by else [],
    }


def next_of(proposal: Proposal) -> str:
    """What happens next, in one sentence."""
    step = proposal.last_step
    told = {"place": step.place, "sender": proposal.sender, "where": step.solved_in_words}
    if proposal.is_at_sender:
        return _("%(sender)s mends the proposal and sends it again, or lets it rest.") % told
    if step.state == StepState.ADOPTED:
        return _("The proposal is adopted: %(where)s.") % told
    if step.state == StepState.NOT_SUPPORTED:
        return _("The proposal was not supported: %(where)s.") % told
    if step.outside:
        sentence = _("%(place)s answers, and the secretariat registers the answer.") % told
    elif step.case_id:
        sentence = _("%(place)s treats it as a case, and what it decides becomes the answer.") % told
    else:
        sentence = _("%(place)s answers it, sends it on or sends it back.") % told
    if step.deadline:
        sentence += " " + _("The deadline is %(day)s.") % {"day": wording.day(step.deadline)}
    return sentence
