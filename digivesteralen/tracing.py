"""The number of what is being done here and now: the log, the history and the page about a fault name it alike."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Doing:
    """One request, one job or one regular task: its number, what it is, and the person as a number only."""

    number: uuid.UUID = field(default_factory=uuid.uuid4)
    what: str = ""

    @property
    def short(self) -> str:
        """What somebody reads aloud on the phone; the log has the whole number, which begins with it."""
        return str(self.number)[:8]


_now: ContextVar[Doing | None] = ContextVar("doing", default=None)
_person: ContextVar[int | None] = ContextVar("person", default=None)


def now() -> Doing | None:
    return _now.get()


def person() -> int | None:
    return _person.get()


@contextmanager
def doing(what: str, *, number: uuid.UUID | None = None) -> Iterator[Doing]:
    """Whatever is logged in this block carries the number."""
    this = Doing(number or uuid.uuid4(), what)
    token = _now.set(this)
    try:
        yield this
    finally:
        _now.reset(token)


@contextmanager
def by(user: int | None) -> Iterator[None]:
    """… and this person's number."""
    token = _person.set(user)
    try:
        yield
    finally:
        _person.reset(token)
