"""Writing acts down, and saying in whose name the database writes its events."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.db import connection, models

from digivesteralen.audit import places
from digivesteralen.audit.history import Entry, history
from digivesteralen.audit.models import Act

__all__ = ["Entry", "acting", "history", "looked_at_exempt", "record"]


class WholeHistoryAsked(Exception):
    """The page of a thing was asked for its whole history instead of itself.

    The page itself has found the thing for the reader and would show its history: nobody else decides who may.
    """

    def __init__(self, thing: models.Model, *, collaboration: models.Model | None) -> None:
        super().__init__(thing._meta.label)
        self.thing = thing
        self.collaboration = collaboration


_request: ContextVar[uuid.UUID | None] = ContextVar("request", default=None)


def record(
    verb: str,
    *,
    by: Any = None,
    on: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
    collaboration: int | None = None,
) -> Act:
    """Write down an act that changes no row: ``record("minutes_exported", by=user, on=meeting)``.

    The collaboration is the one that the thing stands in, unless it is said.
    """
    return Act.objects.create(
        collaboration=collaboration if collaboration is not None else places.of_thing(on),
        on_behalf=_in_whose_name(),
        verb=verb,
        by_id=by.pk if by is not None else None,
        object_type=on._meta.label_lower if on is not None else "",
        object_id=str(on.pk) if on is not None else "",
        detail=dict(detail or {}),
        request=_request.get(),
    )


def _in_whose_name() -> str:
    with pghistory.context() as context:
        return str(context.metadata.get("on_behalf") or "")[:300]


def looked_at_exempt(reader: Any, on: models.Model) -> Act:
    """Write down that somebody opened what is exempt from public disclosure (rule 8)."""
    return record("looked_at_exempt", by=reader, on=on)


@contextmanager
def acting(*, by: Any = None, request: uuid.UUID | None = None, **more: Any) -> Iterator[None]:
    """Whatever is changed in this block is in the history as done by this person, or by the portal itself.

    Wrap every job and every command in it. It may stand inside another: afterwards the outer one holds again.
    """
    metadata = {"user": by.pk if by is not None else None, "request": str(request or uuid.uuid4()), **more}
    token = _request.set(uuid.UUID(metadata["request"]))
    try:
        with pghistory.context() as context:
            before = dict(context.metadata)
            context.metadata.clear()
            context.metadata.update(metadata)
            try:
                yield
            finally:
                context.metadata.clear()
                context.metadata.update(before)
        if not before:
            _forget()
    finally:
        _request.reset(token)


def _forget() -> None:
    """The value stays in the open transaction, where it would name this person as the doer of the next change."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_metadata', '', true),"
                " set_config('pghistory.context_id', '', true)"
            )
