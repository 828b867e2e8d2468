"""«Delegering»: what the municipality's council has left to its municipal director to decide (rule 1)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.documents import files
from digivesteralen.ui.numbers import version_in
from governance.actions import delegations as actions
from governance.forms.delegations import DelegationForm, EndDelegationForm
from governance.models import Collaboration, Delegation, Organisation
from governance.views.finding import find_collaboration
from governance.views.organisations import find_municipality

SEE = "governance.view_collaboration"
OWN = "governance.decide_for_municipality"
ON_BEHALF = "governance.register_on_behalf"


@needs(SEE)
def delegations(request: HttpRequest, nummer: str) -> HttpResponse:
    """What holds today, what has held, and where it was decided."""
    found = find_municipality(request, nummer)
    shown = Delegation.objects.visible_to(request.user).filter(organisation=found)
    visible = Collaboration.objects.visible_to(request.user)
    memberships = found.memberships.active().filter(collaboration__in=visible).select_related("collaboration")
    places = [membership.collaboration for membership in memberships]
    context = {
        "municipality": found,
        "collaboration": places[0] if places else None,
        "delegations": shown.select_related("organisation", "extract", "registered_by"),
        "decides": holds(request.user, OWN, found),
        "on_behalf": [place for place in places if holds(request.user, ON_BEHALF, place)],
    }
    return TemplateResponse(request, "governance/organisations/delegations.html", context)


@needs(OWN, on="organisation")
def new_delegation(request: HttpRequest, nummer: str) -> HttpResponse:
    found = find_municipality(request, nummer)
    require(request.user, OWN, on=found)
    form = _bound(request)
    if form.is_valid():
        made = actions.register_delegation(organisation=found, by=request.user, **form.facts)
        messages.success(request, _("The delegation is registered."))
        return redirect(made)
    return _form(request, found, form, _("Register a delegation"), _("Register the delegation"), f"delegation-{nummer}")


@needs(ON_BEHALF)
def delegation_on_behalf(request: HttpRequest, samarbeid: str, nummer: str) -> HttpResponse:
    """The secretariat registers it with the extract; it covers nothing before the municipality confirms it."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, ON_BEHALF, on=collaboration)
    found = get_object_or_404(collaboration.members(), number=nummer)
    form = _bound(request, on_behalf=True)
    if form.is_valid():
        made = actions.register_on_behalf(
            collaboration=collaboration, organisation=found, by=request.user, **form.facts
        )
        messages.success(
            request, _("Registered on behalf of %(name)s. It holds from their confirmation.") % {"name": found}
        )
        return redirect(made)
    title = _("Register a delegation on behalf of %(name)s") % {"name": found}
    return _form(request, found, form, title, _("Register on behalf of the municipality"), f"delegation-{nummer}")


@needs(OWN, on="organisation")
def edit_delegation(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    """Mend what was written wrong, while nothing is decided by it."""
    found = find_delegation(request, nummer, pk)
    if found.decisions.exists():
        raise NotAllowedNow(
            _("Decisions are made by this delegation, so it stands as it is. End it, and register a new one.")
        )
    form = _bound(request, delegation=found, version=found.version)
    if form.is_valid():
        version = form.cleaned_data["version"]
        saved = actions.correct_delegation(delegation=found, version=version, by=request.user, **form.facts)
        messages.success(request, _("The delegation is corrected. What stood there before is in the history."))
        return redirect(saved)
    title = _("Correct the delegation")
    return _form(request, found.organisation, form, title, _("Correct the delegation"), found.draft_key)


@needs(OWN, on="organisation")
def end_delegation(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    found = find_delegation(request, nummer, pk)
    data = request.POST if request.method == "POST" else None
    form = EndDelegationForm(data, version=found.version, initial={"until": found.until or timezone.localdate()})
    if form.is_valid():
        saved = actions.end_delegation(delegation=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The delegation's last day is registered."))
        return redirect(saved)
    return _form(request, found.organisation, form, _("End the delegation"), _("End the delegation"), found.draft_key)


@needs(OWN, on="organisation")
def answer_delegation(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    """The municipality says whether what the secretariat registered is right."""
    found = find_delegation(request, nummer, pk)
    if request.method != "POST":
        return redirect(found)
    if "feil" in request.POST:
        actions.object_to_delegation(delegation=found, version=version_in(request), by=request.user)
        messages.success(request, _("The objection is registered. The delegation covers nothing."))
    else:
        actions.confirm_delegation(delegation=found, version=version_in(request), by=request.user)
        messages.success(request, _("The delegation is confirmed, and holds from now on."))
    return redirect(found)


@needs(SEE)
def delegation_extract(request: HttpRequest, nummer: str, pk: int) -> HttpResponseBase:
    """The file that the delegation stands in; seen by those who see the delegation."""
    municipality = find_municipality(request, nummer)
    shown = Delegation.objects.visible_to(request.user).select_related("extract")
    found = get_object_or_404(shown, organisation=municipality, pk=pk)
    if found.extract is None:
        raise Http404
    return files.response(found.extract, inline=True)


def find_delegation(request: HttpRequest, nummer: str, pk: int) -> Delegation:
    municipality = find_municipality(request, nummer)
    require(request.user, OWN, on=municipality)
    shown = Delegation.objects.visible_to(request.user).select_related("organisation", "extract")
    return get_object_or_404(shown, organisation=municipality, pk=pk)


def _bound(request: HttpRequest, **how: Any) -> DelegationForm:
    posted = request.method == "POST"
    return DelegationForm(request.POST if posted else None, request.FILES if posted else None, **how)


def _form(
    request: HttpRequest, municipality: Organisation, form: Any, title: str, submit: str, draft: str
) -> HttpResponse:
    context = {"municipality": municipality, "form": form, "title": title, "submit": submit, "draft": draft}
    return TemplateResponse(request, "governance/organisations/delegation_form.html", context)
