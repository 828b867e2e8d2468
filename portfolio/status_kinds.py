"""What the status of projects attaches below: an e-mail, a paper, and a panel on the page of a meeting."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import meeting_panels
from portfolio import status_document, status_letters
from portfolio.actions import status_papers, status_reminders
from portfolio.views import status_panels


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(
        status_papers.KIND,
        container=status_document.collaboration_of,
        right="governance.view_collaboration",
        work=status_document.make,
        title=_("Status of the projects"),
    )
    registry.register(
        status_reminders.KIND,
        container=status_letters.collaboration_of,
        right=status_reminders.RIGHT,
        work=status_letters.reminder,
        title=_("Reminder about the status of projects"),
        queue="mail",
    )
    meeting_panels.register(status_panels.of_meeting)
