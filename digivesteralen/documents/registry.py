"""What the floors above tell about each kind of document and job: whose it is, which right it takes, how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job


class Report(Protocol):
    """Tells how far the work has come; stops it when somebody cancelled it or another attempt took over."""

    def __call__(self, progress: int, phase: Any = "") -> None: ...


Work = Callable[[Job, Report], Made | None]


@dataclass(frozen=True)
class Kind:
    """One kind of document or job, for instance the minutes of a meeting."""

    name: str
    container: Callable[[str], models.Model]
    right: str
    work: Work | None
    title: Any
    queue: str
    erasable: bool


_kinds: dict[str, Kind] = {}
_before_work: list[Callable[[Any], None]] = []


def register(
    name: str,
    *,
    container: Callable[[str], models.Model],
    right: str = "governance.view_body",
    work: Work | None = None,
    title: Any = "",
    queue: str = "documents",
    erasable: bool = False,
) -> None:
    """Called in ``AppConfig.ready``. ``container`` answers for a subject, or raises ObjectDoesNotExist."""
    if name in _kinds:
        raise ValueError(f"The kind {name} is registered twice.")
    _kinds[name] = Kind(name, container, right, work, title, queue, erasable)


def forget(name: str) -> None:
    """Take a kind out again (a test that registers its own)."""
    _kinds.pop(name, None)


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def kind(name: str) -> Kind:
    """The kind; a KeyError is a programmer's mistake (asked for before it was registered)."""
    return _kinds[name]


def kinds_in(queue: str) -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.queue == queue]


def before_work(prepare: Callable[[Any], None]) -> None:
    """``prepare(asker)`` is called before each job, so that rights that ended today have ended here too."""
    _before_work.append(prepare)


def prepare(asker: Any) -> None:
    for step in _before_work:
        step(asker)
