"""The minutes as documents: full and public, drafts and what was approved, from the same data."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from digivesteralen.documents import jobs
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance import minutes_record, papers
from governance.minutes_text import context, word
from governance.models import Meeting


def make(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=False)


def make_public(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=True)


def render(meeting: Meeting, *, public: bool = False) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with translation.override("nb"):
        return pdf.render("pdf/minutes.html", context(meeting, public=public), title=title(meeting), lang="nb")


def title(meeting: Meeting) -> str:
    told = {"body": meeting.body.name_in_text, "number": meeting.label, "word": word(meeting)}
    if meeting.written:
        return _("%(word)s of the written treatment in %(body)s %(number)s") % told
    return _("%(word)s of %(body)s %(number)s") % told


def stored(meeting: Meeting, *, public: bool, by: Any = None) -> Document:
    """The file of the approved minutes; made now if its job has not come so far."""
    kind = papers.MINUTES_PUBLIC if public else papers.MINUTES
    document = papers.newest(kind, meeting)
    if document is None or not is_final(document, meeting):
        key = f"{kind}-stored:{meeting.pk}:{meeting.version}:{papers.versions(kind, meeting).count()}"
        job = jobs.run(jobs.ask(kind, meeting.pk, by=by, key=key).pk)
        if job.document is None:
            raise RuntimeError(job.error)
        document = job.document
    return document


def is_final(document: Document, meeting: Meeting) -> bool:
    """Made after the approval, with every correction since."""
    made_from = document.made_from
    return (
        made_from.get("state") == Meeting.State.APPROVED and made_from.get("corrections") == meeting.corrections.count()
    )


def _made(meeting: Meeting, report: Report, reason: str, *, public: bool) -> Made:
    report(20, _("Setting the pages"))
    made_from = {
        "meeting": meeting.pk,
        "state": meeting.state,
        "version": meeting.version,
        "corrections": meeting.corrections.count(),
        "content_sha256": meeting.content_sha256 or minutes_record.digest(meeting),
        **(papers.withheld(meeting) if public else {}),
        "reason": reason,
    }
    with translation.override("nb"):
        name = papers.file_name(slugify(word(meeting)), meeting, public=public)
        return Made(render(meeting, public=public), name, "application/pdf", title(meeting), made_from, reason)
