"""The form of a case while somebody writes in it: kept on the server, and thrown away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui import wording
from digivesteralen.ui.numbers import whole
from governance.actions import case_drafts as actions
from governance.forms.cases import CaseForm
from governance.models import Case, Collaboration
from governance.views.finding import find_case, find_collaboration

PREPARE = "governance.prepare_meetings"


@needs(PREPARE)
@require_POST
def keep_draft(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    return _keep(request, found.body.collaboration, found)


@needs(PREPARE)
@require_POST
def keep_new_draft(request: HttpRequest, samarbeid: str) -> HttpResponse:
    return _keep(request, find_collaboration(request, samarbeid), None)


@needs(PREPARE)
@require_POST
def discard_draft(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    actions.discard_draft(collaboration=found.body.collaboration, case=found, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("edit_case", found.body.collaboration.slug, found.pk)


@needs(PREPARE)
@require_POST
def discard_new_draft(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    actions.discard_draft(collaboration=found, case=None, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("new_case", found.slug)


def _keep(request: HttpRequest, collaboration: Collaboration, case: Case | None) -> HttpResponse:
    """What the form holds, as it is typed; it is looked into when the case is saved."""
    require(request.user, PREPARE, on=collaboration)
    form = CaseForm(instance=case, collaboration=collaboration)
    texts = {name: request.POST.get(name, "") for name in form.fields if name != "version"}
    based_on = whole(request.POST.get("version", ""))
    draft = actions.keep_draft(collaboration=collaboration, case=case, texts=texts, based_on=based_on, by=request.user)
    return JsonResponse({"at": wording.clock(timezone.localtime(draft.saved_at))})
