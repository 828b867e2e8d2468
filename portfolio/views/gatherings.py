"""Gatherings and courses: the list of the collaboration, the page of one, and its steps (J6, F5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance import calendars
from portfolio import gathering_calendar
from portfolio import gatherings as reads
from portfolio.actions import gatherings as actions
from portfolio.actions import registrations
from portfolio.forms.programmes import CancelForm, GatheringFilter, GatheringForm
from portfolio.models import Gathering
from portfolio.programme_tables import COLORS, GatheringTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, find_project, own_municipality, posted

FORM = "portfolio/programme_form.html"


def find_gathering(request: HttpRequest, samarbeid: str, pk: int) -> Gathering:
    rows = Gathering.objects.visible_to(request.user).select_related(
        "project__collaboration", "organiser", "measure__focus_area", "evaluation__collaboration"
    )
    found: Gathering = get_object_or_404(rows, project__collaboration__slug=samarbeid, pk=pk)
    return found


@needs(SEE)
def gatherings(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Samlinger og kurs» of the whole collaboration."""
    collaboration = find_collaboration(request, samarbeid)
    every = Gathering.objects.visible_to(request.user).of(collaboration)
    form = GatheringFilter(request.GET, collaboration=collaboration)
    found = form.narrow(every) if form.is_valid() else every
    shown = found.with_counts().select_related("project__collaboration").prefetch_related("regions")
    table = tables.page(request, GatheringTable(shown))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"samlinger-{collaboration.slug}.xlsx")
    context = {
        "collaboration": collaboration,
        "filter_form": form,
        "table": table,
        "any": every.exists(),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/gatherings.html", context)


@needs(SEE)
def gathering(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """One gathering: when, where, for whom, and how many come from each municipality; names only of one's own."""
    found = find_gathering(request, samarbeid, pk)
    collaboration = found.project.collaboration
    own = own_municipality(request.user, collaboration)
    registers = own is not None and holds(request.user, reads.REGISTERS, own)
    named = found.registrations.live().visible_to(request.user).select_related("municipality")
    lines = reads.of_gathering(found)
    manages = holds(request.user, MANAGE, collaboration)
    context = {
        "collaboration": collaboration,
        "gathering": found,
        "project": found.project,
        "color": COLORS[found.state],
        "lines": lines,
        "line": next((line for line in lines if line["place"] == own), None),
        "total": sum(line["registered"] for line in lines),
        "waiting": sum(line["waiting"] for line in lines),
        "came": sum(line["came"] for line in lines),
        "own": own,
        "registers": registers,
        "named": [] if manages else named,
        "mine": found.registrations.live().filter(user=request.user.pk).first(),
        "may_come": found.takes_registrations and registrations.municipality_of(request.user, found) is not None,
        "manages": manages,
    }
    return TemplateResponse(request, "portfolio/gathering.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = GatheringForm(posted(request), project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.plan_gathering(project=found, by=request.user, **form.values)
            messages.success(request, _("The gathering is a draft. Announce it when time and place are settled."))
            return redirect(made)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": _("New gathering"),
        "submit": _("Save the draft"),
        "cancel": reverse("programme", args=[samarbeid, prosjekt]),
        "draft": f"gathering-new-{found.pk}",
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    form = GatheringForm(posted(request), project=found.project, gathering=found)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_gathering(gathering=found, version=version, by=request.user, **form.values)
            messages.success(request, _("The gathering is saved."))
            return redirect(found)
    return _form(request, found, form, _("Change the gathering"), _("Save the gathering"))


@needs(MANAGE)
def announce(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """A question first: so many municipalities get an e-mail."""
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.method == "POST":
        actions.announce_gathering(gathering=found, version=version_in(request), by=request.user)
        messages.success(request, _("The gathering is announced, and the municipalities are invited by e-mail."))
        return redirect(found)
    count = actions.invited(found).count()
    text = ngettext(
        "%(count)s municipality is invited: its director and its contact persons get an e-mail.",
        "%(count)s municipalities are invited: their directors and contact persons get an e-mail.",
        count,
    )
    return _confirm(
        request, found, _("Announce «%(gathering)s»?"), text % {"count": count}, submit=_("Announce and invite")
    )


@needs(MANAGE)
def hold(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """A question first: there is no way back from held."""
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.method == "POST":
        actions.hold_gathering(gathering=found, version=version_in(request), by=request.user)
        messages.success(request, _("The gathering is written down as held."))
        return redirect(found)
    text = _("Nobody is registered any more, and it counts in who has taken part. It can't be taken back.")
    return _confirm(request, found, _("Has «%(gathering)s» been held?"), text, submit=_("It has been held"))


@needs(MANAGE)
def cancel(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    form = CancelForm(posted(request), version=found.version)
    if form.is_valid():
        with form.refused_at_its_field():
            told = form.cleaned_data
            actions.cancel_gathering(gathering=found, version=told["version"], reason=told["reason"], by=request.user)
            messages.success(request, _("The gathering is cancelled, and those who were to come are told."))
            return redirect(found)
    return _form(request, found, form, _("Cancel the gathering"), _("Cancel the gathering"), danger=True)


@needs(SEE)
def calendar(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    if found.starts_at is None:
        raise Http404
    response = HttpResponse(gathering_calendar.published(found), content_type=calendars.MIME)
    response["Content-Disposition"] = f'attachment; filename="samling-{found.pk}.ics"'
    return response


def _form(
    request: HttpRequest, found: Gathering, form: Any, title: str, submit: str, *, danger: bool = False
) -> HttpResponse:
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "gathering": found,
        "form": form,
        "title": title,
        "submit": submit,
        "cancel": found.get_absolute_url(),
        "draft": "" if danger else f"gathering-{found.pk}",
        "danger": danger,
    }
    return TemplateResponse(request, FORM, context)


def _confirm(request: HttpRequest, found: Gathering, title: str, text: str, *, submit: str) -> HttpResponse:
    context = {
        "collaboration": found.project.collaboration,
        "title": title % {"gathering": found},
        "text": text,
        "submit": submit,
        "cancel": found.get_absolute_url(),
        "version": found.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
