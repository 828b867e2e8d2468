"""The jobs and documents of maturity and of answering in the portal: whose they are, which right they take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from surveys import maturity_card, reminders


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(
        maturity_card.KIND,
        container=maturity_card.collaboration_of,
        right="governance.view_collaboration",
        work=maturity_card.make,
        title=_("Score card for digital maturity"),
    )
    registry.register(
        reminders.KIND,
        container=reminders.collaboration_of,
        right="governance.manage_surveys",
        work=reminders.remind,
        title=_("Reminder to answer a survey"),
        queue="mail",
    )
