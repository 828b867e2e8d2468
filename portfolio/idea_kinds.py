"""What ideas attach below: the answer of a proposal that an idea was made of, a panel on its page, and an e-mail."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import consequences, proposal_pages
from portfolio import finding_projects, idea_letters
from portfolio.actions import lifting
from portfolio.views import proposal_ideas
from surveys import finding_links


def register() -> None:
    """Called once, when the app is ready."""
    consequences.on_proposal(lifting.proposal_answered)
    proposal_pages.register(proposal_ideas.panel)
    finding_links.register(finding_projects.ideas_of)
    registry.register(
        idea_letters.KIND,
        container=idea_letters.collaboration_of,
        right="governance.manage_portfolio",
        work=idea_letters.send,
        title=_("Answer to an idea"),
        queue="mail",
    )
