from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from governance.actions.delegations import is_director
from portfolio.actions import participation as actions
from portfolio.actions.invitations import why_not_asked_anew, why_not_taken_back
from portfolio.actions.rollout import plans_for
from portfolio.actions.shares import up_to_date
from portfolio.forms.participation import (
    InterestForm,
    InternalCostForm,
    InviteForm,
    JoinForm,
    NoticeForm,
)
from portfolio.models import Participation
from portfolio.overview import STATUS_COLORS
from portfolio.views.finding import DECIDE, MANAGE, SEE, find_participation, find_project, posted

FORM = "portfolio/form.html"
REPORT = actions.REPORT_RIGHT


@needs(SEE)
def participation(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """One municipality in one project: what it has answered, what it pays, its own plan, people and costs (L9)."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    up_to_date(found.project.collaboration)
    decides = holds(request.user, DECIDE, found.organisation)
    manages = holds(request.user, MANAGE, found.project.collaboration)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "part": found,
        "color": STATUS_COLORS[found.status],
        "share": found.share if hasattr(found, "share") else None,
        "steps": found.steps.all(),
        "contributions": found.contributions.select_related("person"),
        "earlier": found.earlier.select_related("adoption__collaboration", "withdrawal"),
        "decides": decides,
        "manages": manages,
        "reports": holds(request.user, REPORT, found.organisation),
        "plans": plans_for(request.user, found.project, found.organisation),
        "on_the_spot": decides and _may_decide_on_the_spot(request, found),
        "may_be_taken_back": manages and not why_not_taken_back(found),
        "may_be_asked_anew": manages and not why_not_asked_anew(found),
    }
    return TemplateResponse(request, "portfolio/participation.html", context)


def _may_decide_on_the_spot(request: HttpRequest, found: Participation) -> bool:
    """A registered delegation covers the share, and the reader is the director it is given to (rule 1)."""
    if found.adoption.is_decided or not is_director(request.user, found.organisation):
        return False
    amount = found.share.if_all if hasattr(found, "share") else None
    return found.organisation.delegations.covering(found.organisation, amount=amount).exists()


@needs(MANAGE)
def invite(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = InviteForm(posted(request), project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.invite(project=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The municipalities are invited. Each of them decides for itself."))
            return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("Invite municipalities"),
        "submit": _("Invite"),
    }
    return TemplateResponse(request, FORM, context)


@needs(DECIDE, on="organisation")
def interest(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """A signal from the municipality's own people, which is no decision."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, DECIDE, on=found.organisation)
    form = InterestForm(
        posted(request), version=found.version, initial={"interest": found.interest, "reason": found.reason}
    )
    if form.is_valid():
        with form.refused_at_its_field():
            actions.answer_interest(participation=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The signal is registered. It is no decision."))
            return redirect(found)
    return _form(request, found, form, _("Signal from %(municipality)s"), _("Register the signal"))


@needs(DECIDE, on="organisation")
def join(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """«Deltar fra»: the municipality's own people choose the day (R25)."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, DECIDE, on=found.organisation)
    form = JoinForm(posted(request), version=found.version, initial={"joins_on": found.joins_on})
    if form.is_valid():
        with form.refused_at_its_field():
            actions.join_from(participation=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The day is registered. The shares are worked out anew."))
            return redirect(found)
    return _form(request, found, form, _("From when %(municipality)s takes part"), _("Register the day"))


@needs(REPORT, on="organisation")
def internal_cost(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """The municipality's own costs of receiving the project (R12)."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, REPORT, on=found.organisation)
    initial = {"internal_cost": found.internal_cost, "internal_spent": found.internal_spent}
    form = InternalCostForm(posted(request), version=found.version, initial=initial)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.tell_internal_cost(participation=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The internal cost is registered. It is in no shared sum."))
            return redirect(found)
    return _form(request, found, form, _("Internal cost of %(municipality)s"), _("Register the internal cost"))


@needs(DECIDE, on="organisation")
def notice(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """The municipality's own decision to leave the project."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, DECIDE, on=found.organisation)
    form = NoticeForm(posted(request), request.FILES if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.give_notice(participation=found, state="adopted", by=request.user, **form.cleaned_data)
            messages.success(request, _("The notice is registered."))
            return redirect(found)
    return _form(request, found, form, _("%(municipality)s leaves the project"), _("Register the notice"), danger=True)


def _form(
    request: HttpRequest, found: Participation, form: Any, title: str, submit: str, *, danger: bool = False
) -> HttpResponse:
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "part": found,
        "form": form,
        "title": title % {"municipality": found.organisation},
        "submit": submit,
        "danger": danger,
        "draft": f"participation-{found.pk}-{type(form).__name__}",
    }
    return TemplateResponse(request, "portfolio/participation_form.html", context)
