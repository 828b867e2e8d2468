from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, own, require
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.ui.numbers import version_in
from governance import former_members, municipal_line, organisation_panels, who_sees
from governance.actions import collaborations
from governance.actions import organisations as actions
from governance.forms.organisations import ContactForm, ContestForm, DayForm
from governance.models import Adoption, Appointment, Collaboration, Delegation, Membership, Organisation
from governance.municipal_line import Then

UPDATE, DECIDE = "governance.update_contact", "governance.decide_for_municipality"


@needs("governance.view_collaboration")
def municipality(request: HttpRequest, nummer: str) -> HttpResponse:
    """A municipality: facts, its people, its collaborations and its decisions, as far as one may see them."""
    found = find_municipality(request, nummer)
    visible = Collaboration.objects.visible_to(request.user)
    today = timezone.localdate()
    memberships = list(
        found.memberships.active(today).filter(collaboration__in=visible).select_related("collaboration")
    )
    is_open = Organisation.objects.open_to(request.user).contains(found)
    decisions = Adoption.objects.readable_by(request.user).filter(organisation=found)
    decides = holds(request.user, DECIDE, found)
    context = {
        "municipality": found,
        "population": found.population_on(today),
        "memberships": memberships,
        "collaboration": memberships[0].collaboration if memberships else None,
        "people": Appointment.objects.active(today)
        .visible_to(request.user)
        .filter(organisation=found)
        .select_related("person")
        .order_by("role"),
        "adoptions": decisions.select_related("collaboration", "organisation").order_by("-asked_on", "-pk")[:20],
        "names": found.names.all(),
        "panels": organisation_panels.of(request, found),
        "regions": found.region_memberships.active(today).select_related("region"),
        "became": found.into.select_related("successor") if found.is_over else [],
        "delegation": Delegation.objects.visible_to(request.user).in_force().filter(organisation=found).first(),
        "updates": holds(request.user, UPDATE, found),
        "awaiting": [one for one in memberships if one.awaits] if decides else [],
        "former": former_members.pasts_of(found) if holds(request.user, former_members.OWN, found) else [],
        "contested": _contested(found) if decides else [],
        "is_open": is_open,
        "seen": who_sees.of_municipality(found, request.user) if is_open else None,
    }
    return TemplateResponse(request, "governance/organisations/page.html", context)


@needs(DECIDE, on="organisation")
@fresh
def confirm_membership(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    """«Kommunen er med»: the municipality's own yes to a collaboration that has written it down as its member."""
    found = find_municipality(request, nummer)
    membership = get_object_or_404(found.memberships.all(), pk=pk)
    require(request.user, DECIDE, on=found)
    if request.method == "POST":
        collaborations.confirm_member(membership=membership, version=version_in(request), by=request.user)
        told = {"name": found.name, "collaboration": membership.collaboration}
        messages.success(request, _("It is registered that %(name)s is a member of %(collaboration)s.") % told)
    return redirect(found)


@needs(DECIDE, on="organisation")
@fresh
def contest_membership(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    """«Kommunen er ikke med»: the municipality's own no, with the reason that the secretariat is told."""
    found = find_municipality(request, nummer)
    membership = get_object_or_404(found.memberships.select_related("collaboration"), pk=pk)
    require(request.user, DECIDE, on=found)
    form = ContestForm(request.POST if request.method == "POST" else None, version=membership.version)
    if form.is_valid():
        collaborations.contest_member(membership=membership, by=request.user, **form.cleaned_data)
        told = {"name": found.name, "collaboration": membership.collaboration}
        messages.success(
            request,
            _("It is registered that %(name)s is not a member of %(collaboration)s. The secretariat is told.") % told,
        )
        return redirect(found)
    context = {"municipality": found, "membership": membership, "form": form}
    return TemplateResponse(request, "governance/organisations/contest.html", context)


def _contested(found: Organisation) -> list[Membership]:
    """What the municipality has said no to, and nobody has written down anew: it may still be taken back."""
    again = found.memberships.not_ended().values("collaboration")
    said_no = found.memberships.filter(contested_at__isnull=False).exclude(collaboration__in=again)
    return list(said_no.select_related("collaboration", "contested_by"))


@own
def history(request: HttpRequest, nummer: str) -> HttpResponse:
    """What the country's registers say a number was, is and became; public facts, for everybody who signs in."""
    line = municipal_line.Line(nummer)
    if not line.own:
        raise Http404
    form = DayForm(request.GET)
    day = form.cleaned_data["dato"] if form.is_valid() else None
    seen = set(Organisation.objects.visible_to(request.user).values_list("pk", flat=True))
    context = {
        "number": nummer,
        "places": [(place, line.events(place)) for place in line.own],
        "today": line.today(),
        "form": form,
        "day": day,
        "then": [Then(place, day) for place in line.on(day)] if day else [],
        "seen": seen,
    }
    return TemplateResponse(request, "governance/organisations/history.html", context)


@needs(UPDATE, on="organisation")
def edit_contact(request: HttpRequest, nummer: str) -> HttpResponse:
    found = find_municipality(request, nummer)
    require(request.user, UPDATE, on=found)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        saved = actions.update_contact(organisation=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The contact details are saved."))
        return redirect(saved)
    context = {"municipality": found, "form": form}
    return TemplateResponse(request, "governance/organisations/form.html", context)


def find_municipality(request: HttpRequest, nummer: str) -> Organisation:
    """By its number; where one that is over had it too, it is the one of today that is meant."""
    seen = Organisation.objects.visible_to(request.user).municipalities().filter(number=nummer)
    return get_object_or_404(seen.filter(pk__in=seen.order_by(F("until").desc(nulls_first=True)).values("pk")[:1]))
