from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.ui import forms
from governance import laws
from governance.actions import collaborations as actions
from governance.actions import people
from governance.addresses import plain
from governance.forms.collaborations import BodyForm, EndForm
from governance.forms.people import SeatForm
from governance.models import Appointment, Body, Role
from governance.quorum import answering_seats
from governance.views.finding import find_body, find_collaboration

MANAGE = "governance.manage_collaboration"
PREPARE = "governance.prepare_meetings"


@needs("governance.view_collaboration")
def body(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """A body and its seats on a day."""
    found = find_body(request, samarbeid, organ)
    day = chosen_day(request)
    seats = list(found.seats.active(day).select_related("person", "represents"))
    context = {
        "collaboration": found.collaboration,
        "body": found,
        "day": day,
        "today": timezone.localdate(),
        "groups": seats_by_role(found, seats),
        "warnings": seat_warnings(found, seats, day),
        "earlier": found.seats.filter(until__lt=day).select_related("person", "represents").order_by("-until"),
        "reporting": found.reporting.all(),
        "manages": holds(request.user, MANAGE, found.collaboration),
        "may_write": holds(request.user, PREPARE, found.collaboration) and bool(answering_seats(found)),
        "ground": laws.provision("elected_body", day).dated if found.rules == Body.Rules.ELECTED else "",
    }
    return TemplateResponse(request, "governance/bodies/page.html", context)


def chosen_day(request: HttpRequest) -> date:
    """The day asked for by ?dato=; today when it is no day."""
    try:
        return forms.DateField().clean(request.GET["dato"])
    except (KeyError, forms.forms.ValidationError):
        return timezone.localdate()


def seats_by_role(body: Body, seats: list[Appointment]) -> list[tuple[Any, list[Appointment]]]:
    names = {
        Role.STEERING: _("Members"),
        Role.MEMBER: _("Members"),
        Role.SUBSTITUTE: _("Substitutes"),
        Role.OBSERVER: _("Observers"),
    }
    groups = [(names[role], [seat for seat in seats if seat.role == role]) for role in names]
    return [(name, held) for name, held in groups if held]


def seat_warnings(body: Body, seats: list[Appointment], day: date) -> list[str]:
    """Empty seats, and municipalities outside the number agreed on (B7)."""
    voting = [seat for seat in seats if seat.role in (Role.STEERING, Role.MEMBER)]
    held = Counter(seat.represents_id for seat in voting)
    fewest, most = body.seats_minimum, body.seats_maximum
    if body.kind == Body.Kind.STEERING:
        fewest, most = fewest or 1, most or 1
    warnings = []
    for member in body.collaboration.members(day) if fewest or most else []:
        number = held[member.pk]
        if number < (fewest or 0):
            text = (
                _("%(municipality)s: vacant seat")
                if number == 0
                else _("%(municipality)s: %(n)s seat, at least %(least)s agreed")
            )
            warnings.append(text % {"municipality": member, "n": number, "least": fewest})
        elif most is not None and number > most:
            text = _("%(municipality)s: %(n)s seats, at most %(most)s agreed")
            warnings.append(text % {"municipality": member, "n": number, "most": most})
    return warnings


@needs(MANAGE)
def new_body(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    suggested = {"kind": request.GET.get("slag"), "level": 1 if request.GET.get("slag") == "steering" else 2}
    if suggested["kind"] == "steering":
        suggested["name"] = _("The steering group")
    data = request.POST if request.method == "POST" else None
    form = BodyForm(data, collaboration=found, initial=suggested)
    if form.is_valid():
        facts = form.cleaned_data
        made = actions.create_body(collaboration=found, slug=plain(facts["name"], limit=60), by=request.user, **facts)
        messages.success(request, _("%(name)s is set up.") % {"name": made.name})
        return redirect(made)
    return _form(request, found, form, _("New body"), _("Set up the body"), f"body-{found.pk}")


@needs(MANAGE)
def edit_body(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    form = BodyForm(data, instance=found, collaboration=found.collaboration)
    if form.is_valid():
        saved = actions.change_body(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The body is saved."))
        return redirect(saved)
    return _form(request, found.collaboration, form, _("Edit the body"), _("Save the body"), f"body-edit-{found.pk}")


@needs(MANAGE)
def add_seat(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    form = SeatForm(data, body=found, initial={"since": timezone.localdate()})
    if form.is_valid():
        people.appoint(at=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The seat is filled. Access follows from its first day."))
        return redirect(found)
    return _form(request, found.collaboration, form, _("Fill a seat"), _("Fill the seat"), f"seat-{found.pk}")


@needs(MANAGE)
def end_appointment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """End a seat or a role; access ends with it."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    held = Appointment.objects.of(found).select_related(
        "person", "body__collaboration", "collaboration", "organisation"
    )
    appointment = get_object_or_404(held, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=appointment.since, version=appointment.version, initial={"until": timezone.localdate()})
    if form.is_valid():
        people.end_appointment(appointment=appointment, by=request.user, **form.cleaned_data)
        messages.success(request, _("The last day is registered. Access ends with it."))
        return redirect(appointment.body) if appointment.body else redirect("person", samarbeid, appointment.person_id)
    title = _("End: %(appointment)s") % {"appointment": appointment}
    return _form(request, found, form, title, _("Register the last day"), f"appointment-end-{pk}")


def _form(request: HttpRequest, collaboration: Any, form: Any, title: str, submit: str, draft: str) -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "submit": submit, "draft": draft}
    return TemplateResponse(request, "governance/collaboration/form.html", context)
