"""«Oversend saken»: a treated case goes on to another body (X5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, allowed, needs, require
from governance.actions import forwarding as actions
from governance.forms.forwardings import AnswerForm, ForwardForm
from governance.models import Body, Case, Collaboration, Forwarding
from governance.views.about_case import form_about
from governance.views.finding import find_case, find_collaboration

PREPARE = "governance.prepare_meetings"


def forwardings_of(case: Case, user: Any) -> list[Forwarding]:
    """Where the case went on to; the case there is linked for those who see it."""
    found = list(case.forwardings.select_related("body", "received_as__body__collaboration"))
    received = [sent.received_as_id for sent in found if sent.received_as_id]
    seen = set(Case.objects.visible_to(user).filter(pk__in=received).values_list("pk", flat=True)) if received else ()
    for sent in found:
        sent.seen = sent.received_as_id in seen
    return found


@needs(PREPARE)
def forward_case(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if found.stage != Case.Stage.TREATED:
        raise NotAllowedNow(_("Only a case that the body has treated can be forwarded."))
    bodies = Body.objects.visible_to(request.user).filter(
        collaboration__in=allowed(Collaboration.objects.visible_to(request.user), request.user, PREPARE)
    )
    form = ForwardForm(request.POST if request.method == "POST" else None, case=found, bodies=bodies)
    if form.is_valid():
        made = actions.forward_case(case=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The case is forwarded to %(body)s.") % {"body": made.to})
        return redirect(found)
    return form_about(request, found, form, _("Forward the case"), _("Forward the case"))


@needs(PREPARE)
def answer_forwarding(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """What the receiver answered; told on the case that was forwarded."""
    collaboration = find_collaboration(request, samarbeid)
    shown = Forwarding.objects.visible_to(request.user).select_related("case__body__collaboration", "body")
    found = get_object_or_404(shown, case__body__collaboration=collaboration, pk=pk)
    require(request.user, PREPARE, on=collaboration)
    given = {"answer": found.answer, "answered_on": found.answered_on or timezone.localdate()}
    form = AnswerForm(request.POST if request.method == "POST" else None, version=found.version, initial=given)
    if form.is_valid():
        actions.register_answer(forwarding=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The answer from %(body)s is registered.") % {"body": found.to})
        return redirect(found.case)
    title = _("Answer from %(body)s") % {"body": found.to}
    return form_about(request, found.case, form, title, _("Register the answer"), draft=found.draft_key)
