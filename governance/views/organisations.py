from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from governance.actions import organisations as actions
from governance.forms.organisations import ContactForm
from governance.models import Adoption, Appointment, Collaboration, Delegation, Organisation

UPDATE = "governance.update_contact"


@needs("governance.view_collaboration")
def municipality(request: HttpRequest, nummer: str) -> HttpResponse:
    """A municipality: facts, its people, its collaborations and its decisions, as far as one may see them."""
    found = find_municipality(request, nummer)
    visible = Collaboration.objects.visible_to(request.user)
    today = timezone.localdate()
    memberships = list(
        found.memberships.active(today).filter(collaboration__in=visible).select_related("collaboration")
    )
    decisions = Adoption.objects.visible_to(request.user).filter(organisation=found)
    context = {
        "municipality": found,
        "population": found.population_on(today),
        "memberships": memberships,
        "collaboration": memberships[0].collaboration if memberships else None,
        "people": Appointment.objects.active(today)
        .filter(organisation=found)
        .select_related("person")
        .order_by("role"),
        "adoptions": decisions.select_related("collaboration", "organisation").order_by("-asked_on", "-pk")[:20],
        "names": found.names.all(),
        "delegation": Delegation.objects.visible_to(request.user).in_force().filter(organisation=found).first(),
        "updates": holds(request.user, UPDATE, found),
    }
    return TemplateResponse(request, "governance/organisations/page.html", context)


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
    return get_object_or_404(Organisation.objects.visible_to(request.user).municipalities(), number=nummer)
