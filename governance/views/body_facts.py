"""What is told about a body from a day: its status, another capacity, whom it points out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from governance.actions import bodies as actions
from governance.actions import nominations
from governance.forms.bodies import CapacityForm, NominationForm, StatusForm
from governance.forms.collaborations import EndForm
from governance.models import BodyCapacity, Nomination
from governance.views.finding import find_body, find_collaboration

MANAGE = "governance.manage_collaboration"


@needs(MANAGE)
def set_status(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    form = StatusForm(data, body=found, initial={"since": timezone.localdate()})
    if form.is_valid():
        actions.set_status(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The status is saved. What it was before stays in the history."))
        return redirect(found)
    return form_page(request, found.collaboration, form, _("How far the body has come"), _("Save the status"))


@needs(MANAGE)
def serve_as(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """A body serves as something else, here."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    data = request.POST if request.method == "POST" else None
    start = {"since": timezone.localdate(), "kind": "efagrad", "region": request.GET.get("region")}
    form = CapacityForm(data, collaboration=found, user=request.user, initial=start)
    if form.is_valid():
        actions.serve_as(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The capacity is registered. Nobody's access changes by it."))
        return redirect("councils", samarbeid)
    return form_page(request, found, form, _("A body in another capacity"), _("Register the capacity"))


@needs(MANAGE)
def end_capacity(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    capacity = get_object_or_404(BodyCapacity.objects.select_related("body"), collaboration=found, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=capacity.since, version=capacity.version, initial={"until": timezone.localdate()})
    if form.is_valid():
        actions.end_capacity(capacity=capacity, by=request.user, **form.cleaned_data)
        messages.success(request, _("The last day is registered."))
        return redirect("councils", samarbeid)
    title = _("End: %(what)s") % {"what": capacity}
    return form_page(request, found, form, title, _("Register the last day"))


@needs(MANAGE)
def nominate(request: HttpRequest, samarbeid: str, organ: str) -> HttpResponse:
    found = find_body(request, samarbeid, organ)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    start = {"nominated_on": timezone.localdate(), "region": request.GET.get("region")}
    form = NominationForm(data, body=found, initial=start)
    if form.is_valid():
        nominations.nominate(body=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Who is pointed out is registered. The seat is filled when somebody is elected."))
        return redirect(found)
    return form_page(request, found.collaboration, form, _("Somebody is pointed out"), _("Register who is pointed out"))


@needs(MANAGE)
def withdraw_nomination(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    made = get_object_or_404(
        Nomination.objects.select_related("body__collaboration", "person"), body__collaboration=found, pk=pk
    )
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=made.nominated_on, version=made.version, initial={"until": timezone.localdate()})
    if form.is_valid():
        told = form.cleaned_data
        nominations.withdraw_nomination(nomination=made, version=told["version"], on=told["until"], by=request.user)
        messages.success(request, _("It is withdrawn."))
        return redirect(made.body)
    title = _("Withdraw: %(what)s") % {"what": made}
    return form_page(request, found, form, title, _("Withdraw"))


def form_page(request: HttpRequest, collaboration: Any, form: Any, title: str, submit: str) -> HttpResponse:
    """One form on a page; what is written is kept in the browser under the page's own address."""
    draft = "-".join(part for part in request.path.split("/") if part)
    context = {"collaboration": collaboration, "form": form, "title": title, "submit": submit, "draft": draft}
    return TemplateResponse(request, "governance/collaboration/form.html", context)
