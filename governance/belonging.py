"""Where a row stands: its collaboration, and what says who may see it. Found in the models themselves.

A table that is made tomorrow is in the acts and in the history of its collaboration the same day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from digivesteralen.documents import registry
from digivesteralen.documents.models import Document, Job
from governance.models import Appointment, Body, Case, Collaboration, Organisation, Person


@cache
def ways(model: Any) -> tuple[str, ...]:
    """The lookups from a row to its collaboration; none for what belongs to a municipality or to nobody."""
    if model is Appointment:
        return ("collaboration", "body__collaboration")
    return next(((way,) for way, here in _ahead(model) if here is Collaboration), ())


@cache
def seen_by(model: Any) -> tuple[tuple[str, Any], ...]:
    """The nearest thing that knows who may see it, and each case on the way, which may be exempt (rule 8)."""
    nearest = next(((way, here) for way, here in _ahead(model) if hasattr(here._default_manager, "visible_to")), None)
    if nearest is None:
        return ()
    cases = [(way, here) for way, here in _ahead(model, also_null=True) if here is Case]
    return tuple(dict.fromkeys([nearest, *cases]))


def open_to(reader: Any, model: Any) -> models.QuerySet[Any]:
    """The rows that the reader may see today; none where nothing says who may."""
    rows = model._base_manager.all()
    if not seen_by(model):
        return rows.none()
    for way, here in seen_by(model):
        visible = here.objects.visible_to(reader).values("pk")
        rows = rows.filter(Q(**{f"{way}__isnull": True}) | Q(**{f"{way}__in": visible}) if way else Q(pk__in=visible))
    return rows


def collaboration_of(thing: models.Model) -> int | None:
    """The number of the collaboration that a thing stands in."""
    if isinstance(thing, Job | Document):
        return _of_document(thing)
    if isinstance(thing, Collaboration):
        return thing.pk
    # Not type(): who is signed in comes wrapped.
    found = (_follow(thing, way) for way in ways(thing._meta.model))
    return next((place for place in found if place is not None), None)


def by_word(slug: str) -> int | None:
    return Collaboration.objects.filter(slug=slug).values_list("pk", flat=True).first()


def _of_document(thing: Job | Document) -> int | None:
    kind = registry.find(thing.kind)
    try:
        return collaboration_of(kind.container(thing.subject)) if kind else None
    except ObjectDoesNotExist:
        return None


def _follow(thing: Any, way: str) -> int | None:
    *steps, last = way.split("__")
    for step in steps:
        thing = getattr(thing, step)
        if thing is None:
            return None
    key: int | None = getattr(thing, f"{last}_id")
    return key


def _ahead(model: Any, *, also_null: bool = False) -> Iterator[tuple[str, Any]]:
    """The model itself and what its rows point at, the nearest first; a body or a person is as far as it goes."""
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(model, ())])
    met = {model, get_user_model(), Person, Organisation}
    while waiting:
        here, way = waiting.popleft()
        yield "__".join(way), here
        if here is Collaboration or (also_null and here in (Body, Case)):
            continue
        for field in here._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or field.related_model in met or (field.null and not also_null):
                continue
            met.add(field.related_model)
            waiting.append((field.related_model, (*way, field.name)))
