"""The timeline as a workbook: every day that stands on it, a row each, to be sorted and filtered further."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Collaboration
from portfolio import timeline as lines
from portfolio.models import Project
from portfolio.windows_ahead import windows_ahead


def of(collaboration: Collaboration, projects: Any, user: Any, years: tuple[int | None, int | None]) -> list[SheetSpec]:
    """What is on the way of the projects, and what the collaboration has on its calendar."""
    today = timezone.localdate()
    axis = lines.axis_of(projects, *years, today)
    on_the_way = [_("Project"), _("What"), _("On"), _("As it is known"), _("Passed"), _("Example")]
    calendar = [_("Body"), _("Meeting"), _("On"), _("State")]
    return [
        SheetSpec(_("Projects"), on_the_way, _of_projects(list(projects))),
        SheetSpec(_("Meetings"), calendar, _of_meetings(collaboration, user, axis)),
        SheetSpec(_("Windows"), [_("Area"), _("Begin by"), _("In use from"), _("Example")], _of_windows(collaboration)),
    ]


def _of_projects(projects: list[Project]) -> Iterator[list[Any]]:
    way = lines.on_the_way(projects)
    for project in projects:
        example = _("Example") if project.example else ""
        for what, day, words in [
            (_("starts"), project.starts_on, project.starts),
            (_("ends"), project.ends_on, project.ends),
        ]:
            if day:
                yield [project.title, what, day, words, "", example]
        for one in way.get(project.pk, []):
            yield [project.title, one.what, one.on, one.when, _("yes") if one.done else "", example]


def _of_meetings(collaboration: Collaboration, user: Any, axis: lines.Axis) -> Iterator[list[Any]]:
    for meeting in lines.meetings_in(collaboration, user, axis):
        yield [meeting.body.name, meeting.label, meeting.starts_at, str(meeting.get_state_display())]


def _of_windows(collaboration: Collaboration) -> Iterator[list[Any]]:
    for one in windows_ahead(collaboration):
        yield [one.area, one.begin, one.in_use, _("Example") if one.example else ""]
