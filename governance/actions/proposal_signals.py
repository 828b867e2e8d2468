"""What regions and municipalities say they think of a proposal: quick, dated, and binding nobody (J5, R23)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from governance import on_behalf
from governance import proposal_mail as mail
from governance.actions.proposals import PREPARE, SEND
from governance.models import Organisation, Proposal, ProposalSignal, Region
from governance.proposal_signals import may_answer, unanswered


@transaction.atomic
def ask_for_signals(
    *, proposal: Proposal, version: int | None = None, answer_by: date, asked_on: date | None = None, by: Any
) -> Proposal:
    """Ask the members of the collaboration whether they are interested, with a deadline; or move the deadline.

    What was asked before the portal is registered with its day, and nobody is written to.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("collaboration").get(pk=proposal.pk)
    check_version(proposal, version)
    require(by, PREPARE, on=proposal.collaboration)
    today = timezone.localdate()
    if answer_by < (asked_on or today) or (asked_on and asked_on > today):
        raise NotAllowedNow(_("The deadline is past. Choose today or a later day."))
    proposal.signals_asked_on = asked_on or proposal.signals_asked_on or today
    proposal.signals_by = answer_by
    proposal.version += 1
    proposal.save(update_fields=["signals_asked_on", "signals_by", "version"])
    for organisation in unanswered(proposal) if asked_on is None else ():
        mail.signal_asked(proposal, organisation)
    return proposal


@transaction.atomic
def give_signal(
    *,
    proposal: Proposal,
    sender: Organisation | Region,
    stance: str,
    note: str = "",
    on: date | None = None,
    example: bool = False,
    by: Any,
) -> ProposalSignal:
    """One for each municipality and region; a later one takes the place of the earlier, which stays in the history."""
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("collaboration").get(pk=proposal.pk)
    own = isinstance(sender, Organisation) and holds(by, SEND, sender)
    if not own and not holds(by, PREPARE, proposal.collaboration):
        raise PermissionDenied(SEND)
    on_behalf.speak_as_own(by, SEND, sender)
    if sender not in may_answer(proposal):
        raise NotAllowedNow(
            _("%(name)s is neither a member of %(collaboration)s nor a region of its members.")
            % {"name": sender, "collaboration": proposal.collaboration}
        )
    if on and on > timezone.localdate():
        raise NotAllowedNow(_("The day is in the future. Register it when it has happened."))
    one = (
        {"organisation": sender, "region": None}
        if isinstance(sender, Organisation)
        else {"organisation": None, "region": sender}
    )
    told = {
        "stance": stance,
        "note": note,
        "given_on": on or timezone.localdate(),
        "given_by": by,
        "on_behalf": not own,
        "example": example or proposal.example,
    }
    signal, _new = ProposalSignal.objects.update_or_create(proposal=proposal, **one, defaults=told)
    return signal
