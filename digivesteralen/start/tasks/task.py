"""One thing that waits, and what several floors ask to find it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from governance.models import (
    Appointment,
    Body,
    Meeting,
    Role,
)

SOON = timedelta(days=14)
# More than so many of a kind are told as a number.
FEW = 3


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, where, until when, and on whose behalf."""

    title: str
    url: str
    place: str
    until: date | None = None
    example: bool = False

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()

    @property
    def is_urgent(self) -> bool:
        return self.until is not None and self.until <= timezone.localdate() + SOON


def seats(user: Any) -> Iterable[Appointment]:
    """The seats with a say in cases that the person holds today."""
    may = Body.objects.where_may(user, "governance.give_view")
    roles = [Role.STEERING, Role.SUBSTITUTE]
    held = {"role__in": roles, "represents__isnull": False, "body__in": may}
    found = Appointment.objects.active().filter(person__user=user, **held)
    return found.select_related("body__collaboration", "represents")


def called(body: Body | None) -> list[Meeting]:
    """The meetings of a body whose agenda is out, and what it treats in writing, the nearest first."""
    if body is None:
        return []
    return list(body.meetings.taking_views().nearest_first().select_related("body"))
