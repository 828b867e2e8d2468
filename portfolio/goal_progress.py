"""A goal as it is followed: what was noted, what was measured, and the projects that serve it (G9–G13, L8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from portfolio.models import Goal, GoalNote, Indicator, Project, ProjectGoal


@dataclass(frozen=True)
class Measured:
    """An indicator with what it showed, and the line through the values."""

    indicator: Indicator
    values: list[Any]

    @property
    def latest(self) -> Any:
        return self.values[-1] if self.values else None

    @property
    def chart(self) -> Any:
        """From two points on; the target is a line beside them."""
        one = self.indicator
        points = [(one.baseline_on, one.baseline)] if one.baseline is not None else []
        points += [(value.on, value.value) for value in self.values]
        if len(points) < 2:
            return None
        days = [wording.short_day(day) for day, _value in points]
        series: list[Any] = [(_("Measured"), "accent", [float(value) for _day, value in points])]
        if one.target is not None:
            series.append((_("Target"), "success", [float(one.target)] * len(points)))
        return charts.line(one.name, days, series, unit=one.unit, id=f"indicator-{one.pk}")

    @property
    def sentence(self) -> str:
        """«Fra 2 (01.01.2025) til 4 (01.06.2026), mål 6»."""
        one = self.indicator
        said = []
        if one.baseline is not None:
            said.append(
                _("baseline %(value)s (%(day)s)")
                % {"value": wording.number(one.baseline), "day": wording.short_day(one.baseline_on)}
            )
        if self.latest:
            said.append(
                _("last measured %(value)s (%(day)s)")
                % {"value": wording.number(self.latest.value), "day": wording.short_day(self.latest.on)}
            )
        if one.target is not None:
            said.append(_("target %(value)s") % {"value": wording.number(one.target)})
        return ", ".join(said)


@dataclass
class Followed:
    """In short, for the page of the strategy."""

    goal: Goal
    note: GoalNote | None = None
    projects: int = 0
    under_way: int = 0
    indicators: int = 0


def of_thread(goal: Goal) -> Q:
    """The goal in this edition and in the others that have it."""
    return Q(goal=goal.thread) | Q(goal__first=goal.thread)


def notes(goal: Goal) -> Any:
    return GoalNote.objects.filter(of_thread(goal)).select_related("goal__strategy")


def measured(goal: Goal) -> list[Measured]:
    found = Indicator.objects.filter(of_thread(goal)).prefetch_related("values")
    return [Measured(one, list(one.values.all())) for one in found]


def projects(goal: Goal) -> Any:
    """Those that serve the goal, also where they were tied to it in an edition before."""
    served = ProjectGoal.objects.filter(of_thread(goal)).values("project")
    return Project.objects.filter(pk__in=served).select_related("collaboration", "focus_area").in_order()


def in_short(goals: Iterable[Goal]) -> list[Followed]:
    """The last note and the projects of each goal, in three questions however many the goals are."""
    rows = {goal.thread: Followed(goal) for goal in goals}
    about = Q(goal__in=rows) | Q(goal__first__in=rows)
    for note in GoalNote.objects.filter(about).select_related("goal").order_by("on", "pk"):
        rows[note.goal.thread].note = note
    for goal_id, first, count in (
        Indicator.objects.filter(about).order_by().values_list("goal", "goal__first").annotate(Count("pk"))
    ):
        rows[first or goal_id].indicators += count
    served: dict[int, dict[int, str]] = defaultdict(dict)
    pairs = ProjectGoal.objects.filter(about).values_list("goal", "goal__first", "project", "project__state")
    for goal_id, first, project, state in pairs:
        served[first or goal_id][project] = state
    for thread, states in served.items():
        rows[thread].projects = len(states)
        rows[thread].under_way = sum(state == Project.State.EXECUTION for state in states.values())
    return list(rows.values())
