"""IT collaborations that some of the members have: whom they cover, who keeps their list (A18)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from governance.models import Appointment, Collaboration, Organisation, Role
from surveys.actions import covering as actions
from surveys.forms.covering import CoverForm, EndForm, ItCollaborationForm, LeaderForm
from surveys.models import Coverage, SystemUse
from surveys.views.finding import find_collaboration

SEE, MANAGE = "governance.view_collaboration", actions.RIGHT


@needs(SEE)
def it_collaborations(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    covers = Coverage.objects.filter(municipality__in=found.sharing()).select_related("municipality")
    there = actions.of(found).prefetch_related(Prefetch("covers", covers.on(), to_attr="covered_now"))
    context = {"collaboration": found, "there": there, "manages": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "surveys/covering/list.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = _managed(request, samarbeid)
    form = ItCollaborationForm(_data(request), collaboration=found, initial={"since": timezone.localdate()})
    if form.is_valid() and (made := _tried(form, "name", actions.register_it_collaboration, found, request)):
        messages.success(request, _("%(it)s is registered. Say who keeps its list.") % {"it": made})
        return redirect("it_collaboration", found.slug, made.pk)
    return _form(request, found, form, _("Register an IT collaboration"))


@needs(SEE)
def it_collaboration(request: HttpRequest, samarbeid: str, it: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    chosen = _find(found, it)
    leads = Appointment.objects.active().filter(organisation=chosen, role=Role.IT_LEADER)
    context = {
        "collaboration": found,
        "chosen": chosen,
        "coverages": Coverage.objects.filter(it_collaboration=chosen, municipality__in=found.sharing()).select_related(
            "municipality"
        ),
        "leaders": leads.select_related("person"),
        "systems": SystemUse.objects.counted().systems().filter(inventory__municipality=chosen).count(),
        "manages": holds(request.user, MANAGE, found),
        "edits": holds(request.user, "governance.view_organisation", chosen),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "surveys/covering/page.html", context)


@needs(MANAGE)
def cover(request: HttpRequest, samarbeid: str, it: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    chosen = _find(found, it)
    form = CoverForm(_data(request), collaboration=found, initial={"since": timezone.localdate()})
    if form.is_valid() and _tried(form, "municipality", actions.cover, found, request, it_collaboration=chosen):
        messages.success(request, _("The municipality is covered. The systems stand in its list in that time."))
        return redirect("it_collaboration", found.slug, chosen.pk)
    return _form(request, found, form, _("One more municipality in %(it)s") % {"it": chosen}, chosen)


@needs(MANAGE)
def end(request: HttpRequest, samarbeid: str, it: int, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    chosen = _find(found, it)
    there = chosen.covers.filter(municipality__in=found.sharing()).select_related("municipality")
    coverage = get_object_or_404(there, pk=pk)
    form = EndForm(_data(request), coverage=coverage)
    if form.is_valid():
        until = form.cleaned_data["until"]
        actions.end_coverage(collaboration=found, coverage=coverage, until=until, by=request.user)
        messages.success(request, _("The last day is saved. The systems leave the list the day after."))
        return redirect("it_collaboration", found.slug, chosen.pk)
    title = _("%(municipality)s leaves %(it)s") % {"municipality": coverage.municipality, "it": chosen}
    return _form(request, found, form, title, chosen)


@needs(MANAGE)
def leader(request: HttpRequest, samarbeid: str, it: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    chosen = _find(found, it)
    form = LeaderForm(_data(request), collaboration=found)
    if form.is_valid() and _tried(form, "person", actions.appoint_leader, found, request, it_collaboration=chosen):
        messages.success(request, _("The IT leader can keep the list from today."))
        return redirect("it_collaboration", found.slug, chosen.pk)
    return _form(request, found, form, _("Who keeps the list of %(it)s") % {"it": chosen}, chosen)


def _tried(form: Any, field: str, verb: Any, found: Collaboration, request: HttpRequest, **more: Any) -> Any:
    """What the verb made; a refusal stands at the field it is about, and what was written is kept."""
    said = form.said() if hasattr(form, "said") else form.cleaned_data
    try:
        return verb(collaboration=found, by=request.user, **more, **said)
    except NotAllowedNow as refusal:
        form.add_error(field, str(refusal.sentence))
        return None


def _form(
    request: HttpRequest, found: Collaboration, form: Any, title: str, chosen: Organisation | None = None
) -> HttpResponse:
    context = {"collaboration": found, "form": form, "title": title, "chosen": chosen}
    return TemplateResponse(request, "surveys/covering/form.html", context)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _managed(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    return found


def _find(collaboration: Collaboration, pk: int) -> Organisation:
    return get_object_or_404(actions.of(collaboration), pk=pk)
