"""The attachments of a case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.audit.log import looked_at_exempt
from digivesteralen.documents import files
from governance.actions import attachments as actions
from governance.forms.attachments import AttachmentForm
from governance.models import CaseAttachment
from governance.views.about_case import form_about
from governance.views.finding import find_case

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"


@needs(SEE)
def case_attachment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponseBase:
    """The file, for those who may read it today."""
    found = _find(request, samarbeid, pk)
    if found.is_exempt:
        looked_at_exempt(request.user, found.case)
    return files.response(found.document, inline=True)


@needs(PREPARE)
def attach(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_case(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_editable:
        raise NotAllowedNow(
            _("The case has gone out, and its attachments stand as they are. Bring a supplement as a new case.")
        )
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(*sent, case=found)
    if form.is_valid():
        title, upload = form.cleaned_data["title"], form.cleaned_data["file"]
        actions.attach(case=found, title=title, upload=upload, by=request.user, **form.told)
        messages.success(request, _("The attachment is put in."))
        return redirect(found)
    return form_about(request, found, form, _("New attachment"), _("Put in"))


@needs(PREPARE)
def edit_attachment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Title and public disclosure; after the case has gone out the latter alone."""
    found = _find(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.case.body.collaboration)
    form = AttachmentForm(request.POST if request.method == "POST" else None, case=found.case, attachment=found)
    if form.is_valid():
        title, version = form.cleaned_data["title"], form.cleaned_data["version"]
        actions.change_attachment(attachment=found, version=version, title=title, by=request.user, **form.told)
        messages.success(request, _("The attachment is saved."))
        return redirect(found.case)
    return form_about(request, found.case, form, _("Change the attachment"), _("Save"))


@needs(PREPARE)
@require_POST
def move_attachment(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    actions.move_up(attachment=found, by=request.user)
    return redirect(found.case)


@needs(PREPARE)
def detach(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    require(request.user, PREPARE, on=found.case.body.collaboration)
    if request.method == "POST":
        case = actions.detach(attachment=found, by=request.user)
        messages.success(request, _("The attachment is taken out."))
        return redirect(case)
    context = {
        "collaboration": found.case.body.collaboration,
        "title": _("Take out «%(attachment)s»?") % {"attachment": found},
        "text": _("The file is deleted, unless another case has it too."),
        "submit": _("Take out"),
        "cancel": found.case.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, pk: int) -> CaseAttachment:
    shown = CaseAttachment.objects.visible_to(request.user).select_related("case__body__collaboration", "document")
    return get_object_or_404(shown, case__body__collaboration__slug=samarbeid, pk=pk)
