from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.accounts.session_limits import fresh
from governance import extract, minutes_preview
from governance.actions import minutes as actions
from governance.forms.minutes import CorrectionForm, RemarkForm, TakeDownForm, TreatRemarkForm
from governance.minutes_text import context as text_of
from governance.models import Meeting
from governance.views import minutes_page
from governance.views.confirming import confirm
from governance.views.finding import find_meeting

SEE = "governance.view_collaboration"
PREPARE = "governance.prepare_meetings"
APPROVE = "governance.approve_minutes"


@needs(SEE)
def minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The minutes as a page: as they stand for those who write them, as they went out for all others."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    prepares = holds(request.user, PREPARE, found.body.collaboration)
    reads_all = holds(request.user, "governance.view_papers", found.body)
    if not minutes_page.may_read(found, prepares=prepares, reads_all=reads_all):
        raise NotAllowedNow(_("The minutes can be read here when they are out."))
    told = text_of(found, public=not reads_all)
    mine = found.signatures.filter(person__user=request.user.pk, sha256=told["digest"]).exists()
    context = {
        **told,
        "prepares": prepares,
        "may_sign": actions.may_sign(found, request.user),
        "has_signed": mine and found.state == Meeting.State.REMARKS,
    }
    return TemplateResponse(request, "governance/minutes/page.html", context)


@needs(PREPARE)
@require_POST
def preview_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """The draft as PDF; the same words are the same file."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    return redirect(minutes_preview.order(found, by=request.user))


@needs(SEE)
@require_POST
def order_extract(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """«Særutskrift» of one case: in full for those who read the body's papers, without what is exempt for others."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    item = get_object_or_404(found.items.select_related("case__body__collaboration", "meeting__body"), pk=pk)
    reads_all = holds(request.user, "governance.view_papers", found.body)
    return redirect(extract.order(item, public=not reads_all or "offentlig" in request.POST, by=request.user))


@needs(PREPARE)
@require_POST
def send_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    sent = actions.send_minutes(meeting=found, by=request.user)
    messages.success(request, _("The minutes are out. Remarks until %(day)s.") % {"day": f"{sent.remarks_by:%d.%m.%Y}"})
    return redirect(sent)


@needs("governance.approve_minutes", on="body")
def remark(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    """A member's own answer to the minutes."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, "governance.approve_minutes", on=found.body)
    if found.state != Meeting.State.REMARKS:
        raise NotAllowedNow(_("The minutes are not out for remarks."))
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        approves = form.cleaned_data["answer"] == "approves"
        actions.remark_on_minutes(meeting=found, approves=approves, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Your answer to the minutes is registered."))
        return redirect(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "title": _("Your answer to the minutes"),
        "submit": _("Send the answer"),
    }
    return TemplateResponse(request, "governance/meetings/minutes_form.html", context)


@needs(PREPARE)
def approve_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if request.method == "POST":
        approved = actions.approve_minutes(meeting=found, by=request.user)
        messages.success(request, _("The minutes are approved and locked."))
        return redirect(approved)
    actions.may_be_approved(found)
    text = _("From here on nothing in the minutes can be changed. A correction is a new version with a reason.")
    return confirm(request, found, _("Approve the minutes?"), text, _("Approve the minutes"))


@needs(PREPARE)
def correct_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.is_locked or found.number_only:
        raise NotAllowedNow(_("Only approved minutes are corrected; before that they are changed."))
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.correct_minutes(meeting=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The correction is registered, and a new version of the minutes is being made."))
        return redirect(found)
    context = {
        "collaboration": found.body.collaboration,
        "meeting": found,
        "form": form,
        "title": _("Correct the minutes"),
        "submit": _("Register the correction"),
    }
    return TemplateResponse(request, "governance/meetings/minutes_form.html", context)


@needs(PREPARE)
def treat_remark(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int, pk: int) -> HttpResponse:
    """The secretariat's answer to one remark."""
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    remark = get_object_or_404(found.remarks.select_related("person", "meeting"), pk=pk, silent=False)
    initial = {"treatment": remark.treatment or "taken_in", "answer": remark.answer}
    form = TreatRemarkForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        taken_in = form.cleaned_data["treatment"] == "taken_in"
        actions.treat_remark(remark=remark, taken_in=taken_in, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("The treatment of the remark is registered."))
        return redirect(found)
    title = _("The remark of %(name)s") % {"name": remark.person.name}
    return _form(request, found, form, title, _("Save the treatment"), said=remark.text)


@needs(APPROVE, on="body")
@require_POST
@fresh
def sign_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, APPROVE, on=found.body)
    actions.sign_minutes(meeting=found, sha256=request.POST.get("sha256", ""), by=request.user)
    messages.success(request, _("You have signed. You can take the signature back until the minutes are approved."))
    return redirect("minutes", *found.address)


@needs(APPROVE, on="body")
@require_POST
def remove_signature(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, APPROVE, on=found.body)
    own = found.signatures.filter(person__user=request.user.pk).first()
    if own is None:
        raise NotAllowedNow(_("You have not signed these minutes."))
    actions.remove_signature(signature=own, by=request.user)
    messages.success(request, _("Your signature is taken back."))
    return redirect("minutes", *found.address)


@needs(PREPARE)
def publish_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if request.method == "POST":
        actions.publish_minutes(meeting=found, by=request.user)
        messages.success(request, _("The minutes are published."))
        return redirect(found)
    text = _("Anyone can read them without signing in. What is exempt from public disclosure is left out.")
    return confirm(request, found, _("Publish the minutes?"), text, _("Publish the minutes"))


@needs(PREPARE)
def take_down_minutes(request: HttpRequest, samarbeid: str, organ: str, nummer: int, aar: int) -> HttpResponse:
    found = find_meeting(request, samarbeid, organ, nummer, aar)
    require(request.user, PREPARE, on=found.body.collaboration)
    if not found.publications.filter(withdrawn_at=None).exists():
        raise NotAllowedNow(_("The minutes are not published, so there is nothing to take down."))
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.take_down_minutes(meeting=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The minutes are taken off the public pages."))
        return redirect(found)
    return _form(request, found, form, _("Take the minutes off the public pages"), _("Take them down"))


def _form(request: HttpRequest, found: Meeting, form: Any, title: str, submit: str, **about: Any) -> HttpResponse:
    context = {"collaboration": found.body.collaboration, "meeting": found, "form": form, "title": title}
    return TemplateResponse(request, "governance/meetings/minutes_form.html", {**context, "submit": submit, **about})
