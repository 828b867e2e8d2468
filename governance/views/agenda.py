from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance import papers
from governance.actions import agenda as actions
from governance.forms.meetings import AgendaForm
from governance.models import Meeting
from governance.views.finding import find_meeting
from governance.views.meetings import version_of

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def agenda(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """Choose and order the cases; after the agenda is out, add late ones."""
    found = _found(request, samarbeid, organ, nummer, aar)
    form = AgendaForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        item = actions.put_on_agenda(meeting=found, case=form.cleaned_data["case"], by=request.user)
        item.case.refresh_from_db()
        told = _("«%(case)s» is a late case on the agenda.") if item.late else _("«%(case)s» is on the agenda.")
        messages.success(request, told % {"case": item.case})
        return redirect("agenda", *found.address)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "entries": papers.agenda_for(request.user, found),
        "is_planned": found.state == Meeting.State.PLANNED,
        "takes_late": found.state in (Meeting.State.CALLED, Meeting.State.IN_PROGRESS),
        "earlier": actions.minutes_to_approve(found),
    }
    return TemplateResponse(request, "governance/meetings/agenda.html", context)


@needs(PREPARE)
@require_POST
def add_minutes_approval(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    actions.put_minutes_approval_on_agenda(meeting=found, by=request.user)
    messages.success(request, _("The approval of the last minutes is on the agenda."))
    return redirect("agenda", *found.address)


@needs(PREPARE)
@require_POST
def move_item(
    request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int, vei: str
) -> HttpResponse:
    """Up, down, or off the agenda."""
    found = _found(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case", "meeting"), pk=pk)
    if vei == "av":
        actions.take_off_agenda(item=item, by=request.user)
    else:
        actions.move_item(item=item, up=vei == "opp", by=request.user)
    return redirect("agenda", *found.address)


@needs(PREPARE)
def send_agenda(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """What is in place, what is missing, and the send button."""
    found = _found(request, samarbeid, organ, nummer, aar)
    if request.method == "POST":
        sent = actions.send_agenda(meeting=found, version=version_of(request), by=request.user)
        messages.success(request, _("The agenda is sent. The cases have their numbers, and the summons is being made."))
        return redirect(sent)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "checks": actions.checklist(found),
        "missing": actions.lacks(found),
        "entries": papers.agenda_for(request.user, found),
    }
    return TemplateResponse(request, "governance/meetings/send.html", context)


def _found(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if found.written:
        raise NotAllowedNow(_("The cases of a written treatment go out together. Send a new one for more cases."))
    return found
