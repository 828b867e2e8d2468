"""The registers of a municipality: forms for citizens, and infrastructure; and the collaboration as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance import on_behalf
from governance.models import Collaboration, Organisation
from surveys import registers as reading
from surveys.actions import registers as actions
from surveys.forms.registers import ApplicationFormForm, FormFilter, InfrastructureForm
from surveys.models import ApplicationForm, InfrastructureFact
from surveys.register_tables import CommonFormsTable, FactsTable, FormsTable, facts_sheet
from surveys.views.finding import collaboration_of, find_collaboration, find_municipality

SEE, SEE_OWN, EDIT = "governance.view_collaboration", "governance.view_organisation", actions.OWN
COLUMNS_PER_PAGE = 8


@needs(SEE)
def application_forms(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Which forms are still on paper, where, and how many are sent (R28)."""
    found = find_collaboration(request, samarbeid)
    form = FormFilter(request.GET)
    rows = reading.common_forms(found)
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.filter(name__icontains=form.cleaned_data["q"])
    if form.is_valid() and form.cleaned_data["tilstand"]:
        rows = rows.filter(**{f"{form.cleaned_data['tilstand']}__gt": 0})
    table = tables.page(request, CommonFormsTable(rows, order_by="-paper"))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"skjema-{found.slug}.xlsx")
    context = {
        "collaboration": found,
        "filter": form,
        "table": table,
        "totals": reading.form_totals(found.sharing()),
        "own": _own(request, found),
    }
    return TemplateResponse(request, "surveys/registers/forms.html", context)


@needs(SEE_OWN, on="organisation")
def own_forms(request: HttpRequest, nummer: str) -> HttpResponse:
    place = _own_place(request, nummer)
    form = FormFilter(request.GET)
    rows = form.narrow(place.application_forms.select_related("area"))
    edits = holds(request.user, EDIT, place)
    table = tables.page(request, FormsTable(rows, place=place.number, edits=edits))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"skjema-{place.number}.xlsx")
    context = _context(request, place) | {
        "filter": form,
        "table": table,
        "edits": edits,
        "totals": reading.form_totals([place]),
        "any": place.application_forms.exists(),
    }
    return TemplateResponse(request, "surveys/registers/own_forms.html", context)


@needs(EDIT, on="organisation")
def form_new(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    entry = ApplicationForm(municipality=place)
    form = ApplicationFormForm(request.POST or None, instance=entry)
    if form.is_valid():
        actions.write(entry=ApplicationForm(municipality=place), facts=form.facts(), by=request.user)
        messages.success(request, _("The form is registered."))
        return redirect("own_forms", place.number)
    return _entry(request, place, form, _("New form"), (_("Forms for citizens"), "own_forms"))


@needs(EDIT, on="organisation")
def application_form(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    entry = get_object_or_404(ApplicationForm, municipality=place, pk=pk)
    title = str(entry)
    form = ApplicationFormForm(request.POST or None, instance=entry)
    if form.is_valid():
        actions.write(entry=entry, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        messages.success(request, _("The form is saved."))
        return redirect("own_forms", place.number)
    remove = reverse("application_form_remove", args=[place.number, pk])
    return _entry(request, place, form, title, (_("Forms for citizens"), "own_forms"), entry=entry, remove=remove)


@needs(EDIT, on="organisation")
def form_remove(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    entry = get_object_or_404(ApplicationForm, municipality=place, pk=pk)
    return _remove(request, place, entry, _("Remove the form?"), "own_forms")


@needs(SEE)
def infrastructure(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What differs between the municipalities, and makes common solutions dearer (K7)."""
    found = find_collaboration(request, samarbeid)
    members = list(found.sharing())
    if request.GET.get("format") == "xlsx":
        sheet = facts_sheet(members, reading.facts_by_topic(members))
        return writing.response([sheet], file_name=f"infrastruktur-{found.slug}.xlsx")
    columns = Paginator(members, COLUMNS_PER_PAGE).get_page(request.GET.get("kommuner"))
    lines = reading.facts_by_topic(list(columns))
    context = {
        "collaboration": found,
        "columns": columns,
        "lines": lines,
        "any": any(fact for _topic, facts in lines for fact in facts),
        "own": _own(request, found),
    }
    return TemplateResponse(request, "surveys/registers/infrastructure.html", context)


@needs(SEE_OWN, on="organisation")
def own_infrastructure(request: HttpRequest, nummer: str) -> HttpResponse:
    place = _own_place(request, nummer)
    edits = holds(request.user, EDIT, place)
    table = tables.page(request, FactsTable(place.infrastructure.all(), place=place.number, edits=edits))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"infrastruktur-{place.number}.xlsx")
    context = _context(request, place) | {"table": table, "edits": edits, "any": place.infrastructure.exists()}
    return TemplateResponse(request, "surveys/registers/own_infrastructure.html", context)


@needs(EDIT, on="organisation")
def fact_new(request: HttpRequest, nummer: str) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    initial = {"on": timezone.localdate()}
    form = InfrastructureForm(request.POST or None, instance=InfrastructureFact(municipality=place), initial=initial)
    if form.is_valid():
        actions.write(entry=InfrastructureFact(municipality=place), facts=form.facts(), by=request.user)
        messages.success(request, _("The fact is registered."))
        return redirect("own_infrastructure", place.number)
    return _entry(request, place, form, _("New fact"), (_("Infrastructure"), "own_infrastructure"))


@needs(EDIT, on="organisation")
def fact(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    entry = get_object_or_404(InfrastructureFact, municipality=place, pk=pk)
    title = entry.get_topic_display()
    form = InfrastructureForm(request.POST or None, instance=entry)
    if form.is_valid():
        actions.write(entry=entry, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        messages.success(request, _("The fact is saved."))
        return redirect("own_infrastructure", place.number)
    remove = reverse("infrastructure_fact_remove", args=[place.number, pk])
    back = (_("Infrastructure"), "own_infrastructure")
    return _entry(request, place, form, title, back, entry=entry, remove=remove)


@needs(EDIT, on="organisation")
def fact_remove(request: HttpRequest, nummer: str, pk: int) -> HttpResponse:
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    entry = get_object_or_404(InfrastructureFact, municipality=place, pk=pk)
    return _remove(request, place, entry, _("Remove the fact?"), "own_infrastructure")


def _own(request: HttpRequest, found: Collaboration) -> Organisation | None:
    return on_behalf.own(Organisation.objects.members_of(found), request.user, SEE_OWN)


def _own_place(request: HttpRequest, nummer: str) -> Organisation:
    place = find_municipality(request, nummer)
    require(request.user, SEE_OWN, on=place)
    return place


def _context(request: HttpRequest, place: Organisation) -> dict[str, Any]:
    return {"collaboration": collaboration_of(request.user, place), "municipality": place}


def _entry(
    request: HttpRequest, place: Organisation, form: Any, title: str, parent: tuple[str, str], **more: Any
) -> HttpResponse:
    name, page = parent
    context = {"form": form, "title": title, "parent": name, "back": reverse(page, args=[place.number])}
    return TemplateResponse(request, "surveys/registers/entry.html", _context(request, place) | context | more)


def _remove(request: HttpRequest, place: Organisation, entry: actions.Entry, title: str, page: str) -> HttpResponse:
    if request.method == "POST":
        actions.remove(entry=entry, version=version_in(request), by=request.user)
        messages.success(request, _("The line is removed."))
        return redirect(page, place.number)
    context = {
        "title": title,
        "text": str(entry),
        "submit": _("Remove"),
        "cancel": reverse(page, args=[place.number]),
        "danger": True,
        "version": entry.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", _context(request, place) | context)
