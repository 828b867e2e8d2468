from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.ui import forms
from governance import double_roles, laws, seats, staffing, vacancies
from governance.actions import bodies as actions
from governance.actions import people
from governance.actions.positions import STAFFED
from governance.addresses import plain
from governance.forms.bodies import BodyForm
from governance.forms.collaborations import EndForm
from governance.forms.people import SeatCorrectionForm, SeatForm
from governance.models import Appointment, Body, Role
from governance.models.people import SUBSTITUTES
from governance.quorum import answering_seats
from governance.titles import Titles
from governance.views.finding import find_body, find_collaboration

MANAGE = "governance.manage_collaboration"
PREPARE = "governance.prepare_meetings"


@needs("governance.view_collaboration")
def body(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """A body and its seats on a day."""
    found = find_body(request, samarbeid, organ)
    day = chosen_day(request)
    manages = holds(request.user, MANAGE, found.collaboration)
    prepares = holds(request.user, PREPARE, found.collaboration)
    context = {
        "collaboration": found.collaboration,
        "body": found,
        "day": day,
        "today": timezone.localdate(),
        "manages": manages,
        "prepares": prepares,
        "may_write": prepares and found.meets and bool(answering_seats(found)),
        **about(found, day),
        "ends": may_end(request.user, found, day),
        **seats_of_body(found, day),
        **staff_of(found, day),
    }
    return TemplateResponse(request, "governance/bodies/page.html", context)


def about(body: Body, day: date) -> dict[str, Any]:
    """What the body is that day: its rules, its status, what else it serves as."""
    profile = body.profile_on(day)
    decided = ["resolution__item__meeting__body", "resolution__item__case__body"]
    return {
        "profile": profile,
        "ground": laws.provision("elected_body", day).dated if profile.by_law else "",
        "status": body.status_on(day),
        "statuses": body.statuses.select_related(*decided),
        "capacities": body.capacities.active(day).select_related("collaboration", "region"),
        "reporting": body.reporting.all(),
        "double": double_roles.in_body(body, day),
        "treatments": body.treatments.select_related("case__body__collaboration") if not body.meets else [],
        "proposals": body.proposal_steps.open().count(),
        "nominations": body.nominations.unanswered().select_related("person", "region", "nominated_by"),
    }


def may_end(user: Any, body: Body, day: date) -> set[int]:
    """The collaborations whose use of the body the reader may end."""
    serves = {one.collaboration for one in body.capacities.active(day).select_related("collaboration")}
    return {one.pk for one in serves if holds(user, MANAGE, one)}


def seats_of_body(body: Body, day: date) -> dict[str, Any]:
    known = seats.seats_on(body, day).select_related(
        "appointed_by", "nomination__person", "resolution__item__meeting__body", "resolution__item__case__body"
    )
    held = list(known)
    elsewhere = [seat for seat in body.seats.active(day).select_related("person", "represents") if seat not in held]
    titles = Titles(body.collaboration, day)
    earlier = (
        body.seats.ever_held()
        .filter(until__lt=day)
        .select_related(
            "person", "represents", "region", "substitute_for__person", "nomination__person", "appointed_by"
        )
    )
    return {
        "groups": [(name, titles.rows(rows)) for name, rows in seats_by_role([*held, *elsewhere])],
        "warnings": [lack.text for lack in vacancies.seat_lacks(body, held, body.collaboration.members(day))],
        "earlier": titles.rows(list(earlier.order_by("-until"))),
    }


def staff_of(body: Body, day: date) -> dict[str, Any]:
    """The positions of a secretariat or a resource group."""
    if body.kind not in STAFFED:
        return {"staffing": None}
    return {"staffing": staffing.staffing_on(body, day), "over_time": staffing.over_time(body)}


def chosen_day(request: HttpRequest) -> date:
    """The day asked for by ?dato=; today when it is no day."""
    try:
        return forms.DateField().clean(request.GET["dato"])
    except (KeyError, forms.forms.ValidationError):
        return timezone.localdate()


def seats_by_role(held: list[Appointment]) -> list[tuple[Any, list[Appointment]]]:
    kinds = [
        (_("Members"), [Role.STEERING, Role.MEMBER]),
        (_("Substitutes"), SUBSTITUTES),
        (_("Speak, without a vote"), [Role.SPEAKER]),
        (_("Observers"), [Role.OBSERVER]),
    ]
    groups = [(name, [seat for seat in held if seat.role in roles]) for name, roles in kinds]
    return [(name, sorted(seats_held, key=_turn)) for name, seats_held in groups if seats_held]


def _turn(seat: Appointment) -> tuple[bool, int]:
    """The members' own substitutes first, then the common ones in the order they are asked."""
    return (seat.role in SUBSTITUTES and seat.substitute_for_id is None, seat.call_order or 0)


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
@fresh
def add_seat(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    start = {"since": timezone.localdate(), "region": request.GET.get("region")}
    form = SeatForm(data, body=found, initial=start)
    if form.is_valid():
        people.appoint(at=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The seat is filled. Access follows from its first day."))
        return redirect(found)
    return _form(request, found.collaboration, form, _("Fill a seat"), _("Fill the seat"), f"seat-{found.pk}")


@needs(MANAGE)
@fresh
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
    context = {
        "collaboration": found,
        "form": form,
        "title": _("End: %(appointment)s") % {"appointment": appointment},
        "submit": _("Register the last day"),
        "draft": f"appointment-end-{pk}",
    }
    if not people.why_not_taken_back(appointment):
        context["link"] = reverse("take_back_appointment", args=[samarbeid, pk]), _("It was a mistake: take it back")
    return TemplateResponse(request, "governance/collaboration/form.html", context)


@needs(MANAGE)
@fresh
def take_back_appointment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Take back a seat or a role that was given by mistake; what it opened is closed at once."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    held = Appointment.objects.of(found).select_related("person", "body__collaboration")
    appointment = get_object_or_404(held, pk=pk)
    back = reverse("person", args=[samarbeid, appointment.person_id])
    if request.method == "POST":
        people.take_back_appointment(appointment=appointment, by=request.user)
        messages.success(request, _("The role is taken back. What it opened is closed."))
        return redirect(back)
    context = {
        "collaboration": found,
        "title": _("Take back: %(appointment)s") % {"appointment": appointment},
        "text": _(
            "The role was given by mistake and is to hold no day. What it opens is closed at once. "
            "It stands in the history that it was given and taken back. A role that was right is ended instead."
        ),
        "submit": _("Take back the role"),
        "cancel": back,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
@fresh
def correct_seat(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Mend the title, the order or the decision of a seat."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    held = Appointment.objects.select_related("person", "body__collaboration", "resolution")
    seat = get_object_or_404(held, body__collaboration=found, pk=pk)
    form = SeatCorrectionForm(request.POST if request.method == "POST" else None, seat=seat)
    if form.is_valid():
        saved = people.correct_seat(appointment=seat, by=request.user, **form.cleaned_data)
        messages.success(request, _("The seat is corrected."))
        return redirect(saved.place)
    title = _("Correct: %(what)s") % {"what": seat}
    return _form(request, found, form, title, _("Save the correction"), f"seat-correct-{pk}")


def _form(request: HttpRequest, collaboration: Any, form: Any, title: str, submit: str, draft: str) -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "submit": submit, "draft": draft}
    return TemplateResponse(request, "governance/collaboration/form.html", context)
