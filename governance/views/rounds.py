from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui import wording
from digivesteralen.ui.numbers import version_in, whole
from governance import laws
from governance.actions import disqualifications
from governance.actions import rounds as actions
from governance.actions.running import Point
from governance.forms.rounds import AssignedForms, CloseForm, DeadlineForm, RoundForm, StepOutForm
from governance.models import Case, Meeting, Resolution, RuleProfile
from governance.views.finding import find_body, find_meeting
from governance.written import Round

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def new_round(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """Choose the cases and the deadline, and send them for answers in writing."""
    found = find_body(request, samarbeid, organ)
    require(request.user, PREPARE, on=found.collaboration)
    ready = Case.objects.visible_to(request.user).ready_for_an_agenda().filter(body=found).select_related("body")
    form = RoundForm(
        request.POST if request.method == "POST" else None, body=found, ready=ready, initial=_chosen(request)
    )
    if form.is_valid():
        told = form.cleaned_data
        sent = actions.send_round(
            body=found, cases=list(told["cases"]), answer_by=told["answer_by"], why=told.get("why", ""), by=request.user
        )
        messages.success(request, _sent(sent))
        return redirect(sent)
    context = {"collaboration": found.collaboration, "body": found, "form": form, "ready": ready}
    return TemplateResponse(request, "governance/rounds/new.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """The case whose page one came from."""
    chosen = whole(request.GET.get("sak", ""))
    return {"cases": [chosen]} if chosen else {}


def _sent(sent: Meeting) -> str:
    return _("Written treatment %(number)s is sent. The cases have their numbers, and the deadline is %(moment)s.") % {
        "number": sent.label,
        "moment": wording.moment(sent.answer_by),
    }


@needs(PREPARE)
def prolong_round(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """A later deadline for everybody."""
    found = _found(request, samarbeid, organ, nummer, aar)
    form = DeadlineForm(request.POST if request.method == "POST" else None, after=found, version=found.version)
    if form.is_valid():
        told = form.cleaned_data
        prolonged = actions.prolong_round(
            meeting=found, answer_by=told["answer_by"], version=told["version"], by=request.user
        )
        messages.success(request, _("The deadline is %(moment)s.") % {"moment": wording.moment(prolonged.answer_by)})
        return redirect(prolonged)
    context = {"collaboration": found.body.collaboration, "meeting": found, "form": form}
    return TemplateResponse(request, "governance/rounds/prolong.html", context)


@needs(PREPARE)
@require_POST
def remind_round(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = _found(request, samarbeid, organ, nummer, aar)
    count = len(actions.remind_silent(meeting=found, by=request.user))
    told = ngettext("%(count)s person is reminded.", "%(count)s people are reminded.", count)
    messages.success(request, told % {"count": count})
    return redirect(found)


@needs(PREPARE)
def close_round(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """What the answers come to by the body's rules, case by case, and the button that closes."""
    found = _found(request, samarbeid, organ, nummer, aar)
    counted = Round(found)
    data = request.POST if request.method == "POST" else None
    form = CloseForm(data, counted=counted, version=found.version)
    if form.is_valid():
        done = actions.close_round(
            meeting=found, version=form.cleaned_data["version"], to_meeting=form.items, by=request.user
        )
        messages.success(request, _("The written treatment is closed, and the draft minutes are being made."))
        return redirect(done)
    strict = found.profile.between_meetings == RuleProfile.Between.STRICT
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "round": counted,
        "form": form,
        "can_close": not found.takes_answers() or counted.all_have_answered,
        "ground": laws.provision("written_treatment") if strict else None,
    }
    return TemplateResponse(request, "governance/rounds/close.html", context)


@needs(PREPARE)
def step_out(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """A member is disqualified in one of the cases; what was registered by mistake is removed here too."""
    found = _found(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case__body", "meeting"), pk=pk)
    if "take_back" in request.POST:
        known = get_object_or_404(item.disqualifications, pk=request.POST["take_back"])
        disqualifications.take_back(question=known, by=request.user)
        messages.success(request, _("It is removed."))
        return redirect("close_round", *found.address)
    form = StepOutForm(request.POST if request.method == "POST" else None, meeting=found)
    if form.is_valid():
        disqualifications.step_out(item=item, by=request.user, **form.cleaned_data)
        messages.success(request, _("The member steps down in the case."))
        return redirect("close_round", *found.address)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "item": item,
        "form": form,
        "known": item.disqualifications.told(),
    }
    return TemplateResponse(request, "governance/rounds/step_out.html", context)


@needs(PREPARE)
def assign_points(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """Who follows up the points of a case that was decided in writing, and by when."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    item = get_object_or_404(found.items.select_related("case__body", "resolution", "meeting"), pk=pk)
    resolution: Resolution | None = getattr(item, "resolution", None)
    if resolution is None or not found.written or not found.was_held or found.is_locked:
        raise NotAllowedNow(_("Who follows up is told after the treatment is closed, until the minutes are approved."))
    points = list(resolution.points.all())
    initial = [{"responsible": point.responsible, "deadline": point.deadline} for point in points]
    forms = AssignedForms(request.POST if request.method == "POST" else None, initial=initial, prefix="points")
    if forms.is_valid() and len(forms) == len(points):
        actions.assign_points(
            resolution=resolution,
            assigned=[_told(form.cleaned_data) for form in forms],
            version=version_in(request),
            by=request.user,
        )
        messages.success(request, _("The follow-up is saved."))
        return redirect(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "item": item,
        "resolution": resolution,
        "forms": forms,
        "points": list(zip(points, forms, strict=False)),
    }
    return TemplateResponse(request, "governance/rounds/assign.html", context)


def _told(written: dict[str, Any]) -> Point:
    return {"responsible": written["responsible"], "deadline": written["deadline"]}


def _found(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> Meeting:
    """A written treatment that is out for answers."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    actions.still_out(found)
    return found
