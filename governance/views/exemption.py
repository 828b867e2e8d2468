"""«Offentlighet»: what is exempt from public disclosure, and when it no longer is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from governance.actions import exemption as actions
from governance.forms.exemption import EventForm, ExemptionForm
from governance.views.about_case import form_about
from governance.views.finding import find_case

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def case_exemption(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    data = request.POST if request.method == "POST" else None
    form = ExemptionForm(data, thing=found, body=found.body, version=found.version)
    if form.is_valid():
        version = form.cleaned_data["version"]
        actions.change_exemption(case=found, version=version, by=request.user, **form.told)
        messages.success(request, _("The public disclosure of the case is saved."))
        return redirect(found)
    return form_about(request, found, form, _("Public disclosure"), _("Save"))


@needs(PREPARE)
def case_event(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """What the exemption waited for has happened; the case opens to all who see the body."""
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_exempt or not found.exempt_event:
        raise NotAllowedNow(_("The case is not exempt until an event. Change its public disclosure instead."))
    form = EventForm(request.POST if request.method == "POST" else None, version=found.version)
    if form.is_valid():
        actions.register_event(case=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The case is no longer exempt from public disclosure."))
        return redirect(found)
    title = _("Has this happened: %(event)s?") % {"event": found.exempt_event}
    return form_about(request, found, form, title, _("Open the case"))
