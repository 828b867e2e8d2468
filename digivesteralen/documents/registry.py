"""What the floors above tell about each kind of document and job: whose it is, which right it takes, how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job


class Report(Protocol):
    """Tells how far the work has come; stops it when somebody cancelled it or another attempt took over."""

    def __call__(self, progress: int, phase: Any = "") -> None: ...


# The queue of messages, which are short and many.
MAIL = "mail"

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
    may_go_out: Callable[[Document], bool] | None
    exempt: bool
    stays: bool


_kinds: dict[str, Kind] = {}
_before_work: list[Callable[[Any], None]] = []
_on_exempt_look: list[Callable[[Any, models.Model], object]] = []
_also_read_by: list[Callable[[Any, models.Model, datetime], bool]] = []


def register(
    name: str,
    *,
    container: Callable[[str], models.Model],
    right: str = "governance.view_body",
    work: Work | None = None,
    title: Any = "",
    queue: str = "documents",
    erasable: bool = False,
    may_go_out: Callable[[Document], bool] | None = None,
    exempt: bool = False,
    stays: bool = False,
) -> None:
    """Called in ``AppConfig.ready``. ``container`` answers for a subject, or raises ObjectDoesNotExist.

    ``may_go_out`` is asked of each document: what it shows may have been withheld since it was made.
    Who opens a document of an ``exempt`` kind is written down (rule 8). One that ``stays`` is read also by those who
    were there when it was made and have left (``also_read_by``).
    """
    if name in _kinds:
        raise ValueError(f"The kind {name} is registered twice.")
    _kinds[name] = Kind(name, container, right, work, title, queue, erasable, may_go_out, exempt, stays)


def forget(name: str) -> None:
    """Take a kind out again (a test that registers its own)."""
    _kinds.pop(name, None)


def title_of(job: Job) -> str:
    """The kind of thing it makes, and nothing of what it is about."""
    entry = find(job.kind)
    return str(entry.title) if entry else job.kind


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def kind(name: str) -> Kind:
    """The kind; a KeyError is a programmer's mistake (asked for before it was registered)."""
    return _kinds[name]


def kinds_in(queue: str) -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.queue == queue]


def queues() -> set[str]:
    return {kind.queue for kind in _kinds.values()}


def before_work(prepare: Callable[[Any], None]) -> None:
    """``prepare(asker)`` is called before each job, so that rights that ended today have ended here too."""
    _before_work.append(prepare)


def prepare(asker: Any) -> None:
    for step in _before_work:
        step(asker)


def on_exempt_look(hear: Callable[[Any, models.Model], object]) -> None:
    """``hear(reader, container)`` is called when a document of an exempt kind is opened at its general address."""
    _on_exempt_look.append(hear)


def also_read_by(asks: Callable[[Any, models.Model, datetime], bool]) -> None:
    """``asks(reader, container, made_at)`` opens a document of a kind that stays to those who have left."""
    _also_read_by.append(asks)


def stays_open_to(reader: Any, kind: Kind, container: models.Model, made_at: datetime) -> bool:
    return kind.stays and any(asks(reader, container, made_at) for asks in _also_read_by)


def exempt_looked_at(reader: Any, container: models.Model) -> None:
    for hear in _on_exempt_look:
        hear(reader, container)
