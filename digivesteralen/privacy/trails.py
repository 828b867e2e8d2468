"""Where people stand in the tables, and which table to ask whether somebody may read about it.

Found in the models themselves, so that a table that is made tomorrow is in the export the same day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from governance.models import Appointment, Case, Person

# A row that names the person in one of these is about the person; in any other it tells who did something.
ABOUT = {"person", "user", "owner", "substitute"}
# Told in their own parts of the export, or a matter of the sign-in alone.
ELSEWHERE = {
    "governance.Person",
    "audit.Act",
    "account.EmailAddress",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
    "admin.LogEntry",
    "guardian.UserObjectPermission",
    "governance.CollaborationUserPermission",
    "governance.BodyUserPermission",
    "governance.OrganisationUserPermission",
}


@dataclass(frozen=True)
class Trail:
    """One column that points at people, and the way from its row to what says who may see it."""

    model: Any
    field: Any
    # The lookup from the row to the person: the column itself, or the holder of the seat it names.
    to_person: str
    # The lookups from the row to things that know who may see them; none for what belongs to the person alone.
    seen_by: tuple[tuple[str, Any], ...]

    @property
    def is_about(self) -> bool:
        return self.field.name in ABOUT or self.field.related_model is Appointment

    @property
    def points_at_user(self) -> bool:
        return self.field.related_model is get_user_model()

    def rows(self, person: Person | None, user: Any) -> models.QuerySet[Any]:
        found = self.model._base_manager.all()
        subject = user if self.points_at_user else person
        return found.filter(**{self.to_person: subject}) if subject is not None else found.none()

    def open_to(self, rows: models.QuerySet[Any], reader: Any) -> models.QuerySet[Any]:
        """Those the reader may see today: all that the way leads to, or nothing where it leads nowhere."""
        if not self.seen_by:
            return rows.none()
        seen = models.Q()
        for way, model in self.seen_by:
            allowed = model.objects.visible_to(reader).values("pk")
            seen &= models.Q(**{f"{way or 'pk'}__in": allowed}) if way else models.Q(pk__in=allowed)
        return rows.filter(seen)


@cache
def trails() -> tuple[Trail, ...]:
    return tuple(_found())


def _found() -> Iterator[Trail]:
    people = (get_user_model(), Person)
    for model in apps.get_models():
        if model._meta.proxy or model._meta.label in ELSEWHERE or _is_event(model):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in people:
                yield Trail(model, field, field.name, _ways(model))
            if field.name == "seat" and field.related_model is Appointment:
                yield Trail(model, field, "seat__person", _ways(model))


def _is_event(model: Any) -> bool:
    return any(field.name == "pgh_id" for field in model._meta.fields)


def _ways(model: Any) -> tuple[tuple[str, Any], ...]:
    """To the nearest thing that knows who may see it, and always to the case, which may be exempt (rule 8)."""
    nearest: tuple[str, Any] | None = None
    case: tuple[str, Any] | None = None
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(model, ())])
    met = {model}
    while waiting:
        here, way = waiting.popleft()
        found = ("__".join(way), here)
        if nearest is None and here is not Person and hasattr(here._default_manager, "visible_to"):
            nearest = found
        if case is None and here is Case:
            case = found
        for field in here._meta.fields:
            to = field.related_model
            is_way = isinstance(field, models.ForeignKey) and not field.null and to not in met
            if is_way and to not in (get_user_model(), Person):
                met.add(to)
                waiting.append((to, (*way, field.name)))
    return tuple(dict.fromkeys(found for found in (nearest, case) if found is not None))
