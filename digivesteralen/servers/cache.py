"""The cache: without Valkey the portal is slower, and never away (F06-F09)."""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure nobody waits for Valkey again before this many seconds have gone.
LEFT_ALONE_FOR = 5.0
# allauth's counts of guesses at passwords and codes lie in the database: one that began anew each time Valkey came late
# would let more of them through (T30).
BRAKES = "allauth:rl:"


def unreadable(key: str, prefix: str, version: int) -> str:
    """What a count is called in the database: the address that somebody guesses from stands in the key."""
    return hashlib.sha256(f"{prefix}:{version}:{key}".encode()).hexdigest()


class ForgivingCache(RedisCache):
    """What cannot be asked for is as if it were not there.

    What should have been forgotten meanwhile is forgotten when Valkey is back. Nothing that opens anything lies here:
    sign-ins stand in the database, and guesses at passwords are counted there.
    """

    _away_until = 0.0
    _to_forget: set[str] = set()  # noqa: RUF012 -- shared by the threads of a process, as the absence is

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._try(default, super().get, key, default, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._try({}, super().get_many, keys, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._try(False, super().has_key, key, version)

    def add(self, key: Any, value: Any, *args: Any, **how: Any) -> Any:
        """Where nobody can say who was first, everybody is."""
        return self._try(True, super().add, key, value, *args, **how)

    def set(self, key: Any, value: Any, *args: Any, **how: Any) -> Any:
        return self._try(None, super().set, key, value, *args, **how)

    def set_many(self, data: Any, *args: Any, **how: Any) -> Any:
        return self._try([*data], super().set_many, data, *args, **how)

    def touch(self, key: Any, *args: Any, **how: Any) -> Any:
        return self._try(False, super().touch, key, *args, **how)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._try(delta, super().incr, key, delta, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        if _is_brake(key):
            return caches["brakes"].delete(key, version)
        self._to_forget.add(self.make_and_validate_key(key, version=version))
        return self._try(False, self._forget)

    def count(self, *keys: str, seconds: int) -> list[int]:
        """One more under each key, asked for at once; 0 where nobody can say."""
        return list(self._try([0] * len(keys), self._count, keys, seconds))

    def _count(self, keys: tuple[str, ...], seconds: int) -> list[int]:
        made = [self.make_and_validate_key(key) for key in keys]
        asked = self._cache.get_client(made[0], write=True).pipeline(transaction=False)
        for key in made:
            asked.incr(key)
            asked.expire(key, seconds)
        return asked.execute()[::2]

    def _forget(self) -> bool:
        """Takes away what should be gone, also of the time Valkey was away."""
        owed = list(self._to_forget)
        gone = sum([self._cache.delete(made) for made in owed])
        self._to_forget.difference_update(owed)
        return bool(gone)

    def _try(self, instead: Any, ask: Callable[..., Any], *args: Any, **how: Any) -> Any:
        if args and _is_brake(args[0]):
            return getattr(caches["brakes"], ask.__name__)(*args, **how)
        if time.monotonic() < ForgivingCache._away_until:
            return instead
        try:
            if self._to_forget and ask != self._forget:
                self._forget()
            return ask(*args, **how)
        except (RedisError, OSError) as error:
            ForgivingCache._away_until = time.monotonic() + LEFT_ALONE_FOR
            logger.warning("the cache is away: %s", error)
            return instead


def _is_brake(key: Any) -> bool:
    return str(key).startswith(BRAKES)
