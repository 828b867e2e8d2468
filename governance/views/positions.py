from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from governance.actions import positions as actions
from governance.forms.bodies import PositionChangeForm, PositionForm
from governance.forms.collaborations import EndForm
from governance.models import Collaboration, Position
from governance.views.body_facts import form_page
from governance.views.finding import find_body, find_collaboration

MANAGE = "governance.manage_collaboration"


@needs(MANAGE)
def fill_position(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    form = PositionForm(data, body=found, initial={"since": timezone.localdate()})
    if form.is_valid():
        actions.fill_position(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The position is registered."))
        return redirect(found)
    return form_page(request, found.collaboration, form, _("New position"), _("Register the position"))


@needs(MANAGE)
def change_position(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    position = _find(found, pk)
    data = request.POST if request.method == "POST" else None
    start = {"since": timezone.localdate(), "share": position.share, "person": position.person_id}
    form = PositionChangeForm(data, body=position.body, version=position.version, initial=start)
    if form.is_valid():
        actions.change_position(position=position, by=request.user, **form.cleaned_data)
        messages.success(request, _("The position is changed from that day. What it was before stays."))
        return redirect(position.body)
    title = _("Change: %(what)s") % {"what": position}
    return form_page(request, found, form, title, _("Change from this day"))


@needs(MANAGE)
def end_position(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    position = _find(found, pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=position.since, version=position.version, initial={"until": timezone.localdate()})
    if form.is_valid():
        actions.end_position(position=position, by=request.user, **form.cleaned_data)
        messages.success(request, _("The last day is registered."))
        return redirect(position.body)
    title = _("End: %(what)s") % {"what": position}
    return form_page(request, found, form, title, _("Register the last day"))


def _find(collaboration: Collaboration, pk: int) -> Position:
    positions = Position.objects.select_related("body__collaboration", "employer", "person")
    return get_object_or_404(positions, body__collaboration=collaboration, pk=pk)
