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
from digivesteralen.ui import charts, tables, wording
from governance import agreement_changes, agreement_dates, checklists
from governance.actions import agreements as actions
from governance.actions.agreement_versions import why_no_new_version, why_not_in_force
from governance.agreement_endings import why_not_ended
from governance.forms.agreements import (
    AgreementFilter,
    NewAgreementForm,
    PartyForm,
    SendForm,
    ValueForm,
    WriteAgreementForm,
)
from governance.models import Adoption, Agreement
from governance.models.agreements import AgreementQuerySet, months_after
from governance.tables import AgreementTable
from governance.views.adoptions import OWN
from governance.views.finding import find_agreement, find_collaboration

MANAGE = "governance.manage_collaboration"
SEE = "governance.view_collaboration"


@needs(SEE)
def agreements(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All agreements with the days they end: as a list and on a line of time."""
    found = find_collaboration(request, samarbeid)
    form = AgreementFilter(request.GET)
    shown = narrowed(Agreement.objects.filter(collaboration=found), form)
    as_workbook = request.GET.get("format") == "xlsx"
    left_out = () if as_workbook else AgreementTable.FOR_WORKBOOKS
    table = tables.page(request, AgreementTable(shown.with_counts().whole(), exclude=left_out))
    if as_workbook:
        return writing.response(table, file_name=f"avtaler-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "table": table,
        "filter": form,
        "timeline": timeline([row.record for row in table.page.object_list]),
        "manages": holds(request.user, MANAGE, found),
    }
    return TemplateResponse(request, "governance/agreements/list.html", context)


def narrowed(shown: AgreementQuerySet, form: AgreementFilter) -> AgreementQuerySet:
    """The newest versions, and of them what the filter asks for."""
    wanted = form.cleaned_data if form.is_valid() else {}
    shown = shown if wanted.get("earlier") else shown.standing()
    for name in ("state", "form"):
        if wanted.get(name):
            shown = shown.filter(**{name: wanted[name]})
    if wanted.get("q"):
        shown = shown.filter(title__icontains=wanted["q"])
    if wanted.get("ends"):
        today = timezone.localdate()
        shown = shown.filter(period_to__range=(today, months_after(today, int(wanted["ends"]))))
    return shown


def timeline(shown: list[Agreement]) -> Any:
    """When each of the agreements on the page runs, and when one must give notice; nothing where none has a period."""
    rows = []
    for one in shown:
        if one.period_from is None and one.period_to is None:
            continue
        words = str(one.force_sentence)
        if one.notice_by:
            words = _("%(state)s; notice by %(day)s") % {"state": words, "day": wording.day(one.notice_by)}
        rows.append((str(one), one.period_from, one.period_to, words))
    if not rows:
        return None
    return charts.timeline(_("When the agreements end"), rows, today=timezone.localdate(), label=str(_("Agreement")))


@needs(SEE)
def agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """The clauses, the parties with their value, and who has acceded; by the form, its checklist and its rules."""
    found = find_agreement(request, samarbeid, avtale)
    is_draft = found.state == Agreement.State.DRAFT
    manages = holds(request.user, MANAGE, found.collaboration)
    kind = "governance.agreement_draft" if is_draft else "governance.agreement"
    rule = checklists.rule_of(found.form, found.sent_on)
    versions = list(Agreement.objects.of_chain(found.root).whole())
    context = {
        "collaboration": found.collaboration,
        "agreement": found,
        "clauses": found.clauses,
        "unwritten": agreement_changes.unmet(found) if is_draft else [],
        "parties": parties_of(found, request.user),
        "missing": actions.missing(found) if is_draft else [],
        "by_law": rule.council_itself,
        "rule": rule,
        "checklist": list(agreement_changes.checklist(found)),
        "obligations": found.obligations.select_related("organisation"),
        "versions": versions if len(versions) > 1 else [],
        "every": actions.goes_to_every_party(found) if is_draft else found.way == Agreement.Way.EVERY,
        "touched": actions.touched(found) if is_draft else [],
        "waits": why_not_in_force(found) if found.follows_id and found.effective_from is None and not is_draft else "",
        "may_begin": bool(found.follows_id) and found.effective_from is None and found.state == Agreement.State.SENT,
        "may_change": manages and not why_no_new_version(found),
        "in_force": found.is_in_force(),
        "notice": agreement_dates.notice_ground(found, timezone.localdate()),
        "is_draft": is_draft,
        "manages": manages,
        "documents": Document.objects.of("governance.agreement", found.pk).newest_first(),
        "job": Job.objects.filter(kind=kind, subject=str(found.pk)).newest_first().first(),
    }
    return TemplateResponse(request, "governance/agreements/page.html", context)


def parties_of(found: Agreement, user: Any) -> list[dict[str, Any]]:
    """Each party with its value, its decision, and what it has decided about leaving."""
    answers = {answer.organisation_id: answer for answer in found.answers}
    exits = Adoption.objects.visible_to(user).filter(leaves=found.root).select_related("collaboration").order_by("pk")
    leaving = {one.organisation_id: one for one in exits}
    return [
        {
            "party": party,
            "answer": answers.get(party.organisation_id),
            "leaving": leaving.get(party.organisation_id),
            "own": holds(user, OWN, party.organisation),
            "liable": agreement_dates.liability(found, party.left_on) if party.left_on else "",
        }
        for party in found.parties.select_related("organisation")
    ]


@needs(MANAGE)
def new_agreement(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = NewAgreementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.create_agreement(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement is begun, with all members as parties. Write the sections."))
        return redirect("write_agreement", samarbeid, made.slug)
    return form_page(request, found, form, _("New agreement"), _("Begin the agreement"), f"agreement-{found.pk}")


@needs(MANAGE)
def write_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    data = request.POST if request.method == "POST" else None
    form = WriteAgreementForm(data, agreement=found, version=found.version)
    if form.is_valid():
        known = {name: form.cleaned_data[name] for name in (*form.facts, "version")}
        saved = actions.write_agreement(agreement=found, sections=form.sections, by=request.user, **known)
        messages.success(request, _("The agreement is saved."))
        return redirect(saved)
    title = _("Write «%(agreement)s»") % {"agreement": found}
    return form_page(
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
    return form_page(request, found.collaboration, form, title, _("Save the value"), f"value-{party.pk}", found)


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
    return form_page(
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
    return confirm(request, found, title, text, _("Take the party out"))


@needs(MANAGE)
def send_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    """Send to the municipalities: each gets a matter of its own, and none is bound."""
    found = draft_or_refuse(request, samarbeid, avtale)
    posted = request.method == "POST"
    data, sent_files = (request.POST, request.FILES) if posted else (None, None)
    every = actions.goes_to_every_party(found)
    first = {"sent_on": timezone.localdate()}
    form = SendForm(data, sent_files, agreement=found, every=every, version=found.version, initial=first)
    if form.is_valid():
        sent = actions.send_agreement(agreement=found, by=request.user, **form.cleaned_data)
        told = _("The agreement is sent. Each municipality now decides for itself.")
        messages.success(request, told if every else _("The new version is sent. Set it in force from a day."))
        return redirect(sent)
    title = _("Send «%(agreement)s» to the municipalities") % {"agreement": found}
    touched = actions.touched(found) if every else []
    return form_page(
        request,
        found.collaboration,
        form,
        title,
        _("Send the agreement"),
        f"send-{found.pk}",
        found,
        missing=actions.missing(found),
        told=_("Every party's own body must adopt it. It touches: %(points)s.") % {"points": ", ".join(touched)}
        if touched
        else "",
    )


@needs(MANAGE)
def end_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    found = find_agreement(request, samarbeid, avtale)
    require(request.user, MANAGE, on=found.collaboration)
    if refusal := why_not_ended(found):
        raise NotAllowedNow(refusal)
    if request.method == "POST":
        actions.end_agreement(agreement=found, by=request.user)
        messages.success(request, _("The agreement is ended."))
        return redirect(found)
    text = _("What the municipalities have decided stays in the history. The agreement can't be taken up again.")
    return confirm(request, found, _("End the agreement?"), text, _("End the agreement"), danger=True)


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


def form_page(
    request: HttpRequest,
    collaboration: Any,
    form: Any,
    title: str,
    submit: str,
    draft: str,
    agreement: Agreement | None = None,
    missing: list[str] | None = None,
    told: str = "",
) -> HttpResponse:
    context = {
        "collaboration": collaboration,
        "agreement": agreement,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft,
        "missing": missing or [],
        "told": told,
    }
    return TemplateResponse(request, "governance/agreements/form.html", context)


def confirm(
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
