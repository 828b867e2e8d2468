from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance import papers
from governance.actions import running as actions
from governance.forms.meetings import AttendanceForm, ChangeForm, OthersForm, PointForms, ResolutionForm
from governance.models import AgendaItem, AttendanceChange, Meeting, Resolution
from governance.quorum import Presence
from governance.views.finding import find_meeting
from governance.views.meetings import confirm

PREPARE = "governance.prepare_meetings"
OPEN = (Meeting.State.IN_PROGRESS, Meeting.State.HELD, Meeting.State.REMARKS)


@needs(PREPARE)
def start_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """Attendance with «met» filled in, and the button that opens the meeting."""
    found = _found(request, samarbeid, organ, nummer, aar)
    if found.state != Meeting.State.CALLED:
        raise NotAllowedNow(_("Only a meeting that is called can begin."))
    form = AttendanceForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        begun = actions.start_meeting(meeting=found, seats=form.seats, by=request.user)
        return redirect("run_meeting", *begun.address)
    return _attendance_page(request, found, form, _("Start the meeting"))


@needs(PREPARE)
def attendance(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    _in_the_open(found)
    form = AttendanceForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        actions.record_attendance(meeting=found, seats=form.seats, by=request.user)
        messages.success(request, _("The attendance is saved."))
        return redirect("run_meeting", *found.address)
    return _attendance_page(request, found, form, _("Save the attendance"))


def _attendance_page(request: HttpRequest, found: Meeting, form: AttendanceForm, submit: str) -> HttpResponse:
    context = {"collaboration": found.body.collaboration, "meeting": found, "form": form, "submit": submit}
    return TemplateResponse(request, "governance/meetings/attendance.html", context)


@needs(PREPARE)
def run_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """One page for the whole meeting; the focus stands on the next untreated case."""
    found = _found(request, samarbeid, organ, nummer, aar)
    _in_the_open(found)
    cards = _cards(found)
    open_cards = [card for card in cards if not card["resolution"] and not card["item"].withdrawn]
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "cards": cards,
        "current": open_cards[0]["item"].pk if open_cards else None,
        "left": len(open_cards),
        "quorum": Presence(found).at_opening(),
        "in_progress": found.state == Meeting.State.IN_PROGRESS,
        "others": OthersForm(initial={"others": found.others, "agenda_remarks": found.agenda_remarks}),
    }
    return TemplateResponse(request, "governance/meetings/run.html", context)


def _cards(found: Meeting) -> list[dict[str, Any]]:
    presence = Presence(found)
    outcomes = dict(Resolution.Outcome.choices)
    return [
        {
            "item": entry.item,
            "case": entry.case,
            "resolution": getattr(entry.item, "resolution", None),
            "quorum": presence.at(entry.item),
            "changes": presence.changes_at(entry.item),
            "usual": entry.case.usual_outcome,
            "usual_words": outcomes[entry.case.usual_outcome],
            "form": ChangeForm(item=entry.item, auto_id=f"id_{entry.item.pk}_%s"),
        }
        for entry in papers.agenda(found, public=False)
    ]


@needs(PREPARE)
@require_POST
def resolve_as_usual(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """One key: as proposed, recommended or taken note of; the page comes back at the next case."""
    found = _found(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case", "meeting"), pk=pk)
    # Pressed twice is pressed once; what somebody else has decided meanwhile is refused as stale.
    if not Resolution.objects.filter(item=item, outcome=item.case.usual_outcome).exists():
        actions.resolve(item=item, outcome=item.case.usual_outcome, by=request.user)
    return redirect("run_meeting", *found.address)


@needs(PREPARE)
def resolve(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """Any other outcome: changed words, votes, responsible and deadline."""
    found = _found(request, samarbeid, organ, nummer, aar)
    _in_the_open(found)
    item = get_object_or_404(found.items.select_related("case__body", "meeting"), pk=pk)
    resolution = Resolution.objects.filter(item=item).prefetch_related("points").first()
    data = request.POST if request.method == "POST" else None
    version = resolution.version if resolution else None
    form = ResolutionForm(data, version=version, initial=_told(item, resolution), body=found.body)
    points = PointForms(data, initial=_points(item, resolution), prefix="points")
    if form.is_valid() and points.is_valid():
        written: list[Any] = [point.cleaned_data for point in points if point.cleaned_data.get("text")]
        actions.resolve(item=item, points=written, by=request.user, **form.cleaned_data)
        messages.success(request, _("The resolution in case %(case)s is saved.") % {"case": item.case.number})
        return redirect(f"{reverse('run_meeting', args=found.address)}#sak-{item.pk}")
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "item": item,
        "form": form,
        "points": points,
    }
    return TemplateResponse(request, "governance/meetings/resolve.html", context)


def _told(item: AgendaItem, resolution: Resolution | None) -> dict[str, Any]:
    if resolution is None:
        return {"outcome": item.case.usual_outcome}
    names = ("outcome", "treatment", "unanimous", "votes_for", "votes_against", "chair_decided")
    return {name: getattr(resolution, name) for name in names}


def _points(item: AgendaItem, resolution: Resolution | None) -> list[Any]:
    """What is decided, or the proposal's own points to start from."""
    if resolution:
        return list(resolution.points.values("text", "responsible", "deadline"))
    return [{"text": text} for text in item.case.proposed_points]


@needs(PREPARE)
@require_POST
def record_change(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """Somebody left, came or stepped down before or in a case."""
    found = _found(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("meeting"), pk=pk)
    form = ChangeForm(request.POST, item=item, auto_id=f"id_{item.pk}_%s")
    if form.is_valid():
        actions.record_change(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("The attendance is saved."))
        return redirect(f"{reverse('run_meeting', args=found.address)}#sak-{item.pk}")
    context = {"collaboration": found.body.collaboration, "meeting": found, "item": item, "form": form}
    return TemplateResponse(request, "governance/meetings/change.html", context)


@needs(PREPARE)
@require_POST
def remove_change(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    change = get_object_or_404(AttendanceChange.objects.select_related("item__meeting"), pk=pk, item__meeting=found)
    actions.remove_change(change=change, by=request.user)
    return redirect(f"{reverse('run_meeting', args=found.address)}#sak-{change.item_id}")


@needs(PREPARE)
@require_POST
def describe_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    form = OthersForm(request.POST)
    if form.is_valid():
        actions.describe_meeting(meeting=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("run_meeting", *found.address)


@needs(PREPARE)
def end_meeting(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    if request.method == "POST":
        ended = actions.end_meeting(meeting=found, by=request.user)
        messages.success(request, _("The meeting is ended, and the draft minutes are being made."))
        return redirect(ended)
    text = _("Recommendations are sent to the municipalities, which decide for themselves.")
    return confirm(request, found, _("End the meeting?"), text, _("End the meeting"))


def _found(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    actions.sits_together(found)
    return found


def _in_the_open(found: Meeting) -> None:
    if found.is_locked:
        raise NotAllowedNow(_("The minutes are approved and locked. Register a correction instead."))
    if found.state not in OPEN:
        raise NotAllowedNow(_("The meeting has not begun."))
