"""What is asked of each of many things, without a question to the database for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db import models

T = TypeVar("T")


def of_each(things: Iterable[models.Model], ask: Callable[[Any], T]) -> dict[Any, T]:
    """The answers by key, for things of one model: ``of_each(cases, str)``.

    The name of a thing may be made of what it points at. What one answer had to fetch is fetched for all the rest at
    once, so that the questions are as many for few as for many.
    """
    waiting = list(things)
    answers: dict[Any, T] = {}
    fetched: set[str] = set()
    while waiting:
        thing = waiting.pop()
        answers[thing.pk] = ask(thing)
        if new := set(_followed(thing)) - fetched:
            fetched |= new
            models.prefetch_related_objects(waiting, *sorted(new))
    return answers


def _followed(thing: models.Model, met: tuple[models.Model, ...] = ()) -> Iterator[str]:
    """What the thing pointed at and has been asked for, and what that pointed at: «body», «body__collaboration»."""
    for f in thing._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.is_cached(thing):
            yield f.name
            there = f.get_cached_value(thing)
            if there is not None and there not in met:
                yield from (f"{f.name}__{further}" for further in _followed(there, (*met, thing)))
