"""Who must have a second step when signing in: an authenticator app or a passkey (T35).

Whether a role asks for it is known on floors above; they attach themselves with ``ask``.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

Asker = Callable[[Any], bool]
STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# In the session: the provider of identities said that the person used more than a password.
BY_PROVIDER = "second_step_by_provider"
KEPT = 5 * 60

_askers: list[Asker] = []


def ask(asker: Asker) -> None:
    """A floor above knows roles that must have a second step."""
    _askers.append(asker)


def is_needed(user: Any) -> bool:
    """Whether the roles the person holds today ask for a second step; remembered for a few minutes."""
    key = _key(user)
    needed = cache.get(key)
    if needed is None:
        needed = ("system_admin" in settings.SECOND_STEP_FOR and user.is_staff) or any(one(user) for one in _askers)
        cache.set(key, needed, KEPT)
    return bool(needed)


def forget(user: Any) -> None:
    """The person's roles, or what a role asks for, have just changed."""
    cache.delete(_key(user))


def is_missing(request: HttpRequest) -> bool:
    """The person must have a second step and has none; a passkey, an app, or the provider's own is one."""
    if not is_needed(request.user) or request.session.get(BY_PROVIDER):
        return False
    return not is_mfa_enabled(request.user, types=STEPS)


def _key(user: Any) -> str:
    return f"second-step:{user.pk}:{timezone.localdate().isoformat()}"
