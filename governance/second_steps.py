"""Who must sign in with two steps: by role in the whole installation, or by a collaboration's own choice (T35)."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from digivesteralen.accounts import second_step
from digivesteralen.accounts.access import allowed
from governance.models import Appointment, Collaboration


def asked_of(user: Any) -> bool:
    """By the appointments of the day."""
    held = Appointment.objects.active().filter(person__user=user, role__in=settings.SECOND_STEP_FOR)
    asking = Collaboration.objects.filter(second_step=True)
    return held.exists() or allowed(asking, user, "governance.view_collaboration").exists()


def asked_anew(collaboration: Collaboration) -> None:
    """The collaboration changed its mind: it holds from everybody's next page."""
    appointments = Appointment.objects.of(collaboration)
    for user in get_user_model()._default_manager.filter(person__appointments__in=appointments).distinct():
        second_step.forget(user)
