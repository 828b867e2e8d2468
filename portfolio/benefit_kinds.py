"""What benefits attach to the floors below: the plan as a document, and the e-mail that reminds of a measurement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from portfolio import benefit_letters, benefit_plan_document
from portfolio.actions import benefit_plans, benefit_reminders


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(
        benefit_plans.KIND,
        container=benefit_plans.collaboration_of,
        right=benefit_plans.SEE,
        work=benefit_plan_document.make,
        title=_("Plan for realising benefits"),
    )
    registry.register(
        benefit_reminders.KIND,
        container=benefit_letters.collaboration_of,
        right="governance.manage_portfolio",
        work=benefit_letters.reminder,
        title=_("Reminder about measuring benefits"),
        queue="mail",
    )
