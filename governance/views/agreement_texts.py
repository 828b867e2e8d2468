from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from governance.actions import agreement_texts as actions
from governance.forms.agreements import ClauseForm, ObligationForm
from governance.models import Agreement
from governance.views.agreements import MANAGE, confirm, draft_or_refuse, form_page


@needs(MANAGE)
def add_clause(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    return _clause(request, draft_or_refuse(request, samarbeid, avtale), None, _("New clause"))


@needs(MANAGE)
def edit_clause(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    clause = get_object_or_404(found.sections, pk=pk)
    return _clause(request, found, clause, _("Change the clause «%(clause)s»") % {"clause": clause})


def _clause(request: HttpRequest, found: Agreement, clause: Any, title: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ClauseForm(data, agreement=found, clause=clause, version=found.version)
    if form.is_valid():
        actions.write_clause(agreement=found, clause=clause, by=request.user, **form.cleaned_data)
        messages.success(request, _("The clause is saved."))
        return redirect(found)
    draft = f"clause-{found.pk}-{clause.pk if clause else 'new'}"
    return form_page(request, found.collaboration, form, title, _("Save the clause"), draft, found)


@needs(MANAGE)
def remove_clause(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    clause = get_object_or_404(found.sections, pk=pk)
    if request.method == "POST":
        actions.remove_clause(agreement=found, clause=clause, by=request.user)
        messages.success(request, _("The clause is taken out."))
        return redirect(found)
    title = _("Take «%(clause)s» out of the draft?") % {"clause": clause}
    return confirm(request, found, title, _("The text stays in the history."), _("Take the clause out"))


@needs(MANAGE)
@require_POST
def move_clause(request: HttpRequest, samarbeid: str, avtale: str, pk: int, vei: str) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    clause = get_object_or_404(found.sections, pk=pk)
    actions.move_clause(agreement=found, clause=clause, up=vei == "opp", by=request.user)
    return redirect(found)


@needs(MANAGE)
def add_obligation(request: HttpRequest, samarbeid: str, avtale: str) -> HttpResponse:
    return _obligation(request, draft_or_refuse(request, samarbeid, avtale), None, _("New obligation"))


@needs(MANAGE)
def edit_obligation(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    return _obligation(request, found, get_object_or_404(found.obligations, pk=pk), _("Change the obligation"))


def _obligation(request: HttpRequest, found: Agreement, obligation: Any, title: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    names = ("kind", "organisation", "text", "due")
    known = {name: getattr(obligation, name) for name in names} if obligation else {}
    form = ObligationForm(data, agreement=found, version=found.version, initial=known)
    if form.is_valid():
        actions.write_obligation(agreement=found, obligation=obligation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The obligation is saved."))
        return redirect(found)
    draft = f"obligation-{found.pk}-{obligation.pk if obligation else 'new'}"
    return form_page(request, found.collaboration, form, title, _("Save the obligation"), draft, found)


@needs(MANAGE)
def remove_obligation(request: HttpRequest, samarbeid: str, avtale: str, pk: int) -> HttpResponse:
    found = draft_or_refuse(request, samarbeid, avtale)
    obligation = get_object_or_404(found.obligations, pk=pk)
    if request.method == "POST":
        actions.remove_obligation(agreement=found, obligation=obligation, by=request.user)
        messages.success(request, _("The obligation is taken out."))
        return redirect(found)
    return confirm(request, found, _("Take the obligation out?"), obligation.text, _("Take it out"))
