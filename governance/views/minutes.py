from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance.actions import minutes as actions
from governance.forms.meetings import CorrectionForm, RemarkForm
from governance.models import Meeting
from governance.views.finding import find_meeting
from governance.views.meetings import confirm

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
@require_POST
def send_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    sent = actions.send_minutes(meeting=found, by=request.user)
    messages.success(request, _("The minutes are out. Remarks until %(day)s.") % {"day": f"{sent.remarks_by:%d.%m.%Y}"})
    return redirect(sent)


@needs("governance.approve_minutes", on="body")
def remark(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """A member's own answer to the minutes."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, "governance.approve_minutes", on=found.body)
    if found.state != Meeting.State.REMARKS:
        raise NotAllowedNow(_("The minutes are not out for remarks."))
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        approves = form.cleaned_data["answer"] == "approves"
        actions.remark_on_minutes(meeting=found, approves=approves, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Your answer to the minutes is registered."))
        return redirect(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "title": _("Your answer to the minutes"),
        "submit": _("Send the answer"),
    }
    return TemplateResponse(request, "governance/meetings/minutes_form.html", context)


@needs(PREPARE)
def approve_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if request.method == "POST":
        approved = actions.approve_minutes(meeting=found, by=request.user)
        messages.success(request, _("The minutes are approved and locked."))
        return redirect(approved)
    text = _("From here on nothing in the minutes can be changed. A correction is a new version with a reason.")
    return confirm(request, found, _("Approve the minutes?"), text, _("Approve the minutes"))


@needs(PREPARE)
def correct_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_locked or found.number_only:
        raise NotAllowedNow(_("Only approved minutes are corrected; before that they are changed."))
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.correct_minutes(meeting=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The correction is registered, and a new version of the minutes is being made."))
        return redirect(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "title": _("Correct the minutes"),
        "submit": _("Register the correction"),
    }
    return TemplateResponse(request, "governance/meetings/minutes_form.html", context)
