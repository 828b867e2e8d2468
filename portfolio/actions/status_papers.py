"""Ordering the status of all projects as a paper for a meeting."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Meeting

RIGHT = "governance.manage_portfolio"
KIND = "portfolio.status_report"


@transaction.atomic
def order(*, meeting: Meeting, by: Any) -> Job:
    """Ask for the PDF; pressed twice it is made once, and what comes out the same is no new version."""
    meeting = (
        Meeting.objects.select_for_update(of=["self"], no_key=True)
        .select_related("body__collaboration")
        .get(pk=meeting.pk)
    )
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.starts_at is None:
        raise NotAllowedNow(_("Only the number of this meeting is known, so nobody knows what was reported before it."))
    if meeting.state == Meeting.State.CANCELLED:
        raise NotAllowedNow(_("The meeting is cancelled. Make the report for another meeting."))
    waiting = Job.objects.filter(kind=KIND, subject=str(meeting.pk)).unfinished().first()
    return waiting or jobs.ask(KIND, meeting.pk, by=by)
