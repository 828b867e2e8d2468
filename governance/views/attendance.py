"""Who is there: the roll call, and what happens to a seat from case to case."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs
from governance.actions import attendance as actions
from governance.actions import running
from governance.actions.attendance import open_for_minutes
from governance.forms.disqualifications import StepDownForm
from governance.forms.running import AttendanceForm, ChangeForm, OthersForm
from governance.models import AgendaItem, AttendanceChange, Meeting
from governance.quorum import Presence
from governance.views.finding import find_meeting_to_run, run_page
from governance.views.running import whole_meeting

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def start_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """Attendance with «met» filled in, and the button that opens the meeting."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    if found.state != Meeting.State.CALLED:
        raise NotAllowedNow(_("Only a meeting that is called can begin."))
    form = AttendanceForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        begun = running.start_meeting(meeting=found, seats=form.seats, others=form.others, by=request.user)
        return redirect("run_meeting", *begun.address)
    return _attendance_page(request, found, form, _("Start the meeting"))


@needs(PREPARE)
def attendance(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    open_for_minutes(found)
    form = AttendanceForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        actions.record_attendance(meeting=found, seats=form.seats, others=form.others, by=request.user)
        messages.success(request, _("The attendance is saved."))
        return redirect("run_meeting", *found.address)
    return _attendance_page(request, found, form, _("Save the attendance"))


def _attendance_page(request: HttpRequest, found: Meeting, form: AttendanceForm, submit: str) -> HttpResponse:
    passed = [row for row in Presence(found).attendances if row.passed_over]
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "submit": submit,
        "passed": passed,
    }
    return TemplateResponse(request, "governance/meetings/attendance.html", context)


@needs(PREPARE)
def record_change(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """Somebody left, came, was stood in for or steps down in a case; what is told of it already, and the quorum."""
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    open_for_minutes(found)
    item = get_object_or_404(found.items.select_related("meeting__body", "case__body"), pk=pk)
    form = ChangeForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        actions.record_change(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("The attendance is saved."))
        return redirect(run_page(item))
    return change_page(request, item, form, StepDownForm(item=item, prefix="inhabil"))


def change_page(request: HttpRequest, item: AgendaItem, form: ChangeForm, step_down: StepDownForm) -> HttpResponse:
    presence = Presence(item.meeting)
    context: dict[str, Any] = {
        "collaboration": item.meeting.body.collaboration,
        "meeting": item.meeting,
        "item": item,
        "form": form,
        "step_down": step_down,
        "changes": presence.changes_at(item),
        "questions": item.disqualifications.told(),
        "quorum": presence.at(item),
        "run": run_page(item),
    }
    return TemplateResponse(request, "governance/meetings/change.html", context)


@needs(PREPARE)
@require_POST
def remove_change(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    change = get_object_or_404(AttendanceChange.objects.select_related("item__meeting"), pk=pk, item__meeting=found)
    actions.remove_change(change=change, by=request.user)
    return redirect(run_page(change.item))


@needs(PREPARE)
@require_POST
def describe_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting_to_run(request, samarbeid, organ, nummer, aar)
    form = OthersForm(request.POST, meeting=found)
    open_for_minutes(found)
    if not form.is_valid():
        return whole_meeting(request, found, form)
    running.describe_meeting(meeting=found, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("run_meeting", *found.address)
