from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import meeting_panels, papers
from governance.actions import meetings as actions
from governance.actions import opinions
from governance.answer_tables import answers_sheet
from governance.forms.meetings import MeetingForm
from governance.meeting_tables import STATE_COLORS, MeetingTable
from governance.models import Case, Meeting, Opinion
from governance.quorum import Presence
from governance.views import calling_page, minutes_page, round_page
from governance.views.confirming import confirm
from governance.views.finding import find_collaboration, find_meeting
from governance.written import Round

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def meetings(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What comes and what has been."""
    found = find_collaboration(request, samarbeid)
    shown = Meeting.objects.visible_to(request.user).filter(body__collaboration=found)
    shown = shown.select_related("body__collaboration")
    table = tables.page(request, MeetingTable(shown.exclude(state__in=["planned", "called", "in_progress"])))
    if request.GET.get("format") == "xlsx":
        return writing.response(MeetingTable(shown), file_name=f"moter-{found.slug}.xlsx")
    upcoming = [(meeting, STATE_COLORS[meeting.state]) for meeting in shown.upcoming()]
    prepares = holds(request.user, PREPARE, found)
    cases = Case.objects.visible_to(request.user).filter(body__collaboration=found).open()
    context = {
        "collaboration": found,
        "upcoming": upcoming,
        "table": table,
        "prepares": prepares,
        "bodies": found.bodies.all() if prepares else [],
        "deciding": found.bodies.with_votes() if prepares else [],
        "open_cases": cases.select_related("body__collaboration")[:8] if prepares else [],
    }
    return TemplateResponse(request, "governance/meetings/list.html", context)


@needs(SEE)
def meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The meeting as the reader may see it: time, place, agenda, own views, papers, minutes."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    prepares = holds(request.user, PREPARE, found.body.collaboration)
    reads_all = holds(request.user, "governance.view_papers", found.body)
    entries = papers.agenda_for(request.user, found)
    if found.written and request.GET.get("format") == "xlsx":
        sheet = answers_sheet(round_page.seen(Round(found), entries))
        return writing.response([sheet], file_name=f"svar-{found.body.slug}-{found.number}-{found.year}.xlsx")
    said = own_stances(request.user, found, entries)
    presence = Presence(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "state_color": STATE_COLORS[found.state],
        "entries": [(entry, said.get(entry.case.pk)) for entry in entries],
        "answers": bool(said) or holds(request.user, "governance.give_view", found.body),
        "attendances": presence.attendances,
        "without_vote": presence.others,
        "prepares": prepares,
        "panels": meeting_panels.of(found, request.user),
    }
    context |= calling_page.shown(request, found, prepares=prepares, reads_all=reads_all)
    context |= minutes_page.shown(request, found, entries, prepares=prepares, reads_all=reads_all)
    if found.written:
        context |= round_page.shown(request, found, entries)
    return TemplateResponse(request, "governance/meetings/page.html", context)


def own_stances(user: Any, found: Meeting, entries: list[papers.Entry]) -> dict[int, list[Opinion]]:
    """What is said in each case for each municipality the reader speaks for, by the member or its substitute."""
    spoken_for = [seat.represents_id for seat in opinions.seats_of(user, found.body)]
    mine = Opinion.objects.filter(case__in=[entry.case.pk for entry in entries], organisation__in=spoken_for)
    said: dict[int, list[Opinion]] = {}
    for opinion in mine.select_related("organisation"):
        said.setdefault(opinion.case_id, []).append(opinion)
    return said


@needs(PREPARE)
def new_meeting(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    form = MeetingForm(request.POST if request.method == "POST" else None, collaboration=found)
    if form.is_valid():
        made = actions.make_meeting(body=form.cleaned_data["body"], by=request.user, **form.values)
        messages.success(request, _("The meeting got the number %(number)s.") % {"number": made.label})
        return redirect("agenda", *made.address)
    context = {"collaboration": found, "form": form, "draft": f"new-meeting-{found.pk}"}
    return TemplateResponse(request, "governance/meetings/form.html", context)


@needs(PREPARE)
def edit_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if found.written:
        raise NotAllowedNow(_("A written treatment has no time and place. Prolong its deadline instead."))
    if found.state not in (Meeting.State.PLANNED, Meeting.State.CALLED):
        raise NotAllowedNow(_("The meeting has begun or is cancelled, and can't be moved any more."))
    data = request.POST if request.method == "POST" else None
    form = MeetingForm(data, collaboration=found.body.collaboration, meeting=found, version=found.version)
    if form.is_valid():
        changed = actions.change_meeting(
            meeting=found, version=form.cleaned_data["version"], by=request.user, **form.values
        )
        messages.success(request, _("The meeting is saved."))
        return redirect(changed)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "draft": f"meeting-{found.pk}",
    }
    return TemplateResponse(request, "governance/meetings/form.html", context)


@needs(PREPARE)
def cancel_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if request.method == "POST":
        cancelled = actions.cancel_meeting(meeting=found, by=request.user)
        told = _("The written treatment is cancelled.") if found.written else _("The meeting is cancelled.")
        messages.success(request, told)
        return redirect(cancelled)
    if found.written:
        text = _("The members are told. Answers that are given count no more, and the cases can be sent anew.")
        title = _("Cancel the written treatment %(number)s?") % {"number": found.label}
        return confirm(request, found, title, text, _("Cancel the written treatment"), danger=True)
    text = _("The members are told when the agenda is out. Numbers that are given stay used.")
    return confirm(
        request, found, _("Cancel %(meeting)s?") % {"meeting": found}, text, _("Cancel the meeting"), danger=True
    )
