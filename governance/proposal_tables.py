"""The list of proposals."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from governance.models import Collaboration, Proposal, ProposalSignal
from governance.models.proposal_steps import StepState

STATE_COLORS = {
    StepState.RECEIVED: "info",
    StepState.CONSIDERED: "accent",
    StepState.FORWARDED: "neutral",
    StepState.RETURNED: "warning",
    StepState.ADOPTED: "success",
    StepState.NOT_SUPPORTED: "danger",
}
SIGNAL_COLORS = {
    ProposalSignal.Stance.INTERESTED: "success",
    ProposalSignal.Stance.WAITS: "warning",
    ProposalSignal.Stance.NOT_INTERESTED: "neutral",
}


def lies_with(proposal: Proposal) -> str:
    """Where it is: the tier that holds or answered it, or its sender."""
    if proposal.is_at_sender:
        return gettext("Back with %(sender)s") % {"sender": proposal.sender}
    return proposal.last_step.place


class ProposalTable(tables.DsTable):
    # What the page has no room for.
    FOR_WORKBOOKS = ("wanted", "background", "reason", "solved")

    label = tables.Column(verbose_name=_("number"), order_by=("year", "number"))
    title = tables.Column(verbose_name=_("proposal"), linkify=lambda table, record: table.address(record))
    sender = tables.Column(verbose_name=_("sender"), orderable=False)
    sent_on = tables.DateColumn(verbose_name=_("sent"))
    place = tables.Column(verbose_name=_("where it lies"), accessor="last_step", orderable=False)
    state = tables.Column(verbose_name=_("state"), accessor="last_step", orderable=False)
    due = tables.DateColumn(verbose_name=_("answer by"))
    wanted = tables.Column(verbose_name=_("what is wanted"), orderable=False)
    background = tables.Column(verbose_name=_("background and problem"), orderable=False)
    reason = tables.Column(verbose_name=_("reason"), accessor="last_step__open_reason", orderable=False)
    solved = tables.Column(verbose_name=_("where it is solved"), accessor="last_step__solved_in_words", orderable=False)

    class Meta:
        caption = _("Proposals")
        row_header = "title"
        empty_text = _("No proposals match.")

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        self.collaboration = collaboration
        super().__init__(*args, **kwargs)

    def address(self, proposal: Proposal) -> str:
        return proposal.address_in(self.collaboration)

    def render_place(self, record: Proposal) -> str:
        return lies_with(record)

    value_place = render_place

    def render_state(self, record: Proposal) -> Any:
        return tag(record.last_step.state_in_words, STATE_COLORS[StepState(record.last_step.state)])

    def value_state(self, record: Proposal) -> str:
        return record.last_step.state_in_words
