"""How much may be asked for in a minute, counted over all processes in the shared cache (T48)."""

import hashlib
import time
from collections.abc import Mapping
from typing import cast

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from digivesteralen.servers.cache import ForgivingCache

MINUTE = 60


def over(asking: Mapping[str, str]) -> int:
    """Count one more of each kind, for whom it is counted; the seconds to wait where one is too many, else 0.

    One question to the cache for them all; without the cache nobody is refused.
    """
    limits = {what: most for what in asking if (most := settings.MOST_PER_MINUTE.get(what))}
    if not limits:
        return 0
    now = time.time()
    keys = [f"limit:{what}:{asking[what]}:{int(now // MINUTE)}" for what in limits]
    asked = cast(ForgivingCache, caches["default"]).count(*keys, seconds=2 * MINUTE)
    over_one = any(count > most for count, most in zip(asked, limits.values(), strict=True))
    return MINUTE - int(now % MINUTE) if over_one else 0


def address_of(request: HttpRequest) -> str:
    """Where it comes from, as many proxies away as the installation trusts; not as it reads."""
    try:
        told = get_ip(request)
    except PermissionDenied:  # behind a proxy that says nothing
        told = request.META.get("REMOTE_ADDR", "")
    return unreadable(told)


def unreadable(key: str) -> str:
    """In Valkey stand neither addresses nor keys that open something."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
