"""On the page of a case: the proposal it came from, for those who see it."""

from typing import Any

from django.template.loader import render_to_string

from governance import case_panels
from governance.models import Case, Proposal, ProposalStep


def register() -> None:
    """Called once, when the app is ready."""
    case_panels.register(_origin, ProposalStep)


def _origin(case: Case, user: Any) -> str:
    found = Proposal.objects.visible_to(user).filter(steps__case=case)
    proposal = found.select_related("collaboration", "sender_organisation", "sender_body").first()
    if proposal is None:
        return ""
    url = proposal.address_in(case.body.collaboration)
    return render_to_string("governance/proposals/_origin.html", {"proposal": proposal, "url": url})
