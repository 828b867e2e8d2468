from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from portfolio.actions import invitations as actions
from portfolio.forms.invitations import AskAnewForm, DeadlineForm, TakeBackForm
from portfolio.views.finding import MANAGE, find_participation, find_project, posted


@needs(MANAGE)
def prolong(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """A new day for all that have not answered."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = DeadlineForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            count = actions.prolong(project=found, by=request.user, **form.cleaned_data)
            told = ngettext(
                "%(count)s municipality has a new day to answer by.",
                "%(count)s municipalities have a new day to answer by.",
                count,
            )
            messages.success(request, told % {"count": count})
            return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("Move the deadline of those that have not answered"),
        "submit": _("Move the deadline"),
    }
    return TemplateResponse(request, "portfolio/form.html", context)


@needs(MANAGE)
@require_POST
def remind(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Send påminnelse» to all that have not answered (R23)."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    names = ", ".join(str(adoption.organisation) for adoption in actions.remind(project=found, by=request.user))
    messages.success(request, _("A reminder is on its way to %(name)s.") % {"name": names})
    return redirect(found)


@needs(MANAGE)
def take_back(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """Take back an invitation that was a mistake, while nothing stands on it."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, MANAGE, on=found.project.collaboration)
    if refusal := actions.why_not_taken_back(found):
        raise NotAllowedNow(refusal)
    form = TakeBackForm(posted(request), version=found.version)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.take_back(participation=found, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("The invitation to %(municipality)s is taken back.") % {"municipality": found.organisation}
            )
            return redirect(found.project)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "part": found,
        "form": form,
        "title": _("Take back the invitation to %(municipality)s") % {"municipality": found.organisation},
        "submit": _("Take back the invitation"),
        "danger": True,
    }
    return TemplateResponse(request, "portfolio/participation_form.html", context)


@needs(MANAGE)
def ask_anew(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """Ask a municipality that has declined or left once more (R25)."""
    found = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, MANAGE, on=found.project.collaboration)
    if refusal := actions.why_not_asked_anew(found):
        raise NotAllowedNow(refusal)
    form = AskAnewForm(posted(request), version=found.version)
    if form.is_valid():
        with form.refused_at_its_field():
            asked = actions.ask_anew(participation=found, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("The municipality is asked anew. What it answered before stays in the history.")
            )
            return redirect(asked)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "part": found,
        "form": form,
        "title": _("Ask %(municipality)s anew") % {"municipality": found.organisation},
        "submit": _("Ask anew"),
    }
    return TemplateResponse(request, "portfolio/participation_form.html", context)
