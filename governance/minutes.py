"""The minutes of a meeting, in the order of D1; named «Referat», since the steering group is no elected body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents import jobs
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance import laws, papers
from governance.models import Adoption, Attendance, AttendanceChange, Case, Meeting, Resolution, ResolutionPoint
from governance.quorum import Presence, Quorum
from governance.written import Round, Tally

THERE = (Attendance.Status.PRESENT, Attendance.Status.DIGITAL)


@dataclass(frozen=True)
class Treated:
    """One case of the minutes with what happened in it."""

    entry: papers.Entry
    resolution: Resolution | None
    quorum: Quorum
    changes: list[AttendanceChange]
    adoptions: list[Adoption]
    tally: Tally | None = None

    @property
    def follow_up(self) -> list[ResolutionPoint]:
        """The points that somebody has to carry out."""
        points = self.resolution.points.all() if self.resolution else []
        return [point for point in points if point.responsible or point.deadline]


def make(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=False)


def make_public(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=True)


def context(meeting: Meeting, *, public: bool) -> dict[str, Any]:
    presence = Presence(meeting)
    entries = papers.agenda(meeting, public=public)
    tallies = {tally.item.pk: tally for tally in Round(meeting).tallies} if meeting.written else {}
    return {
        "meeting": meeting,
        "collaboration": meeting.body.collaboration,
        "entries": entries,
        "treated": [_treated(entry, presence, tallies.get(entry.item.pk)) for entry in entries],
        "answered": [row for row in presence.attendances if row.status == Attendance.Status.ANSWERED],
        "silent": [row for row in presence.attendances if row.status == Attendance.Status.SILENT],
        "ground": laws.provision("written_treatment", meeting.day) if meeting.why_written else None,
        "met": [row for row in presence.attendances if row.status in THERE],
        "apologies": [row for row in presence.attendances if row.status == Attendance.Status.EXCUSED],
        "absent": [row for row in presence.attendances if row.status == Attendance.Status.ABSENT],
        "substitutes": [row for row in presence.attendances if row.substitute_id],
        "others": [line.strip() for line in meeting.others.splitlines() if line.strip()],
        "quorum": presence.at_opening(),
        "next_meeting": _next_meeting(meeting),
        "attachments": _attachments(meeting, public=public),
        "approved_in": _approved_in(meeting),
        "corrections": list(meeting.corrections.all()),
        "screened": not all(entry.open for entry in entries),
        "draft": meeting.state != Meeting.State.APPROVED,
        "example": meeting.example,
    }


def render(meeting: Meeting, *, public: bool = False) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with translation.override("nb"):
        return pdf.render("pdf/minutes.html", context(meeting, public=public), title=title(meeting), lang="nb")


def title(meeting: Meeting) -> str:
    if meeting.written:
        return _("Minutes of the written treatment in %(body)s %(number)s") % {
            "body": meeting.body.name_in_text,
            "number": meeting.label,
        }
    return _("Minutes of %(body)s %(number)s") % {"body": meeting.body.name_in_text, "number": meeting.label}


def stored(meeting: Meeting, *, public: bool, by: Any = None) -> Document:
    """The file of the approved minutes; made now if its job has not come so far."""
    kind = papers.MINUTES_PUBLIC if public else papers.MINUTES
    document = papers.newest(kind, meeting)
    if document is None or not is_final(document, meeting):
        job = jobs.run(jobs.ask(kind, meeting.pk, by=by, key=f"{kind}-stored:{meeting.pk}:{meeting.version}").pk)
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


def _treated(entry: papers.Entry, presence: Presence, tally: Tally | None) -> Treated:
    resolution = getattr(entry.item, "resolution", None)
    adoptions: list[Adoption] = []
    if resolution and resolution.goes_to_municipalities:
        adoptions = list(Adoption.objects.filter(case=entry.case).select_related("organisation"))
    return Treated(entry, resolution, presence.at(entry.item), presence.changes_at(entry.item), adoptions, tally)


def _next_meeting(meeting: Meeting) -> Meeting | None:
    later = Meeting.objects.filter(
        body=meeting.body, written=False, starts_at__gt=meeting.starts_at, state__in=["planned", "called"]
    )
    return later.order_by("starts_at").first()


def _approved_in(meeting: Meeting) -> Case | None:
    """The case of a later meeting that approved these minutes; shown only once they are approved."""
    adopted = meeting.approval_cases.filter(
        stage=Case.Stage.TREATED, items__resolution__outcome__in=["as_proposed", "changed"]
    )
    return adopted.select_related("body").order_by("-year", "-sequence").first() if meeting.is_locked else None


def _attachments(meeting: Meeting, *, public: bool) -> list[Document]:
    """The summons as it was sent; its checksum ties the minutes to it."""
    summons = papers.newest(papers.SUMMONS_PUBLIC if public else papers.SUMMONS, meeting)
    return [summons] if summons else []


def _made(meeting: Meeting, report: Report, reason: str, *, public: bool) -> Made:
    report(20, _("Setting the pages"))
    made_from = {
        "meeting": meeting.pk,
        "state": meeting.state,
        "version": meeting.version,
        "corrections": meeting.corrections.count(),
        "reason": reason,
    }
    with translation.override("nb"):
        name = papers.file_name("referat", meeting, public=public)
        return Made(render(meeting, public=public), name, "application/pdf", title(meeting), made_from, reason)
