"""What the page of a meeting shows after the summons: the own answer, who has answered, who has opened the papers."""

from typing import Any

from django.http import HttpRequest

from digivesteralen.documents.models import Document, Job
from governance import papers
from governance.actions import calling
from governance.models import Meeting, ReadMark
from governance.quorum import voting_seats


def shown(request: HttpRequest, found: Meeting, *, prepares: bool, reads_all: bool) -> dict[str, Any]:
    context: dict[str, Any] = {
        "summons": newest(found, papers.SUMMONS, papers.SUMMONS_PUBLIC, reads_all=reads_all),
        "folder": newest(found, papers.FOLDER, papers.FOLDER_PUBLIC, reads_all=reads_all),
        "job": running_job(found) if prepares else None,
    }
    if found.written or not found.agenda_is_out:
        return context
    if calling.takes_replies(found):
        own = calling.seats_of(request.user, found)
        context["own_seats"] = own
        context["own_replies"] = list(found.replies.filter(seat__in=own)) if own else []
    if prepares:
        context |= _overview(found)
    return context


def newest(found: Meeting, full: str, screened: str, *, reads_all: bool) -> Document | None:
    return papers.newest(full if reads_all else screened, found)


def running_job(found: Meeting) -> Job | None:
    kinds = [papers.SUMMONS, papers.MINUTES, papers.FOLDER]
    last = Job.objects.filter(kind__in=kinds, subject=str(found.pk)).select_related("document").newest_first()
    return next((job for job in last[:3] if not job.is_finished), None) or next(
        (job for job in last[:1] if job.state != Job.State.DONE), None
    )


def _overview(found: Meeting) -> dict[str, Any]:
    """«4 of 6 have opened the papers», and who has not said whether they come."""
    seats = list(voting_seats(found.body, found.day))
    replies = {reply.seat_id: reply for reply in found.replies.select_related("substitute")}
    marks: dict[int, list[ReadMark]] = {}
    for mark in found.read_marks.all():
        marks.setdefault(mark.person_id, []).append(mark)
    lines = [(seat, replies.get(seat.pk), marks.get(seat.person_id, [])) for seat in seats]
    return {
        "called_lines": lines,
        "opened": sum(bool(read) for _seat, _reply, read in lines),
        "coming": sum(reply is not None and reply.answer != "away" for _seat, reply, _read in lines),
        "silent": sum(reply is None for _seat, reply, _read in lines),
        "takes_replies": calling.takes_replies(found),
    }
