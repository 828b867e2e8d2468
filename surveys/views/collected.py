"""Documents that the work stands on, interviews, and those who answer for systems on behalf of several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance import on_behalf
from governance.models import Collaboration, Organisation
from surveys import registers as reading
from surveys.actions import registers as actions
from surveys.forms.registers import CommonResponsibleForm, DocumentForm, InterviewForm
from surveys.models import CollectedDocument, CommonResponsible, Interview
from surveys.register_tables import DocumentsTable, InterviewsTable, ResponsiblesTable
from surveys.views.finding import collaboration_of, find_collaboration, find_municipality

SEE, EDIT, OWN, ANSWERS = (
    "governance.view_collaboration", actions.MANAGE, actions.OWN, "governance.view_answers",
)  # fmt: skip
SHELVES = 25
FORM = "surveys/registers/entry.html"


@needs(SEE)
def documents(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Which strategies and plans each municipality has, so that gaps show (D6, D7), and the documents themselves."""
    found = find_collaboration(request, samarbeid)
    rows = CollectedDocument.objects.of(found).select_related("municipality", "collaboration")
    table = tables.page(request, DocumentsTable(rows))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"dokumenter-{found.slug}.xlsx")
    places = Paginator(found.members(), SHELVES).get_page(request.GET.get("kommuner"))
    context = {
        "collaboration": found,
        "table": table,
        "places": places,
        "shelves": reading.shelves(found, list(places)),
        "expected": reading.EXPECTED,
        "any": rows.exists(),
        "edits": holds(request.user, EDIT, found),
        "own": on_behalf.own(Organisation.objects.members_of(found), request.user, OWN),
    }
    return TemplateResponse(request, "surveys/registers/documents.html", context)


