"""The portfolio as one looks at it: each project with who takes part, its shares and its next milestone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from digivesteralen.ui import charts
from governance.models import Organisation
from portfolio.models import FocusArea, Measure, Milestone, Participation, Project, Status
from portfolio.shares import Financing, Line, Populations, financing

STATE_COLORS = {
    Project.State.IDEA: "neutral",
    Project.State.PLANNING: "warning",
    Project.State.EXECUTION: "accent",
    Project.State.FINISHED: "success",
    Project.State.STOPPED: "danger",
}
STATUS_COLORS = {
    Status.UNDECIDED: "neutral",
    Status.INTERESTED: "info",
    Status.WAITING: "info",
    Status.TAKES_PART: "success",
    Status.RESERVED: "warning",
    Status.DECLINED: "danger",
    Status.NOTICE: "warning",
    Status.LEFT: "neutral",
}
# More names than this become a number in a list; the project's own page has them all.
NAMES_SHOWN = 8


@dataclass(frozen=True)
class Row:
    """One project in a list."""

    project: Project
    parts: Sequence[Participation]
    divided: Financing
    milestones: Sequence[Milestone]
    own: Line | None

    @property
    def color(self) -> str:
        return STATE_COLORS[Project.State(self.project.state)]

    @property
    def with_us(self) -> list[Organisation]:
        return [part.organisation for part in self.parts if part.pays]

    @property
    def shown(self) -> list[Organisation]:
        return self.with_us if len(self.with_us) <= NAMES_SHOWN else []

    @property
    def undecided(self) -> int:
        return sum(part.status in {Status.UNDECIDED, Status.INTERESTED, Status.WAITING} for part in self.parts)

    @property
    def next_milestone(self) -> Milestone | None:
        return next((milestone for milestone in self.milestones if milestone.reached_on is None), None)

    @property
    def own_share(self) -> Decimal | None:
        """What the own municipality pays as things stand, or would pay if all invited joined."""
        if self.own is None:
            return None
        return self.own.so_far if self.own.participation.pays else self.own.if_all


def rows(projects: Iterable[Project], own: Organisation | None = None) -> list[Row]:
    """With a number of queries that does not grow with the projects."""
    projects = list(projects)
    prefetch_related_objects(projects, "years")
    parts: dict[int, list[Participation]] = {project.pk: [] for project in projects}
    for part in Participation.objects.filter(project__in=projects).whole():
        parts[part.project_id].append(part)
    steps: dict[int, list[Milestone]] = {project.pk: [] for project in projects}
    for milestone in Milestone.objects.filter(project__in=projects):
        steps[milestone.project_id].append(milestone)
    counts = Populations({part.organisation_id for row in parts.values() for part in row})
    found = []
    for project in projects:
        divided = financing(project, parts[project.pk], counts)
        found.append(Row(project, parts[project.pk], divided, steps[project.pk], divided.of(own)))
    return found


@dataclass(frozen=True)
class Area:
    """A focus area with its projects, and the measures that became none."""

    area: FocusArea | None
    rows: Sequence[Row]
    measures: Sequence[Measure]


def by_area(areas: Iterable[FocusArea], found: Sequence[Row], *, empty_too: bool) -> list[Area]:
    """In the order of the focus areas; one without a measure is shown, not hidden (F7)."""
    grouped: dict[int | None, list[Row]] = {}
    for row in found:
        grouped.setdefault(row.project.focus_area_id, []).append(row)
    listed = [
        Area(area, grouped.get(area.pk, []), [m for m in area.measures.all() if m.project_id is None])
        for area in areas
        if empty_too or area.pk in grouped
    ]
    return [*listed, *([Area(None, grouped[None], [])] if None in grouped else [])]


def areas_of(collaboration: Any) -> list[FocusArea]:
    return list(collaboration.focus_areas.prefetch_related(Prefetch("measures", Measure.objects.order_by("position"))))


def waiting(collaboration: Any, organisation: Organisation) -> list[Participation]:
    """What this municipality has been asked and not treated, the nearest answer first."""
    asked = Participation.objects.filter(project__collaboration=collaboration).waiting_for(organisation)
    return list(
        asked.exclude(project__state__in=[Project.State.FINISHED, Project.State.STOPPED])
        .select_related("project__collaboration", "adoption__collaboration", "organisation")
        .order_by("adoption__answer_by", "pk")
    )


def chart_of_states(areas: Sequence[FocusArea], projects: Any, *, empty_too: bool) -> charts.Chart | None:
    """How many projects each focus area has in each state; nothing when there is no project and no area."""
    counted = projects.order_by().values_list("focus_area", "state").annotate(Count("pk"))
    counts = {(area, state): number for area, state, number in counted}
    inside = {area for area, _state in counts}
    names: list[tuple[int | None, str]] = [
        (area.pk, area.short_name) for area in areas if empty_too or area.pk in inside
    ]
    names += [(None, _("Without focus area"))] if None in inside else []
    if not names:
        return None
    states = list(Project.State)
    return charts.stacked_bars(
        _("Projects by focus area and state"),
        [(name, [counts.get((area, state.value), 0) for state in states]) for area, name in names],
        [(str(state.label), STATE_COLORS[state]) for state in states],
        label=_("Focus area"),
        id="tilstand",
    )


def timeline(projects: Iterable[Project], today: Any) -> charts.Chart:
    """From when to when each project lasts, as far as that is known."""
    return charts.timeline(
        _("When the projects run"),
        [
            (project.title, project.starts_on, project.ends_on, _period(project))
            for project in projects
            if project.starts_on or project.ends_on
        ],
        today=today,
        id="tidslinje",
    )


def _period(project: Project) -> str:
    return " – ".join(text or "?" for text in (project.starts, project.ends))
