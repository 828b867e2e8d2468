"""What one municipality says of each goal and focus area of the shared strategy (L19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.models import Collaboration
from portfolio.models import FocusArea, Goal, LocalPriority, LocalStrategy, Strategy


@dataclass(frozen=True)
class Place:
    """A goal or a focus area, and what stands about it."""

    about: Goal | FocusArea
    said: LocalPriority | None

    @property
    def key(self) -> str:
        return f"{'goal' if isinstance(self.about, Goal) else 'area'}-{self.about.pk}"

    @property
    def heading(self) -> str:
        if isinstance(self.about, Goal):
            return _("Goal %(number)s: %(title)s") % {"number": self.about.position, "title": self.about.title}
        return _("Focus area: %(name)s") % {"name": self.about.name}

    @property
    def initial(self) -> Iterator[tuple[str, str]]:
        if self.said:
            yield self.key, self.said.priority
            yield f"{self.key}-remark", self.said.remark


def places(collaboration: Collaboration, strategy: Strategy | None, local: LocalStrategy | None) -> list[Place]:
    """The goals in force, then the focus areas in use; a remark follows its goal from edition to edition."""
    said = list(local.priorities.select_related("goal")) if local else []
    of_goals = {one.goal.thread: one for one in said if one.goal}
    of_areas = {one.focus_area_id: one for one in said if one.focus_area_id}
    goals = strategy.goals.all() if strategy else []
    return [
        *(Place(goal, of_goals.get(goal.thread)) for goal in goals),
        *(Place(area, of_areas.get(area.pk)) for area in collaboration.focus_areas.in_use()),
    ]
