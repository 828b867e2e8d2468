"""What a person still answers for: as long as there is any, the others must be able to reach them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Person, Position, ResolutionPoint
from portfolio.models import Contribution, ProjectRole, Risk


def still(person: Person) -> list[tuple[str, int]]:
    """Each kind with how many: points to follow up, positions, roles and work in projects, open risks."""
    lasting = Q(until=None) | Q(until__gte=timezone.localdate())
    kinds: list[tuple[str, Any]] = [
        (_("points to follow up"), ResolutionPoint.objects.filter(owner=person, closed_in=None).not_done()),
        (_("positions"), Position.objects.filter(lasting, person=person)),
        (_("roles in projects"), ProjectRole.objects.filter(person=person).not_over()),
        (_("work in projects"), Contribution.objects.filter(person=person).not_over()),
        (_("risks"), Risk.objects.filter(person=person).still_open()),
    ]
    counted = [(name, found.count()) for name, found in kinds]
    return [(name, count) for name, count in counted if count]


def sentence(person: Person) -> str:
    """Why the contact data can't go yet; empty where the person answers for nothing."""
    if not (open_things := still(person)):
        return ""
    told = ", ".join(f"{name} ({count})" for name, count in open_things)
    return _("%(name)s still answers for something: %(things)s. Give it to another, or end it, first.") % {
        "name": person,
        "things": told,
    }
