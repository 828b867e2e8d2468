"""The status of all projects as a paper for a meeting, made from what was published before the meeting ended (D15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.audit.history import event_model
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import charts, wording
from governance.models import Collaboration, Meeting
from portfolio.models import Project, StatusReport
from portfolio.status import end_of, meeting_before
from portfolio.status_facts import Difference, amount, differences
from portfolio.status_tables import LIGHT_COLORS, light_in_words

SUMS = ("shared_cost", "spent", "forecast")
WORST_FIRST = [*reversed(StatusReport.Light.values), ""]
SHOWN_OF_TREND = 5


@dataclass(frozen=True)
class Line:
    """One project in the paper: what was told for this meeting, and what was known at the last."""

    project: Project
    report: StatusReport | None
    earlier: StatusReport | None
    trend: Sequence[str]
    is_new: bool

    @property
    def light(self) -> str:
        """Only what was told for this meeting is a light; an old report is no answer."""
        return self.report.overall if self.report else ""

    @property
    def word(self) -> str:
        return light_in_words(self.light)

    @property
    def figures(self) -> dict[str, Decimal | None]:
        return {name: amount(self.report.facts, name) if self.report else None for name in SUMS}

    @cached_property
    def changes(self) -> list[Difference]:
        if self.report is None or self.report.unchanged:
            return []
        return differences(self.report, self.earlier)

    @property
    def turned(self) -> bool:
        """Another light than at the last meeting."""
        return self.report is not None and self.earlier is not None and self.light != self.earlier.overall


@dataclass(frozen=True)
class Collected:
    """All that the paper tells, as it stood at one moment."""

    meeting: Meeting
    before: Meeting | None
    moment: datetime
    lines: Sequence[Line]
    ended: Sequence[tuple[Project, str]]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.report is None]

    def counts(self) -> list[tuple[str, int]]:
        return [(light_in_words(light), sum(line.light == light for line in self.lines)) for light in WORST_FIRST]

    def sums(self) -> dict[str, Decimal | None]:
        """Of what is known; nothing is made of what nobody knows."""
        known = {name: [figure for line in self.lines if (figure := line.figures[name]) is not None] for name in SUMS}
        return {name: sum(figures, Decimal(0)) if figures else None for name, figures in known.items()}

    def by_area(self) -> list[tuple[str, list[Line]]]:
        areas: dict[str, list[Line]] = {}
        for line in self.lines:
            name = line.project.focus_area.short_name if line.project.focus_area else _("Without focus area")
            areas.setdefault(name, []).append(line)
        return list(areas.items())


def collaboration_of(subject: str) -> Collaboration:
    return Meeting.objects.select_related("body__collaboration").get(pk=subject).body.collaboration


def make(job: Job, report: Report) -> Made:
    """The work of the job. For a meeting that is over it comes out the same whenever it is made."""
    meeting = Meeting.objects.select_related("body__collaboration").get(pk=job.subject)
    report(20, _("Collecting the reports"))
    with override("nb"):
        told = collected(meeting, job.asked_at)
        content = render(told)
        title = title_of(meeting)
    report(90, _("Storing the file"))
    name = f"status-{meeting.body.collaboration.slug}-{meeting.body.slug}-{meeting.number}-{meeting.year}.pdf"
    made_from = {
        "meeting": meeting.pk,
        "until": told.moment.isoformat(),
        "reports": [line.report.pk for line in told.lines if line.report],
        "not_reported": [line.project.pk for line in told.missing],
    }
    return Made(content, name, "application/pdf", title, made_from=made_from)


def render(told: Collected) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/status.html", context(told), title=title_of(told.meeting))


def title_of(meeting: Meeting) -> str:
    return _("Status of the projects: %(meeting)s") % {"meeting": meeting}


def context(told: Collected) -> dict[str, Any]:
    areas = told.by_area()
    return {
        "told": told,
        "meeting": told.meeting,
        "collaboration": told.meeting.body.collaboration,
        "areas": areas,
        "counts": [f"{number} {word}" for word, number in told.counts() if number],
        "sums": told.sums(),
        "turned": [line for line in told.lines if line.turned],
        "new": [line.project for line in told.lines if line.is_new],
        "chart": _chart(areas),
        "example": told.meeting.example or any(line.project.example for line in told.lines),
        "before": wording.day(told.before.starts_at) if told.before else "",
    }


def collected(meeting: Meeting, asked_at: datetime) -> Collected:
    """As it stood when the meeting ended, or stands now when it is still to come."""
    moment = (end_of(meeting) if meeting.was_held else None) or asked_at
    before = meeting_before(meeting)
    begun = end_of(before)
    then = _then(meeting.body.collaboration, _known_at(meeting))
    projects = list(then.filter(state_then__in=Project.UNDER_WAY).in_order())
    newest = _newest(projects, Q(published_at__lte=moment))
    earlier = _newest(projects, Q(published_at__lte=begun)) if begun else {}
    was = _under_way(meeting.body.collaboration, _known_at(before)) if before else set()
    trends = _trends(projects, moment)
    lines = [
        Line(
            project=project,
            report=_counting(newest.get(project.pk), begun),
            earlier=earlier.get(project.pk) if begun else None,
            trend=trends.get(project.pk, []),
            is_new=before is not None and project.pk not in was,
        )
        for project in projects
    ]
    gone = then.filter(pk__in=was - {project.pk for project in projects}).order_by("number")
    ended = [(project, str(Project.State(project.state_then).label)) for project in gone]
    return Collected(meeting, before, moment, lines, ended)


def _counting(report: StatusReport | None, begun: datetime | None) -> StatusReport | None:
    """What was published since the last meeting."""
    assert report is None or report.published_at is not None
    return report if report and (begun is None or report.published_at > begun) else None  # type: ignore[operator]


def _newest(projects: Iterable[Project], until: Q) -> dict[int, StatusReport]:
    found = StatusReport.objects.filter(until, project__in=projects).newest()
    return {report.project_id: report for report in found}


def _trends(projects: Iterable[Project], moment: datetime) -> dict[int, list[str]]:
    """The last lights of each, the oldest first, in words."""
    seen: dict[int, list[str]] = {}
    told = StatusReport.objects.published().filter(project__in=projects, published_at__lte=moment)
    for project, light in told.order_by("reported_for", "pk").values_list("project", "overall"):
        seen.setdefault(project, []).append(light_in_words(light))
    return {project: lights[-SHOWN_OF_TREND:] for project, lights in seen.items()}


def _known_at(meeting: Meeting) -> datetime:
    """When the end of the meeting was written down; what changed later, changed after the meeting."""
    if not meeting.was_held:
        return timezone.now()
    ends = event_model(Meeting).objects.filter(pgh_obj_id=meeting.pk, state=Meeting.State.HELD)
    ended = ends.order_by("pgh_id").values_list("pgh_created_at", flat=True).first()
    return ended or end_of(meeting) or timezone.now()


def _then(collaboration: Collaboration, moment: datetime) -> Any:
    """The projects that were known at the moment, each with the state it had, by their history."""
    then = event_model(Project).objects.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=moment)
    projects = Project.objects.filter(collaboration=collaboration).select_related("focus_area", "collaboration")
    return projects.annotate(state_then=Subquery(then.order_by("-pgh_id").values("state")[:1])).exclude(state_then=None)


def _under_way(collaboration: Collaboration, moment: datetime) -> set[int]:
    then = _then(collaboration, moment).filter(state_then__in=Project.UNDER_WAY)
    return set(then.values_list("pk", flat=True))


def _chart(areas: Sequence[tuple[str, list[Line]]]) -> charts.Chart | None:
    if not areas:
        return None
    return charts.stacked_bars(
        _("Status by focus area"),
        [(area, [sum(line.light == light for line in lines) for light in WORST_FIRST]) for area, lines in areas],
        [(light_in_words(light), LIGHT_COLORS.get(light, "neutral")) for light in WORST_FIRST],
        label=_("Focus area"),
        id="status",
    )
