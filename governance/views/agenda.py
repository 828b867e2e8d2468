from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui.numbers import version_in
from governance import follow_up, papers
from governance.actions import agenda as actions
from governance.actions import fixed_cases
from governance.actions import follow_up as points
from governance.forms.meetings import AgendaForm
from governance.forms.planning import CopyForm, SentForm
from governance.models import Case, Meeting
from governance.views.finding import find_meeting

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
        **standing(found),
        "fixed": fixed_cases.missing_fixed(found),
        "supplements": found.state == Meeting.State.CALLED,
    }
    return TemplateResponse(request, "governance/meetings/agenda.html", context)


def standing(found: Meeting) -> dict[str, Any]:
    """What the portal suggests for a planned agenda: the follow-up, and resolutions whose day is near (D12)."""
    if found.state != Meeting.State.PLANNED:
        return {}
    return {
        "open_points": follow_up.open_points(found.body).count(),
        "follow_up_case": follow_up.the_case_of(found),
        "take_up": list(follow_up.to_take_up_again(found)),
    }


@needs(PREPARE)
@require_POST
def add_follow_up(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The case «Oppfølging av vedtak», made or brought up to date."""
    found = _found(request, samarbeid, organ, nummer, aar)
    if points.follow_up_case(meeting=found, by=request.user) is None:
        raise NotAllowedNow(_("Nothing is open, so there is nothing to follow up."))
    messages.success(request, _("The follow-up of resolutions is on the agenda, as it stands today."))
    return redirect("agenda", *found.address)


@needs(PREPARE)
@require_POST
def take_up_again(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """A resolution that was to be looked at again comes back as a new case."""
    found = _found(request, samarbeid, organ, nummer, aar)
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk, body=found.body)
    anew = points.take_up_again(case=case, meeting=found, by=request.user)
    messages.success(request, _("«%(case)s» is on the agenda.") % {"case": anew})
    return redirect(anew)


@needs(PREPARE)
@require_POST
def add_minutes_approval(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    actions.put_minutes_approval_on_agenda(meeting=found, by=request.user)
    messages.success(request, _("The approval of the last minutes is on the agenda."))
    return redirect("agenda", *found.address)


@needs(PREPARE)
@require_POST
def add_fixed(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The fixed cases of this meeting that are not on the agenda."""
    found = _found(request, samarbeid, organ, nummer, aar)
    put = fixed_cases.put_fixed_on_agenda(meeting=found, by=request.user)
    messages.success(request, _("%(count)s fixed cases are on the agenda as drafts.") % {"count": len(put)})
    return redirect("agenda", *found.address)


@needs(PREPARE)
def copy_agenda(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """Choose what of the last agenda stands on this one too, and the follow-up of resolutions."""
    found = _found(request, samarbeid, organ, nummer, aar)
    form = CopyForm(request.POST if request.method == "POST" else None, last=fixed_cases.last_agenda(found))
    if form.is_valid():
        chosen = list(form.cleaned_data.get("items") or [])
        fixed_cases.copy_from_last(
            meeting=found, chosen=chosen, follow_up=form.cleaned_data["follow_up"], by=request.user
        )
        messages.success(request, _("The cases are on the agenda as drafts. Mark each as ready when it is."))
        return redirect("agenda", *found.address)
    return _form(request, found, form, _("Copy from the last agenda"), _("Put on the agenda"))


@needs(PREPARE)
def change_sent(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """A sent agenda is only supplemented: a case withdrawn, put off or moved, with the reason."""
    found = _found(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case__body", "meeting"), pk=pk)
    if found.state != Meeting.State.CALLED:
        raise NotAllowedNow(_("Only an agenda that is sent, to a meeting that has not begun, is supplemented here."))
    form = SentForm(request.POST if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        actions.change_sent(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agenda is marked with the change, and a new edition goes to the members."))
        return redirect("agenda", *found.address)
    return _form(request, found, form, _("Change %(case)s") % {"case": item.case.number}, _("Send the change"))


def _form(request: HttpRequest, found: Meeting, form: Any, title: str, submit: str) -> HttpResponse:
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "title": title,
        "submit": submit,
    }
    return TemplateResponse(request, "governance/planning/agenda_form.html", context)


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
        sent = actions.send_agenda(meeting=found, version=version_in(request), by=request.user)
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
