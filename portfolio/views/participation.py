from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from portfolio.actions import participation as actions
from portfolio.actions.projects import share_cost
from portfolio.forms.participation import InterestForm, InviteForm, NoticeForm, SharingForm
from portfolio.views.finding import DECIDE, MANAGE, find_participation, find_project, posted

FORM = "portfolio/form.html"


@needs(MANAGE)
def invite(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = InviteForm(posted(request), project=found)
    if form.is_valid():
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


@needs(MANAGE)
def sharing(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Kostnadsfordeling»: the key, and the amounts when they are written in (p. 17)."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = SharingForm(posted(request), project=found, participations=list(found.participations.whole()))
    if form.is_valid():
        data = form.cleaned_data
        share_cost(
            project=found,
            version=data["version"],
            key=data["key"],
            counted_on=data["counted_on"],
            equal_percent=data["equal_percent"],
            amounts=form.amounts,
            by=request.user,
        )
        return redirect(found.get_absolute_url() + "#andeler")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("How the cost is shared"),
        "draft": f"sharing-{found.pk}",
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
        actions.answer_interest(participation=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The signal is registered. It is no decision."))
        return redirect(found.project)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "form": form,
        "title": _("Signal from %(municipality)s") % {"municipality": found.organisation},
        "submit": _("Register the signal"),
    }
    return TemplateResponse(request, FORM, context)


@needs(DECIDE, on="organisation")
def notice(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """The municipality's own decision to leave the project."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, DECIDE, on=found.organisation)
    form = NoticeForm(posted(request), request.FILES if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        actions.give_notice(participation=found, state="adopted", by=request.user, **form.cleaned_data)
        messages.success(request, _("The notice is registered."))
        return redirect(found.project)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "form": form,
        "title": _("%(municipality)s leaves the project") % {"municipality": found.organisation},
        "submit": _("Register the notice"),
        "danger": True,
        "draft": f"notice-{found.pk}",
    }
    return TemplateResponse(request, FORM, context)
