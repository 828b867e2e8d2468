"""What we decide for the library that signs people in."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_str

from digivesteralen.accounts import second_step, session_limits

SEALED = "sealed:"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account for oneself: the secretariat invites."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """A sign-in of a moment ago is as good as doing it once more."""
        return not session_limits.is_fresh(context.request)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of the second step lie sealed, so that a copy of the database opens nobody's way in."""

    def encrypt(self, text: str) -> str:
        return SEALED + _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored before there was a seal is read as it is."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return _seal().decrypt(encrypted_text.removeprefix(SEALED)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who must have a second step keeps one; a new one can be added before the old is removed."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_step.STEPS)
        return not second_step.is_needed(authenticator.user) or others.exclude(pk=authenticator.pk).exists()

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


def _seal() -> MultiFernet:
    """Made from the installation's secret key, and from those it had before."""
    secrets = [f"mfa:{force_str(one)}".encode() for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(one).digest())) for one in secrets])
