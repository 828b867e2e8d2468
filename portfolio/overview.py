"""The portfolio as one looks at it: each project with who takes part, the own share and its next milestone.

Everything is read from what is kept (``portfolio.actions.shares``); nothing is divided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Collate, Lower
from django.utils.translation import gettext as _

from digivesteralen.ui import charts
from governance.models import Collaboration, Organisation
from portfolio.gates import NextGate, next_gates
from portfolio.models import (
    FocusArea,
    Measure,
    Milestone,
    Participation,
    Project,
    ProjectSums,
    Share,
    Status,
    StatusReport,
)
from portfolio.models.participation import OUT

ENDED = [Project.State.FINISHED, Project.State.STOPPED]
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
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Row:
    """One project in a list."""

    project: Project
    sums: ProjectSums | None
    own: Share | None
    names: str
    milestone: Milestone | None
    gate: NextGate | None

    @property
    def color(self) -> str:
        return STATE_COLORS[Project.State(self.project.state)]

    @property
    def light(self) -> str:
        """What the newest published status report says, if there is one (``with_light``)."""
        return getattr(self.project, "light", None) or ""

    @property
    def light_on(self) -> date | None:
        return getattr(self.project, "light_on", None)

    @property
    def runs(self) -> bool:
        """A status is wanted of it."""
        return self.project.state in {Project.State.PLANNING, Project.State.EXECUTION}

    @property
    def paying(self) -> int:
        return self.sums.paying if self.sums else 0

    @property
    def invited(self) -> int:
        return self.sums.invited if self.sums else 0

    @property
    def undecided(self) -> int:
        return self.sums.not_settled if self.sums else 0

    @property
    def own_share(self) -> Decimal | None:
        """What the own municipality pays as things stand, or would pay if all invited joined."""
        if self.own is None:
            return None
        return self.own.so_far if self.own.pays else self.own.if_all


def listed(collaboration: Collaboration) -> Any:
    """The collaboration's projects with what a list shows of each."""
    return collaboration.projects.select_related("focus_area", "sums").with_light()


def rows(projects: Iterable[Project], own: Organisation | None = None) -> list[Row]:
    """With five questions to the database at most, however many the projects are."""
    projects = list(projects)
    keys = [project.pk for project in projects]
    shares = (
        {share.project_id: share for share in Share.objects.filter(project__in=keys, organisation=own)} if own else {}
    )
    names = names_of(Share.objects.filter(project__in=keys, project__sums__paying__lte=NAMES_SHOWN))
    steps = Milestone.objects.filter(project__in=keys, reached_on=None).order_by("project_id", "planned_on", "pk")
    milestones = {step.project_id: step for step in steps.distinct("project_id")}
    gates = next_gates(projects)
    return [
        Row(
            project,
            getattr(project, "sums", None),
            shares.get(project.pk),
            names.get(project.pk, ""),
            milestones.get(project.pk),
            gates.get(project.pk),
        )
        for project in projects
    ]


def names_of(shares: Any) -> dict[int, str]:
    """Who takes part in each project, in Norwegian order."""
    taking_part = shares.paying().exclude(status=Status.LEFT).order_by().values("project")
    named = taking_part.annotate(names=StringAgg("organisation__name", ", ", order_by="organisation__sort_key"))
    return dict(named.values_list("project", "names"))


# --- orders -----------------------------------------------------------------------------------------


def norwegian(field: str) -> Any:
    """Æ Ø Å last, on every server; as stored where a name is sorted often."""
    letters = Func(Lower(field), Value("æøå"), Value("{|}"), function="TRANSLATE", output_field=TextField())
    return Collate(letters, "C")


def next_milestone_on() -> Any:
    steps = Milestone.objects.filter(project=OuterRef("pk"), reached_on=None).order_by("planned_on", "pk")
    return Subquery(steps.values("planned_on")[:1])


def worst_first() -> Any:
    """Red, yellow, then green, and last what nobody has reported."""
    order = [StatusReport.Light.RED, StatusReport.Light.YELLOW, StatusReport.Light.GREEN]
    cases = [When(light=light, then=Value(place)) for place, light in enumerate(order)]
    return Case(*cases, default=Value(len(order)), output_field=IntegerField())