@needs(SEE)
def document(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    one = _find_document(found, pk)
    context = {
        "collaboration": found,
        "document": one,
        "adaptations": one.adaptations.select_related("municipality", "collaboration"),
        "may_edit": actions.may_write(request.user, one),
    }
    return TemplateResponse(request, "surveys/registers/document.html", context)


@needs(EDIT)
def document_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = _document_form(request, CollectedDocument(collaboration=found), common=True)
    if form.is_valid():
        made = actions.write(entry=CollectedDocument(collaboration=found), facts=form.facts(), by=request.user)
        messages.success(request, _("The document is registered."))
        return redirect(made)
    return _entry(request, found, form, _("New document"), (_("Strategies and plans"), "collected_documents"))


@needs(OWN, on="organisation")
def own_document_new(request: HttpRequest, nummer: str) -> HttpResponse:
    """A municipality registers a plan of its own; ``tilpasser`` names the common one that it adapts (D6)."""
    place = find_municipality(request, nummer)
    require(request.user, OWN, on=place)
    found = collaboration_of(request.user, place)
    if found is None:
        raise NotAllowedNow(_("The municipality is in no collaboration today."))
    fresh = CollectedDocument(collaboration=found, municipality=place)
    form = _document_form(request, fresh, common=False, initial={"adapts": request.GET.get("tilpasser")})
    if form.is_valid():
        entry = CollectedDocument(collaboration=found, municipality=place)
        made = actions.write(entry=entry, facts=form.facts(), by=request.user)
        messages.success(request, _("The document is registered."))
        return redirect(made)
    title = _("New document of %(municipality)s") % {"municipality": place}
    return _entry(request, found, form, title, (_("Strategies and plans"), "collected_documents"))


@needs(SEE)
def document_change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """By the secretariat, and by the municipality whose document it is."""
    found = find_collaboration(request, samarbeid)
    one = _find_document(found, pk)
    common = holds(request.user, EDIT, found)
    if not common:
        require(request.user, OWN, on=one.municipality or found)
    title = str(one)
    form = _document_form(request, one, common=common)
    if form.is_valid():
        made = actions.write(entry=one, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        messages.success(request, _("The document is saved."))
        return redirect(made)
    back = (_("Strategies and plans"), "collected_documents")
    remove = reverse("collected_document_remove", args=[samarbeid, pk])
    return _entry(request, found, form, title, back, entry=one, remove=remove)


@needs(SEE)
def document_remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    one = _find_document(found, pk)
    if not holds(request.user, EDIT, found):
        require(request.user, OWN, on=one.municipality or found)
    return _remove(request, found, one, _("Remove the document?"), "collected_documents")


@needs(ANSWERS)
def interviews(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What was said in conversations, for the secretariat alone (P4)."""
    found = _restricted(request, samarbeid)
    rows = Interview.objects.visible_to(request.user).filter(collaboration=found)
    table = tables.page(request, InterviewsTable(rows.select_related("municipality", "collaboration")))
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        return writing.response(table, file_name=f"intervjuer-{found.slug}.xlsx")
    context = {
        "collaboration": found, "table": table, "any": rows.exists(), "edits": holds(request.user, EDIT, found)
    }  # fmt: skip
    return TemplateResponse(request, "surveys/registers/interviews.html", context)


@needs(ANSWERS)
def interview(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _restricted(request, samarbeid)
    context = {
        "collaboration": found, "interview": _find_interview(request, found, pk),
        "edits": holds(request.user, EDIT, found),
    }  # fmt: skip
    return TemplateResponse(request, "surveys/registers/interview.html", context)


@needs(EDIT)
def interview_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = InterviewForm(request.POST or None, instance=Interview(collaboration=found), collaboration=found)
    if form.is_valid():
        made = actions.write(entry=Interview(collaboration=found), facts=form.facts(), by=request.user)
        messages.success(request, _("The interview is registered."))
        return redirect(made)
    return _entry(request, found, form, _("New interview"), (_("Interviews"), "interviews"))


@needs(EDIT)
def interview_change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = _find_interview(request, found, pk)
    title = str(one.who)
    form = InterviewForm(request.POST or None, instance=one, collaboration=found)
    if form.is_valid():
        made = actions.write(entry=one, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        messages.success(request, _("The interview is saved."))
        return redirect(made)
    remove = reverse("interview_remove", args=[samarbeid, pk])
    return _entry(request, found, form, title, (_("Interviews"), "interviews"), entry=one, remove=remove)


@needs(EDIT)
def interview_remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    return _remove(request, found, _find_interview(request, found, pk), _("Remove the interview?"), "interviews")


@needs(SEE)
def responsibles(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Who answers for, or orders, systems on behalf of several municipalities (B26, B27)."""
    found = find_collaboration(request, samarbeid)
    rows = found.common_responsibles.select_related("person", "area", "product").prefetch_related("municipalities")
    edits = holds(request.user, EDIT, found)
    table = tables.page(request, ResponsiblesTable(rows, place=found.slug, edits=edits))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"systemansvarlige-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "any": rows.exists(), "edits": edits}
    return TemplateResponse(request, "surveys/registers/responsibles.html", context)


@needs(EDIT)
def responsible_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    fresh = CommonResponsible(collaboration=found)
    form = CommonResponsibleForm(request.POST or None, instance=fresh, collaboration=found)
    if form.is_valid():
        actions.write(entry=CommonResponsible(collaboration=found), facts=form.facts(), by=request.user)
        messages.success(request, _("The responsible is registered."))
        return redirect("common_responsibles", samarbeid)
    title = _("New common responsible")
    return _entry(request, found, form, title, (_("Common responsibles"), "common_responsibles"))


@needs(EDIT)
def responsible(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = get_object_or_404(found.common_responsibles, pk=pk)
    title = str(one)
    form = CommonResponsibleForm(request.POST or None, instance=one, collaboration=found)
    if form.is_valid():
        actions.write(entry=one, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        messages.success(request, _("The responsible is saved."))
        return redirect("common_responsibles", samarbeid)
    back = (_("Common responsibles"), "common_responsibles")
    remove = reverse("common_responsible_remove", args=[samarbeid, pk])
    return _entry(request, found, form, title, back, entry=one, remove=remove)


@needs(EDIT)
def responsible_remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = get_object_or_404(found.common_responsibles, pk=pk)
    return _remove(request, found, one, _("Remove the responsible?"), "common_responsibles")


def _restricted(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = find_collaboration(request, samarbeid)
    require(request.user, ANSWERS, on=found)
    return found


def _find_document(found: Collaboration, pk: int) -> CollectedDocument:
    rows = CollectedDocument.objects.of(found).select_related(
        "municipality", "adapts__collaboration", "activity", "file"
    )
    one: CollectedDocument = get_object_or_404(rows.select_related("collaboration"), pk=pk)
    return one


def _find_interview(request: HttpRequest, found: Collaboration, pk: int) -> Interview:
    rows = Interview.objects.visible_to(request.user).select_related("municipality", "activity", "collaboration")
    one: Interview = get_object_or_404(rows, collaboration=found, pk=pk)
    return one


def _document_form(request: HttpRequest, one: CollectedDocument, *, common: bool, **more: Any) -> DocumentForm:
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    return DocumentForm(data, files, instance=one, collaboration=one.collaboration, common=common, **more)


def _entry(
    request: HttpRequest, found: Collaboration, form: Any, title: str, parent: tuple[str, str], **more: Any
) -> HttpResponse:
    name, page = parent
    context = {"collaboration": found, "form": form, "title": title, "parent": name}
    return TemplateResponse(request, FORM, context | {"back": reverse(page, args=[found.slug])} | more)


def _remove(request: HttpRequest, found: Collaboration, entry: actions.Entry, title: str, page: str) -> HttpResponse:
    if request.method == "POST":
        actions.remove(entry=entry, version=version_in(request), by=request.user)
        messages.success(request, _("The line is removed."))
        return redirect(page, found.slug)
    context = {
        "collaboration": found,
        "title": title,
        "text": str(entry),
        "submit": _("Remove"),
        "cancel": reverse(page, args=[found.slug]),
        "danger": True,
        "version": entry.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
