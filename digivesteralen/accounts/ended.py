"""What is left of sign-ins that are over: where from, in which browser, how often somebody guessed."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from digivesteralen.accounts.models import Brake

# A sign-in lasts eight hours; who is signing in this minute has not got a session to be found by yet.
OVER_AFTER = timedelta(days=1)


def forget_ended() -> None:
    """The night after a sign-in has ended nothing tells of it any more but the history."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    lasting = Session.objects.values("session_key")
    UserSession.objects.filter(created_at__lt=now - OVER_AFTER).exclude(session_key__in=lasting).delete()
    Brake.objects.filter(expires__lt=now).delete()
