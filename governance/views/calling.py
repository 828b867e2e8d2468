from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs
from governance import papers
from governance.actions import calling as actions
from governance.forms.planning import ReplyForm
from governance.models import Meeting, ReadMark
from governance.views.finding import find_meeting

SEE = "governance.view_collaboration"
KINDS = {"innkalling": (papers.SUMMONS, papers.SUMMONS_PUBLIC), "motepapirer": (papers.FOLDER, papers.FOLDER_PUBLIC)}


@needs("governance.view_body", on="body")
def answer_summons(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """A member's own answer: I will come, I will not come, the substitute will come."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    seats = actions.seats_of(request.user, found)
    if not seats:
        raise PermissionDenied("no seat in the body")
    if not actions.takes_replies(found):
        raise NotAllowedNow(_("The meeting takes no answers: it is not called, has begun or is cancelled."))
    forms = _reply_forms(request, found, seats)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        for form in forms:
            told = {"answer": form.cleaned_data["answer"], "substitute": form.cleaned_data.get("substitute")}
            actions.answer_summons(meeting=found, seat=form.seat, by=request.user, **told)
        messages.success(request, _("Your answer is registered."))
        return redirect(found)
    context = {"collaboration": found.body.collaboration, "meeting": found, "forms": forms}
    return TemplateResponse(request, "governance/planning/reply.html", context)


def _reply_forms(request: HttpRequest, found: Meeting, seats: list[Any]) -> list[ReplyForm]:
    said = {reply.seat_id: reply for reply in found.replies.filter(seat__in=seats)}
    data = request.POST if request.method == "POST" else None
    forms = []
    for seat in seats:
        before = said.get(seat.pk)
        initial = {"answer": before.answer, "substitute": before.substitute_id} if before else {}
        forms.append(ReplyForm(data, prefix=f"plass{seat.pk}", seat=seat, day=found.day, initial=initial))
    return forms


@needs("governance.prepare_meetings")
@require_POST
def remind_of_replies(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    count = actions.remind_of_replies(meeting=found, by=request.user)
    messages.success(request, _("%(count)s are reminded by e-mail.") % {"count": count})
    return redirect(found)


@needs(SEE)
@require_GET
def open_papers(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, hva: str) -> HttpResponse:
    """The newest summons or papers as the reader may have them; that a member opened them is noted."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    if hva not in KINDS:
        raise Http404
    full, screened = KINDS[hva]
    document = papers.newest(full if holds(request.user, "governance.view_papers", found.body) else screened, found)
    if document is None:
        raise NotAllowedNow(_("The file is still being made. Try again in a moment."))
    what = ReadMark.What.SUMMONS if hva == "innkalling" else ReadMark.What.PAPERS
    actions.note_read(meeting=found, what=what, by=request.user)
    return redirect(f"{document.get_absolute_url()}?vis=1")
