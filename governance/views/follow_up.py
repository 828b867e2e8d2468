"""What the resolutions asked somebody to do: lists, one point with its answer, and who owns it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.actions import follow_up as actions
from governance.follow_up_tables import POINT_COLORS, FollowUpTable
from governance.forms.follow_up import AnswerForm, FollowUpFilter, HandOverForm, ReviewForm
from governance.models import Body, ResolutionPoint
from governance.views.finding import find_case, find_collaboration
from governance.views.organisations import find_municipality

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def follow_up(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the resolutions of a collaboration ask for: overdue first, done last (X1, X2)."""
    found = find_collaboration(request, samarbeid)
    points = _points(request).filter(resolution__item__meeting__body__collaboration=found)
    form = FollowUpFilter(request.GET, bodies=found.bodies.all(), organisations=found.members())
    table = tables.page(request, FollowUpTable(form.narrowed(points)))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"oppfolging-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form}
    return TemplateResponse(request, "governance/follow_up/list.html", context)


@needs(SEE)
def municipality_follow_up(request: HttpRequest, nummer: str) -> HttpResponse:
    """What a municipality is to carry out, in all its collaborations: the director must see that it is done (D12)."""
    found = find_municipality(request, nummer)
    points = _points(request).filter(organisation=found)
    bodies = Body.objects.visible_to(request.user).filter(collaboration__memberships__organisation=found).distinct()
    form = FollowUpFilter(request.GET, bodies=bodies)
    table = tables.page(request, FollowUpTable(form.narrowed(points), exclude=["organisation"]))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"oppfolging-{found.number}.xlsx")
    context = {"municipality": found, "table": table, "filter": form}
    return TemplateResponse(request, "governance/follow_up/municipality.html", context)


@needs(SEE)
def point(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """One point and how it stands; its owner and the secretariat may answer here."""
    found = _find(request, samarbeid, pk)
    answers = actions.may_answer(request.user, found) and found.closed_in is None
    if request.method == "POST" and not actions.may_answer(request.user, found):
        require(request.user, PREPARE, on=found.resolution.item.meeting.body.collaboration)
    told = {"state": found.state, "answer": found.answer, "done_on": found.done_on}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=told, version=found.version)
    if form.is_valid():
        actions.answer_point(point=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The follow-up is saved."))
        return redirect("follow_up", samarbeid)
    return _page(request, found, form=form, answers=answers)


@needs(PREPARE)
def hand_over_point(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    collaboration = found.resolution.item.meeting.body.collaboration
    require(request.user, PREPARE, on=collaboration)
    if found.closed_in is not None:
        raise NotAllowedNow(_("The point is closed, and nobody follows it up any more."))
    told = {"owner": found.owner_id, "organisation": found.organisation_id}
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, initial=told, version=found.version, collaboration=collaboration)
    if form.is_valid():
        actions.hand_over_point(point=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The follow-up is saved."))
        return redirect(found)
    return _page(request, found, handing_over=form)


@needs(PREPARE)
def review_date(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """«Ta opp igjen»: the day by which a treated case comes back."""
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if found.stage != found.Stage.TREATED:
        raise NotAllowedNow(_("Only a treated case is taken up again."))
    told = {"review_on": found.review_on}
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=told, version=found.version)
    if form.is_valid():
        actions.set_review(case=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The day for taking the case up again is saved."))
        return redirect(found)
    context = {"collaboration": found.body.collaboration, "case": found, "form": form}
    return TemplateResponse(request, "governance/follow_up/review.html", context)


def _page(request: HttpRequest, found: ResolutionPoint, **about: Any) -> HttpResponse:
    collaboration = found.resolution.item.meeting.body.collaboration
    context = {
        "collaboration": collaboration,
        "point": found,
        "color": POINT_COLORS.get(found.status, "neutral"),
        "prepares": holds(request.user, PREPARE, collaboration),
        **about,
    }
    return TemplateResponse(request, "governance/follow_up/point.html", context)


def _points(request: HttpRequest) -> Any:
    points = ResolutionPoint.objects.visible_to(request.user).to_follow_up()
    return points.select_related(
        "resolution__item__case__body__collaboration", "owner", "organisation", "closed_in__body"
    )


def _find(request: HttpRequest, samarbeid: str, pk: int) -> ResolutionPoint:
    found = find_collaboration(request, samarbeid)
    points = ResolutionPoint.objects.visible_to(request.user).select_related(
        "resolution__item__meeting__body__collaboration",
        "resolution__item__case__body__collaboration",
        "owner",
        "organisation",
        "closed_in__body__collaboration",
        "answered_by",
    )
    return get_object_or_404(points, pk=pk, resolution__item__meeting__body__collaboration=found)
