"""The draft as PDF while it is being written: made by the worker, which has loaded what it takes, and soon erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance import minutes, minutes_record, papers
from governance.minutes_text import word
from governance.models import Meeting

KIND = "governance.minutes_preview"
WRITTEN_IN = (Meeting.State.IN_PROGRESS, Meeting.State.HELD, Meeting.State.REMARKS)
KEPT_FOR = timedelta(days=1)


def order(meeting: Meeting, *, by: Any) -> Job:
    """Ask for the file; the same words on the same day are the same file."""
    if meeting.state not in WRITTEN_IN or meeting.from_before:
        raise NotAllowedNow(_("Only minutes that are being written are previewed. Open the file of the minutes."))
    key = f"minutes-preview:{meeting.pk}:{timezone.localdate()}:{meeting.state}:{minutes_record.digest(meeting)}"
    return jobs.ask(KIND, meeting.pk, by=by, key=key)


def make(job: Job, report: Report) -> Made:
    meeting = papers.meeting_of(job.subject)
    report(20, _("Setting the pages"))
    with translation.override("nb"):
        name = papers.file_name(f"{slugify(word(meeting))}-{slugify(_('draft'))}", meeting, public=False)
        return Made(minutes.render(meeting), name, "application/pdf", minutes.title(meeting), {"meeting": meeting.pk})


def erase_old() -> int:
    """Take away the content of previews that are a day old; the drafts that went out are other files."""
    old = Document.objects.filter(kind=KIND, erased_at=None, created_at__lt=timezone.now() - KEPT_FOR)
    return len([files.erase(document) for document in old])
