"""Few but clear: how many projects are active in each phase, and when one more is more than the agreed number (R22)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from governance.models import Collaboration
from portfolio.models import Habits, Project


@dataclass(frozen=True)
class Active:
    """So many are planned and under way, of at most so many where a limit is agreed."""

    planning: int
    execution: int
    limit: int | None

    @property
    def count(self) -> int:
        return self.planning + self.execution

    @property
    def is_beyond(self) -> bool:
        return self.limit is not None and self.count > self.limit


def active(collaboration: Collaboration) -> Active:
    counted = collaboration.projects.aggregate(
        planning=Count("pk", filter=Q(state=Project.State.PLANNING)),
        execution=Count("pk", filter=Q(state=Project.State.EXECUTION)),
    )
    return Active(**counted, limit=Habits.objects.of(collaboration).active_limit)


def warning(collaboration: Collaboration, *, more: int = 0) -> str:
    """A sentence when the active ones, and so many more, are beyond the limit; a warning and never a stop."""
    now = active(collaboration)
    if now.limit is None or now.count + more <= now.limit:
        return ""
    return _(
        "With this there are %(count)s active projects, and you have agreed on at most %(limit)s. "
        "Finish or stop one, or let this wait."
    ) % {"count": now.count + more, "limit": now.limit}
