"""Editions beside each other: which focus areas each had, and what differs between two (R33)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from governance.agreement_changes import words_of
from governance.models import Collaboration
from portfolio.models import EditionArea, FocusArea, Project, Strategy

# So many projects of an area stand on the page of the strategy; the list has them all.
SHOWN = 8


@dataclass(frozen=True)
class Area:
    """A focus area as an edition has it."""

    focus_area: int
    short_name: str
    name: str
    text: str
    measures: list[str]


@dataclass(frozen=True)
class Difference:
    """One thing in the older and in the newer edition; empty where it is not in it."""

    what: str
    before: str
    after: str

    @property
    def word(self) -> str:
        if not self.before:
            return _("new")
        if not self.after:
            return _("taken out")
        return _("changed") if self.before != self.after else _("unchanged")

    @property
    def words(self) -> list[tuple[str, str]]:
        """The words kept, removed and added, in reading order."""
        return words_of(self.before, self.after)

    @property
    def changed(self) -> bool:
        return self.before != self.after


def areas_of(strategy: Strategy | None) -> list[Area]:
    """Those it was adopted with; of one that is being written, those in use now."""
    if strategy is None:
        return []
    if not strategy.is_draft:
        return [_kept(one) for one in strategy.areas.all()]
    return areas_in_use(strategy.collaboration)


def areas_in_use(collaboration: Collaboration) -> list[Area]:
    return [_now(one) for one in collaboration.focus_areas.in_use().prefetch_related("measures")]


def with_projects(collaboration: Collaboration) -> list[FocusArea]:
    """All its areas with their measures, the first projects of each (`shown`), and how many there are (`count`)."""
    areas = collaboration.focus_areas.prefetch_related("measures__project__collaboration", "measures__findings")
    found: list[Any] = list(areas.annotate(count=Count("projects")))
    place = Window(RowNumber(), partition_by="focus_area", order_by="number")
    projects = Project.objects.filter(focus_area__in=found).annotate(place=place).filter(place__lte=SHOWN)
    of_area: dict[int, list[Project]] = defaultdict(list)
    for project in projects.select_related("collaboration").order_by("number"):
        of_area[project.focus_area_id or 0].append(project)
    for area in found:
        area.shown = of_area[area.pk]
    return found


def moved_on(strategy: Strategy) -> bool:
    """Whether the focus areas have been changed after the edition was adopted."""
    if strategy.is_draft:
        return False
    now = [(one.pk, one.short_name, one.name, one.text) for one in strategy.collaboration.focus_areas.in_use()]
    return now != [(one.focus_area, one.short_name, one.name, one.text) for one in areas_of(strategy)]


def compare(older: Strategy, newer: Strategy) -> list[Difference]:
    found = [
        Difference(_("Title"), older.title, newer.title),
        Difference(_("Period"), older.period_words, newer.period_words),
        Difference(_("Vision"), older.vision, newer.vision),
        Difference(_("Main goal"), older.main_goal, newer.main_goal),
    ]
    found += _paired(_("Pillar"), _by_title(older.pillars.all()), _by_title(newer.pillars.all()))
    found += _paired(_("Goal"), _goals(older), _goals(newer))
    found += _paired(_("Focus area"), _areas(older), _areas(newer))
    return [one for one in found if one.before or one.after]


def _paired(what: str, before: dict[Any, str], after: dict[Any, str]) -> list[Difference]:
    """In the order of the newer, then what was taken out."""
    keys = [*after, *(key for key in before if key not in after)]
    return [Difference(what, before.get(key, ""), after.get(key, "")) for key in keys]


def _by_title(rows: Iterable[Any]) -> dict[Any, str]:
    return {row.title: _told(row) for row in rows}


def _goals(strategy: Strategy) -> dict[Any, str]:
    """A goal that was taken over is the same goal, also under another title."""
    return {goal.thread: f"{goal.position}. {_told(goal)}" for goal in strategy.goals.all()}


def _areas(strategy: Strategy) -> dict[Any, str]:
    return {
        area.focus_area: "\n".join(text for text in (area.name, area.text, *area.measures) if text)
        for area in areas_of(strategy)
    }


def _told(row: Any) -> str:
    return f"{row.title}: {row.text}" if row.text else str(row.title)


def _kept(one: EditionArea) -> Area:
    return Area(one.focus_area_id, one.short_name, one.name, one.text, one.measures)


def _now(one: FocusArea) -> Area:
    measures = [measure.text for measure in one.measures.all()]
    return Area(one.pk, one.short_name, one.name, one.text, measures)
