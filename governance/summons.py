"""The summons: time, place, agenda and the papers of each case, frozen as it was sent."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance import laws, papers
from governance.models import Meeting


def make(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=False)


def make_public(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=True)


def context(meeting: Meeting, *, public: bool) -> dict[str, Any]:
    entries = papers.agenda(meeting, public=public)
    return {
        "meeting": meeting,
        "collaboration": meeting.body.collaboration,
        "entries": entries,
        "ground": laws.provision("written_treatment", meeting.day) if meeting.why_written else None,
        "screened": not all(entry.open for entry in entries),
        "example": meeting.example,
    }


def render(meeting: Meeting, *, public: bool = False) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with translation.override("nb"):
        return pdf.render("pdf/summons.html", context(meeting, public=public), title=title(meeting), lang="nb")


def title(meeting: Meeting) -> str:
    if meeting.written:
        return _("Written treatment in %(body)s %(number)s") % {
            "body": meeting.body.name_in_text,
            "number": meeting.label,
        }
    return _("Summons to %(body)s %(number)s") % {"body": meeting.body.name_in_text, "number": meeting.label}


def _made(meeting: Meeting, report: Report, reason: str, *, public: bool) -> Made:
    report(20, _("Setting the pages"))
    made_from = {"meeting": meeting.pk, "state": meeting.state, "version": meeting.version, "reason": reason}
    made_from |= papers.withheld(meeting) if public else {}
    with translation.override("nb"):
        what = "skriftlig-behandling" if meeting.written else "innkalling"
        name = papers.file_name(what, meeting, public=public)
        return Made(render(meeting, public=public), name, "application/pdf", title(meeting), made_from, reason)
