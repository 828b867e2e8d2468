from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.documents.models import Document, Job
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.actions import agreements as actions
from governance.forms.agreements import NewAgreementForm, PartyForm, SendForm, ValueForm, WriteAgreementForm
from governance.models import Agreement, AgreementSection
from governance.tables import AgreementTable
from governance.views.finding import find_agreement, find_collaboration

MANAGE = "governance.manage_collaboration"
SEE = "governance.view_collaboration"


@needs(SEE)
def agreements(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = found.agreements.with_counts().prefetch_related("sections", "adoptions").select_related("collaboration")
    table = tables.page(request, AgreementTable(shown))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"avtaler-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "manages": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "governance/agreements/list.html", context)


@needs(SEE)
def agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """The eight sections, the parties with their value, and who has acceded."""
    found = find_agreement(request, samarbeid, avtale)
    written = {section.kind: section.text for section in found.sections.all()}
    answers = {answer.organisation_id: answer for answer in found.answers}
    parties = list(found.parties.select_related("organisation"))
    draft = found.state == Agreement.State.DRAFT
    kind = "governance.agreement_draft" if draft else "governance.agreement"
    context = {
        "collaboration": found.collaboration,
        "agreement": found,
        "sections": [(key, label, written.get(key, "")) for key, label in AgreementSection.Kind.choices],
        "parties": [(party, answers.get(party.organisation_id)) for party in parties],
        "missing": actions.missing(found) if draft else [],
        "is_draft": draft,
        "manages": holds(request.user, MANAGE, found.collaboration),
        "documents": Document.objects.of("governance.agreement", found.pk).newest_first(),
        "job": Job.objects.filter(kind=kind, subject=str(found.pk)).newest_first().first(),
    }
    return TemplateResponse(request, "governance/agreements/page.html", context)


@needs(MANAGE)
def new_agreement(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = NewAgreementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.create_agreement(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement is begun, with all members as parties. Write the sections."))
        return redirect("write_agreement", samarbeid, made.slug)
    return _form(request, found, form, _("New agreement"), _("Begin the agreement"), f"agreement-{found.pk}")


@needs(MANAGE)
def write_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    data = request.POST if request.method == "POST" else None
    form = WriteAgreementForm(data, agreement=found, version=found.version)
    if form.is_valid():
        known = {
            name: form.cleaned_data[name] for name in ("title", "period_from", "period_to", "notice_months", "version")
        }
        saved = actions.write_agreement(agreement=found, sections=form.sections, by=request.user, **known)
        messages.success(request, _("The agreement is saved."))
        return redirect(saved)
    title = _("Write «%(agreement)s»") % {"agreement": found}
    return _form(
        request, found.collaboration, form, title, _("Save the agreement"), f"agreement-edit-{found.pk}", found
    )


@needs(MANAGE)
def write_value(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    party = get_object_or_404(found.parties.select_related("organisation"), organisation=pk)
    data = request.POST if request.method == "POST" else None
    form = ValueForm(data, version=found.version, initial={"value": party.value})
    if form.is_valid():
        actions.write_value(agreement=found, organisation=party.organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The value for %(party)s is saved.") % {"party": party})
        return redirect(found)
    title = _("Value for %(party)s") % {"party": party}
    return _form(request, found.collaboration, form, title, _("Save the value"), f"value-{party.pk}", found)


@needs(MANAGE)
def add_party(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = find_agreement(request, samarbeid, avtale)
    require(request.user, MANAGE, on=found.collaboration)
    data = request.POST if request.method == "POST" else None
    form = PartyForm(data, agreement=found, version=found.version)
    if form.is_valid():
        party = actions.add_party(agreement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(party)s is invited to the agreement.") % {"party": party})
        return redirect(found)
    return _form(
        request, found.collaboration, form, _("Invite one more party"), _("Invite"), f"party-{found.pk}", found
    )


@needs(MANAGE)
def remove_party(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    party = get_object_or_404(found.parties.select_related("organisation"), organisation=pk)
    if request.method == "POST":
        actions.remove_party(agreement=found, organisation=party.organisation, by=request.user)
        messages.success(request, _("%(party)s is no longer invited.") % {"party": party})
        return redirect(found)
    title = _("Take %(party)s out of the draft?") % {"party": party}
    text = _("The text about the value for this party is removed too. It stays in the history.")
    return _confirm(request, found, title, text, _("Take the party out"))


@needs(MANAGE)
def send_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """Send to the municipalities: each gets a matter of its own, and none is bound."""
    found = draft_or_refuse(request, samarbeid, avtale)
    data = request.POST if request.method == "POST" else None
    form = SendForm(data, version=found.version, initial={"sent_on": timezone.localdate()})
    if form.is_valid():
        sent = actions.send_agreement(agreement=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement is sent. Each municipality now decides for itself."))
        return redirect(sent)
    title = _("Send «%(agreement)s» to the municipalities") % {"agreement": found}
    return _form(
        request,
        found.collaboration,
        form,
        title,
        _("Send the agreement"),
        f"send-{found.pk}",
        found,
        missing=actions.missing(found),
    )


@needs(MANAGE)
def end_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = find_agreement(request, samarbeid, avtale)
    require(request.user, MANAGE, on=found.collaboration)
    if request.method == "POST":
        actions.end_agreement(agreement=found, by=request.user)
        messages.success(request, _("The agreement is ended."))
        return redirect(found)
    text = _("What the municipalities have decided stays in the history. The agreement can't be taken up again.")
    return _confirm(request, found, _("End the agreement?"), text, _("End the agreement"), danger=True)


@needs(SEE)
def order_document(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """The agreement as PDF, made by a job."""
    found = find_agreement(request, samarbeid, avtale)
    if request.method != "POST":
        return redirect(found)
    return redirect(actions.order_document(agreement=found, by=request.user))


def draft_or_refuse(request: HttpRequest, samarbeid: str, avtale: str) -> Agreement:
    """A draft that the user may change; a sent one is refused before anything is written."""
    found = find_agreement(request, samarbeid, avtale)
    require(request.user, MANAGE, on=found.collaboration)
    if found.state != Agreement.State.DRAFT:
        raise NotAllowedNow(_("The agreement has been sent, and its text is frozen."))
    return found


def _form(
    request: HttpRequest,
    collaboration: Any,
    form: Any,
    title: str,
    submit: str,
    draft: str,
    agreement: Agreement | None = None,
    missing: list[str] | None = None,
) -> HttpResponse:
    context = {
        "collaboration": collaboration,
        "agreement": agreement,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft,
        "missing": missing or [],
    }
    return TemplateResponse(request, "governance/agreements/form.html", context)


def _confirm(
    request: HttpRequest, agreement: Agreement, title: str, text: str, submit: str, *, danger: bool = False
) -> HttpResponse:
    context = {
        "collaboration": agreement.collaboration,
        "title": title,
        "text": text,
        "submit": submit,
        "danger": danger,
        "cancel": agreement.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
