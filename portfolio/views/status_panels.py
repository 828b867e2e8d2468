"""How a project stands, on its own page; and the status of all projects, on the page of a meeting."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from digivesteralen.accounts.access import holds
from digivesteralen.documents.models import Document
from governance.models import Body, Meeting
from portfolio.actions.status_papers import KIND
from portfolio.models import Project
from portfolio.status import occasion_of
from portfolio.status_tables import LIGHT_COLORS, may_repeat, trend
from portfolio.views.finding import MANAGE

SHOWN = 12
FOLLOWED_BY = {Body.Kind.STEERING, Body.Kind.STRATEGY}


def of_project(request: Any, project: Project) -> str:
    """The newest light with its lines, the trend, and the way to the next report."""
    occasion = occasion_of(project.collaboration)
    projects = Project.objects.filter(pk=project.pk).with_status(occasion.counts)
    found: Any = projects.select_related("collaboration").get()
    published = list(project.status_reports.published().newest_first().select_related("written_by")[:SHOWN])
    writes = found.is_under_way and Project.objects.reported_by(request.user).filter(pk=project.pk).exists()
    if not published and not found.is_under_way:
        return ""
    context = {
        "project": found,
        "collaboration": project.collaboration,
        "occasion": occasion,
        "newest": published[0] if published else None,
        "published": published,
        "trend": trend([{"light": one.overall, "on": one.reported_for.isoformat()} for one in published]),
        "colors": LIGHT_COLORS,
        "writes": writes,
        "may_repeat": writes and not found.draft and may_repeat(found, occasion),
    }
    return render_to_string("portfolio/_status_panel.html", context, request=request)


def of_meeting(meeting: Meeting, user: Any) -> str:
    """The paper that was made for the meeting, and the way to make it."""
    document = Document.objects.of(KIND, meeting.pk).latest_version()
    manages = meeting.starts_at is not None and meeting.state != Meeting.State.CANCELLED
    manages = manages and not meeting.from_before and holds(user, MANAGE, meeting.body.collaboration)
    followed = meeting.body.kind in FOLLOWED_BY and meeting.body.collaboration.projects.exists()
    if document is None and not (manages and followed):
        return ""
    context = {"meeting": meeting, "document": document, "manages": manages}
    return render_to_string("portfolio/_meeting_status.html", context)