def share_of(shares: Any) -> Any:
    """What a municipality pays of each project, or would pay if all joined."""
    carried = Case(When(pays=True, then=F("so_far")), default=F("if_all"))
    return Subquery(shares.annotate(carried=carried).values("carried")[:1])


# --- focus areas ------------------------------------------------------------------------------------


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
    shown = [
        Area(area, grouped.get(area.pk, []), [m for m in area.measures.all() if m.project_id is None])
        for area in areas
        if empty_too or area.pk in grouped
    ]
    return [*shown, *([Area(None, grouped[None], [])] if None in grouped else [])]


def areas_of(collaboration: Any) -> list[FocusArea]:
    return list(collaboration.focus_areas.prefetch_related(Prefetch("measures", Measure.objects.order_by("position"))))


# --- what waits, and what it comes to ---------------------------------------------------------------


def waiting(collaboration: Any, organisation: Organisation) -> Any:
    """What this municipality has been asked and not decided, the nearest answer first."""
    asked = Participation.objects.filter(project__collaboration=collaboration).waiting_for(organisation)
    return (
        asked.exclude(project__state__in=ENDED)
        .select_related("adoption__collaboration")
        .order_by(F("adoption__answer_by").asc(nulls_last=True), "pk")
    )


def figures(projects: Any, own: Organisation | None) -> dict[str, Any]:
    """The numbers on top, added up by the database; a cost nobody knows is counted as unknown, not as nothing."""
    alive = ~Q(state__in=ENDED)
    totals = projects.order_by().aggregate(
        count=Count("pk"),
        under_way=Count("pk", filter=Q(state=Project.State.EXECUTION)),
        cost=Coalesce(Sum("shared_cost", filter=alive), NOTHING),
        unknown=Count("pk", filter=alive & Q(shared_cost=None)),
        undecided=Coalesce(Sum("sums__not_settled", filter=alive), 0),
        unfunded=Coalesce(Sum("sums__unfunded", filter=alive), NOTHING),
        reopened=Count("pk", filter=alive & Q(sums__reopened__gt=0)),
    )
    return {**totals, **(own_figures(projects, own) if own else {})}


def own_figures(projects: Any, own: Organisation) -> dict[str, Any]:
    """What one municipality pays of what is not finished, and what of it its own decisions do not cover."""
    shares = Share.objects.filter(project__in=projects.order_by().values("pk"), organisation=own)
    paying = Q(pays=True)
    return shares.exclude(project__state__in=ENDED).aggregate(
        own=Coalesce(Sum("so_far", filter=paying), NOTHING),
        own_if_all=Coalesce(Sum("if_all", filter=~Q(status__in=OUT)), NOTHING),
        own_projects=Count("pk", filter=paying & ~Q(status=Status.LEFT)),
        own_reopened=Count("pk", filter=Q(excess__gt=0)),
    )


# --- charts -----------------------------------------------------------------------------------------


def chart_of_states(areas: Sequence[FocusArea], projects: Any, *, empty_too: bool) -> charts.Chart | None:
    """How many projects each focus area has in each state; nothing when there is no project and no area."""
    counted = projects.order_by().values_list("focus_area", "state").annotate(Count("pk"))
    counts = {(area, state): number for area, state, number in counted}
    inside = {area for area, _state in counts}
    names: list[tuple[int | None, str]] = [
        (area.pk, area.short_name) for area in areas if empty_too or area.pk in inside
    ]
    names += [(None, _("Without focus area"))] if None in inside else []
    return states_by_area(
        [(name, [counts.get((area, state.value), 0) for state in Project.State]) for area, name in names]
    )


def states_by_area(counted: Sequence[tuple[str, Sequence[int]]]) -> charts.Chart | None:
    """The same figure on the page and in the documents."""
    if not counted:
        return None
    return charts.stacked_bars(
        _("Projects by focus area and phase"),
        counted,
        [(str(state.label), STATE_COLORS[state]) for state in Project.State],
        label=_("Focus area"),
        id="tilstand",
    )


def period(project: Project) -> str:
    return " – ".join(text or "?" for text in (project.starts, project.ends))
