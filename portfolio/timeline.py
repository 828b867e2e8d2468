"""The timeline: projects with what stands on their way, and beside them windows, meetings and gatherings (D11, N13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from digivesteralen.ui.charts import Lane, LaneLooks, Mark, Span
from governance.models import Collaboration, Meeting
from portfolio.models import Gate, Gathering, Milestone, Project, moments
from portfolio.overview import STATE_COLORS
from portfolio.windows_ahead import windows_ahead

# As many windows as one can look at; the page of joint procurement has them all.
WINDOWS_SHOWN = 10
AHEAD = 2
PERIOD = ("starts_on", "ends_on")
MILESTONE, REACHED, GATE, GATE_PASSED = "milestone", "reached", "gate", "gate_passed"
GATHERING, MEETING, WINDOW, BEGIN = "gathering", "meeting", "window", "begin"
Axis = tuple[date, date]


@dataclass(frozen=True)
class Happening:
    """One thing on one day: what the figure marks, the table tells and the workbook lists."""

    look: str
    on: date
    when: str
    what: str
    done: bool = False

    @property
    def said(self) -> str:
        return f"{self.when} {self.what}"


def looks() -> LaneLooks:
    """Told apart by shape and height too, never by colour alone."""
    states = {str(state.value): (capfirst(str(state.label)), STATE_COLORS[state]) for state in Project.State}
    return LaneLooks(
        spans={**states, WINDOW: (_("Window of joint procurement"), "brand1")},
        marks={
            MILESTONE: (_("Milestone"), "brand2", "diamond"),
            REACHED: (_("Milestone reached"), "neutral", "diamond"),
            GATE: (_("Gate"), "danger", "square"),
            GATE_PASSED: (_("Gate passed"), "neutral", "square"),
            GATHERING: (_("Gathering"), "accent", "dot"),
            MEETING: (_("Meeting"), "info", "triangle"),
            BEGIN: (_("Begin the procurement"), "danger", "dot"),
        },
    )


def within(projects: Any, first: int | None, last: int | None) -> Any:
    """Those with something in the years; without years all that have any day at all."""
    shown = projects.filter(Q(starts_on__isnull=False) | Q(ends_on__isnull=False) | _has_days())
    if first:
        going_on = Q(ends_on=None, state__in=[Project.State.IDEA, *Project.UNDER_WAY])
        shown = shown.filter(going_on | Q(ends_on__year__gte=first) | _has_days(day__year__gte=first))
    if last:
        begun = Q(starts_on=None) | Q(starts_on__year__lte=last)
        shown = shown.filter(begun | _has_days(day__year__lte=last))
    return shown


def _has_days(**which: Any) -> Q:
    """Something stands on its way (then)."""
    of_project = {"project": OuterRef("pk"), "day__isnull": False, **which}
    return Q(*[Exists(rows.filter(**of_project)) for rows in _with_days()], _connector=Q.OR)


def _with_days() -> list[Any]:
    """What stands on the way of any project, each row with its ``day``: when it was, else when it is planned."""
    return [
        Milestone.objects.annotate(day=Coalesce("reached_on", "planned_on")),
        Gate.objects.filter(project__phase_model="full").annotate(day=Coalesce("decided_on", "planned_on")),
        Gathering.objects.told().annotate(day=F("on")),
    ]


def axis_of(projects: Any, first: int | None, last: int | None, today: date) -> Axis:
    """Whole years: those asked for, else as long as the projects last, and two years ahead for what can be begun."""
    ends = list(projects.order_by().aggregate(*(of(name) for of in (Min, Max) for name in PERIOD)).values())
    # Each kind on its own: joined to the projects at once they would multiply.
    keys = projects.order_by().values("pk")
    for rows in _with_days():
        ends += rows.order_by().filter(project__in=keys).aggregate(Min("day"), Max("day")).values()
    known = [day for day in ends if day] or [today]
    begins = first or min(known).year
    return date(begins, 1, 1), date(max(last or max(max(known).year, today.year + AHEAD), begins), 12, 31)


def on_the_way(projects: Iterable[Project]) -> dict[int, list[Happening]]:
    """What stands on the way of each project, in its order."""
    keys = [project.pk for project in projects]
    found: dict[int, list[Happening]] = defaultdict(list)
    for one in Milestone.objects.filter(project__in=keys):
        found[one.project_id].append(_milestone(one))
    for gate in Gate.objects.for_timeline(keys):
        look = GATE_PASSED if gate.passed else GATE
        what = _("%(gate)s, passed") % {"gate": gate.label} if gate.passed else gate.label
        when = moments.say(gate.on, gate.precision)
        found[gate.project_id].append(Happening(look, gate.on, when, what, done=gate.passed))
    for gathering in Gathering.objects.for_timeline(keys):
        held = gathering.state == Gathering.State.HELD
        found[gathering.project_id].append(
            Happening(GATHERING, gathering.on, gathering.when, gathering.label, done=held)
        )
    return {key: sorted(happenings, key=lambda one: one.on) for key, happenings in found.items()}


def _milestone(one: Milestone) -> Happening:
    day = one.reached_on or one.planned_on
    assert day is not None  # the constraint says so
    if one.reached_on:
        return Happening(REACHED, day, one.reached, _("%(milestone)s, reached") % {"milestone": one.title}, done=True)
    return Happening(MILESTONE, day, one.planned, one.title)


def of_projects(projects: Sequence[Project], axis: Axis, today: date, *, title: str = "", id: str = "") -> charts.Chart:
    """A lane for each project: its period in the colour of its state, and what stands on its way."""
    way = on_the_way(projects)
    return charts.lanes(
        title or _("The projects"),
        [_lane(project, way.get(project.pk, [])) for project in projects],
        looks(),
        axis,
        head=[_("Project"), _("Phase"), _("Starts"), _("Ends"), _("On the way")],
        today=today,
        id=id or "tidslinje",
    )


def _lane(project: Project, way: list[Happening]) -> Lane:
    known = project.starts_on or project.ends_on
    return Lane(
        f"{project.title} ({_('Example')})" if project.example else project.title,
        [
            str(project.get_state_display()),
            project.starts or _("not set"),
            project.ends or _("not set"),
            "; ".join(one.said for one in way) or _("nothing is planned"),
        ],
        [Span(project.state, project.starts_on, _end(project))] if known else [],
        [Mark(one.look, one.on, one.said) for one in way],
    )


def _end(project: Project) -> date | None:
    """A project that has ended without a day does not go on for ever."""
    if project.ends_on or project.state not in {Project.State.FINISHED, Project.State.STOPPED}:
        return project.ends_on
    return project.starts_on


def beside(collaboration: Collaboration, user: Any, axis: Axis, today: date, *, id: str = "") -> charts.Chart | None:
    """What the collaboration has on its calendar: meetings of its bodies, windows of joint procurement."""
    rows = [*_meetings(collaboration, user, axis), *_windows(collaboration, axis)]
    if not rows:
        return None
    head = [_("What"), _("When")]
    return charts.lanes(
        _("Meetings and windows of joint procurement"), rows, looks(), axis, head=head, today=today,
        id=id or "kalender",
    )  # fmt: skip


def meetings_in(collaboration: Collaboration, user: Any, axis: Axis) -> Any:
    known = Meeting.objects.visible_to(user).filter(body__collaboration=collaboration, starts_at__isnull=False)
    inside = known.filter(starts_at__date__range=axis).exclude(state=Meeting.State.CANCELLED)
    return inside.select_related("body").order_by("body__name", "starts_at")


def _meetings(collaboration: Collaboration, user: Any, axis: Axis) -> Iterator[Lane]:
    by_body: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings_in(collaboration, user, axis):
        by_body[meeting.body.name].append(meeting)
    for name, held in by_body.items():
        marks = [Mark(MEETING, _day(one), f"{one.label} {wording.short_day(_day(one))}") for one in held]
        yield Lane(name, [", ".join(mark.says for mark in marks)], marks=marks)


def _day(meeting: Meeting) -> date:
    assert meeting.starts_at is not None
    return timezone.localtime(meeting.starts_at).date()


def _windows(collaboration: Collaboration, axis: Axis) -> Iterator[Lane]:
    inside = [one for one in windows_ahead(collaboration) if axis[0] <= one.in_use and one.begin <= axis[1]]
    for one in inside[:WINDOWS_SHOWN]:
        words = _("begin by %(begin)s, in use from %(day)s") % {
            "begin": wording.short_day(one.begin),
            "day": wording.short_day(one.in_use),
        }
        label = f"{one.area} ({_('Example')})" if one.example else one.area
        yield Lane(label, [words], [Span(WINDOW, one.first, one.last)], [Mark(BEGIN, one.begin, words)])
