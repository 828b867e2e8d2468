"""Registering people to a gathering, the organiser's list, and ticking who came (J6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.numbers import whole
from governance.models import Organisation
from portfolio.actions import registrations as actions
from portfolio.forms.programmes import ParticipantForm, SelfForm
from portfolio.gatherings import REGISTERS
from portfolio.models import Gathering, Registration
from portfolio.programme_tables import participants_sheet
from portfolio.views.finding import MANAGE, SEE, posted
from portfolio.views.gatherings import find_gathering

FORM = "portfolio/programme_form.html"


@needs(REGISTERS, on="organisation")
def register(request: HttpRequest, samarbeid: str, pk: int, nummer: str) -> HttpResponse:
    """One after another, by the municipality's own people; by the organiser for any."""
    found = find_gathering(request, samarbeid, pk)
    place = get_object_or_404(found.project.collaboration.members(), number=nummer)
    if not holds(request.user, MANAGE, found.project.collaboration):
        require(request.user, REGISTERS, on=place)
    form = ParticipantForm(posted(request))
    if form.is_valid() and (made := _registered(request, found, place, form)):
        messages.success(request, _told(made))
        return redirect(request.path)
    context = {
        "collaboration": found.project.collaboration,
        "gathering": found,
        "project": found.project,
        "place": place,
        "form": form,
        "rows": found.registrations.live().filter(municipality=place),
    }
    return TemplateResponse(request, "portfolio/register_participants.html", context)


def _registered(request: HttpRequest, found: Gathering, place: Organisation, form: ParticipantForm) -> Any:
    """A refusal stands at the name, with what was written: names are not kept as drafts in the browser."""
    try:
        return actions.register_participant(gathering=found, municipality=place, by=request.user, **form.cleaned_data)
    except NotAllowedNow as refused:
        form.add_error("name", refused.sentence)
        return None


@needs(SEE)
def register_self(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    form = SelfForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.register_self(gathering=found, needs=form.cleaned_data["needs"], by=request.user)
            messages.success(request, _told(made))
            return redirect(found)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "gathering": found,
        "form": form,
        "title": _("Register me"),
        "submit": _("Register me"),
        "cancel": found.get_absolute_url(),
    }
    return TemplateResponse(request, FORM, context)


@needs(SEE)
def withdraw(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """One's own registration, or one of the own municipality; a stranger's is not there."""
    rows = Registration.objects.visible_to(request.user).live().select_related("gathering", "municipality")
    row = get_object_or_404(rows, gathering__project__collaboration__slug=samarbeid, pk=pk)
    found = find_gathering(request, samarbeid, row.gathering_id)
    if request.method == "POST":
        actions.withdraw(registration=row, by=request.user)
        messages.success(request, _("The registration is withdrawn, and the name is erased."))
        return redirect(found)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("Withdraw %(name)s from «%(gathering)s»?") % {"name": row, "gathering": found},
        "text": _("The name is erased, and the first on the waiting list gets the place."),
        "submit": _("Sign off"),
        "cancel": found.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(REGISTERS, on="organisation")
def decline(request: HttpRequest, samarbeid: str, pk: int, nummer: str) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    place = get_object_or_404(found.project.collaboration.members(), number=nummer)
    require(request.user, REGISTERS, on=place)
    if request.method == "POST":
        actions.decline(gathering=found, municipality=place, by=request.user)
        messages.success(request, _("It is registered that the municipality sends nobody."))
        return redirect(found)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("%(municipality)s sends nobody?") % {"municipality": place},
        "text": _("The organiser sees that the municipality has answered. You can still register somebody later."),
        "submit": _("We send nobody"),
        "cancel": found.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def participants(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The organiser's list with names; once the gathering has begun, those who came are ticked off here."""
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        return writing.response([participants_sheet(found)], file_name=f"deltakere-{found.pk}.xlsx")
    if request.method == "POST":
        ticked = [key for said in request.POST.getlist("came") if (key := whole(said))]
        count = actions.note_attendance(gathering=found, came=ticked, by=request.user)
        told = ngettext("%(count)s person came. It is saved.", "%(count)s people came. It is saved.", count)
        messages.success(request, told % {"count": count})
        return redirect(request.path)
    rows = found.registrations.live().select_related("municipality").order_by("municipality__sort_key", "name", "pk")
    context = {
        "collaboration": found.project.collaboration,
        "gathering": found,
        "project": found.project,
        "rows": rows,
        "members": found.project.collaboration.members(),
        "programme_url": reverse("programme", args=[samarbeid, found.project.slug]),
    }
    return TemplateResponse(request, "portfolio/gathering_participants.html", context)


def _told(made: Registration) -> str:
    words = {"name": made.name}
    if made.state == Registration.State.WAITING:
        return _("It is full. %(name)s is on the waiting list.") % words
    return _("%(name)s is signed up.") % words
