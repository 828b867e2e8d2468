from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from governance.actions import treatments as actions
from governance.forms.bodies import TreatmentForm
from governance.models import ExternalTreatment
from governance.views.body_facts import form_page
from governance.views.finding import find_body, find_collaboration

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
def record_treatment(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    """The outcome in a body that does not meet here (B24)."""
    found = find_body(request, samarbeid, organ)
    require(request.user, PREPARE, on=found.collaboration)
    if found.meets:
        raise Http404
    form = TreatmentForm(request.POST if request.method == "POST" else None, body=found, user=request.user)
    if form.is_valid():
        actions.record_treatment(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The treatment is registered. It changes no municipality's own answer."))
        return redirect(found)
    title = _("Treated by %(body)s") % {"body": found.name_in_text}
    return form_page(request, found.collaboration, form, title, _("Register the treatment"))


@needs(PREPARE)
def correct_treatment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, PREPARE, on=found)
    treatments = ExternalTreatment.objects.select_related("body__collaboration")
    treatment = get_object_or_404(treatments, body__collaboration=found, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = TreatmentForm(data, instance=treatment, body=treatment.body, user=request.user)
    if form.is_valid():
        actions.correct_treatment(treatment=treatment, by=request.user, **form.cleaned_data)
        messages.success(request, _("The treatment is corrected."))
        return redirect(treatment.body)
    title = _("Correct: %(what)s") % {"what": treatment.matter}
    return form_page(request, found, form, title, _("Save the correction"))
