"""Pages of the organisations a collaboration deals with, and of regions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import organisation_register
from governance.actions import organisations as actions
from governance.actions import regions as region_actions
from governance.actions import register
from governance.forms.registers import (
    OrganisationFilter,
    OrganisationForm,
    RegionForm,
    RegionMemberForm,
    RenameForm,
    UntilForm,
)
from governance.models import Collaboration, Organisation, Region
from governance.register_tables import OrganisationTable, RegionMemberTable, RegionTable
from governance.views.finding import find_collaboration

SEE, MANAGE = "governance.view_collaboration", "governance.manage_collaboration"
FORM = "governance/registers/form.html"


@needs(SEE)
def organisations(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Everybody the collaboration deals with, and all the country's municipalities."""
    found = find_collaboration(request, samarbeid)
    today = timezone.localdate()
    rows = organisation_register.listed(found, today)
    form = OrganisationFilter(request.GET)
    if form.is_valid():
        rows = organisation_register.narrowed(rows, day=today, **form.cleaned_data)
    table = tables.page(request, OrganisationTable(rows, collaboration=found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"organisasjoner-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "filter": form, "manages": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "governance/registers/organisations.html", context)


@needs(SEE)
def organisation(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = _find(found, pk)
    context = {
        "collaboration": found,
        "organisation": shown,
        "names": shown.names.all(),
        "memberships": shown.memberships.filter(collaboration=found),
        "duties": shown.duties.filter(collaboration=found),
        "manages": holds(request.user, MANAGE, found),
    }
    return TemplateResponse(request, "governance/registers/organisation.html", context)


@needs(MANAGE)
def new_organisation(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = _managed(request, samarbeid)
    form = OrganisationForm(_posted(request))
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        made = actions.register_organisation(collaboration=found, by=request.user, **facts)
        messages.success(request, _("%(name)s is registered.") % {"name": made})
        return redirect("organisation", samarbeid, made.pk)
    return _form(
        request, found, form, _("New organisation"), _("Register it"), reverse("organisations", args=[samarbeid])
    )


@needs(MANAGE)
def edit_organisation(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    shown = _find(found, pk)
    form = OrganisationForm(_posted(request), instance=shown)
    if form.is_valid():
        actions.change_organisation(organisation=shown, collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is saved."))
        return redirect("organisation", samarbeid, pk)
    back = reverse("organisation", args=[samarbeid, pk])
    return _form(request, found, form, _("Correct what is told of %(name)s") % {"name": shown}, _("Save"), back)


@needs(MANAGE)
def rename_organisation(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    shown = _find(found, pk)
    form = RenameForm(_posted(request), version=shown.version)
    if form.is_valid():
        actions.rename(organisation=shown, collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The new name is registered, and the old one keeps its days."))
        return redirect("organisation", samarbeid, pk)
    title = _("%(name)s gets a new name") % {"name": shown}
    return _form(request, found, form, title, _("Register the name"), reverse("organisation", args=[samarbeid, pk]))


@needs(MANAGE)
def load_municipalities(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All the municipalities of the country at once, from the copy that comes with the portal."""
    found = _managed(request, samarbeid)
    back = reverse("organisations", args=[samarbeid])
    if request.method == "POST":
        outcome = register.load_register(collaboration=found, by=request.user)
        about = {name: outcome.counts[name] for name in ("new", "changed", "unchanged")}
        messages.success(request, _("%(new)s new, %(changed)s changed, %(unchanged)s as before.") % about)
        return redirect(back)
    context = {
        "collaboration": found,
        "title": _("Bring in the country's municipalities?"),
        "text": _("The 357 of 2024 with their names, numbers and people, and what became of those before them."),
        "submit": _("Bring them in"),
        "cancel": back,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(SEE)
def regions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    table = tables.page(
        request, RegionTable(organisation_register.regions(found, timezone.localdate()), collaboration=found)
    )
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"regioner-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "manages": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "governance/registers/regions.html", context)


@needs(SEE)
def region(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = _find_region(found, pk)
    today = timezone.localdate()
    rows = shown.memberships.select_related("organisation")
    table = tables.page(request, RegionMemberTable(rows, collaboration=found))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name="region.xlsx")
    context = {
        "collaboration": found,
        "region": shown,
        "table": table,
        "outsiders": organisation_register.outsiders(shown, found, today),
        "open_memberships": rows.active(today).filter(until=None),
        "councils": found.bodies.filter(region=shown).select_related("collaboration"),
        "attached": shown.collaborations.filter(pk=found.pk).exists(),
        "manages": holds(request.user, MANAGE, found),
    }
    return TemplateResponse(request, "governance/registers/region.html", context)


@needs(MANAGE)
def new_region(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = _managed(request, samarbeid)
    form = RegionForm(_posted(request), initial={"attached": True})
    if form.is_valid():
        made = region_actions.register_region(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The region is registered. Put its municipalities in it."))
        return redirect("region", samarbeid, made.pk)
    return _form(request, found, form, _("New region"), _("Register the region"), reverse("regions", args=[samarbeid]))


@needs(MANAGE)
def edit_region(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    shown = _find_region(found, pk)
    about = {"name": shown.name, "note": shown.note, "attached": shown.collaborations.filter(pk=found.pk).exists()}
    form = RegionForm(_posted(request), initial=about, version=shown.version)
    if form.is_valid():
        region_actions.change_region(region=shown, collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is saved."))
        return redirect("region", samarbeid, pk)
    return _form(request, found, form, shown.name, _("Save"), reverse("region", args=[samarbeid, pk]))


@needs(MANAGE)
def add_to_region(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid)
    shown = _find_region(found, pk)
    form = RegionMemberForm(_posted(request), region=shown, collaboration=found)
    if form.is_valid():
        made = region_actions.put_in_region(region=shown, collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is in the region.") % {"name": made.organisation})
        return redirect("region", samarbeid, pk)
    title = _("A municipality in %(region)s") % {"region": shown}
    return _form(request, found, form, title, _("Put it in the region"), reverse("region", args=[samarbeid, pk]))


@needs(MANAGE)
def leave_region(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The last day of one municipality in its region."""
    found = _managed(request, samarbeid)
    membership = organisation_register.region_membership(found, pk)
    form = UntilForm(_posted(request), initial={"until": timezone.localdate()})
    back = reverse("region", args=[samarbeid, membership.region_id])
    if form.is_valid():
        region_actions.take_out_of_region(
            membership=membership, collaboration=found, by=request.user, **form.cleaned_data
        )
        messages.success(request, _("The last day in the region is registered."))
        return redirect(back)
    title = _("%(name)s leaves %(region)s") % {"name": membership.organisation, "region": membership.region}
    return _form(request, found, form, title, _("Register the last day"), back)


def _managed(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    return found


def _find(collaboration: Collaboration, pk: int) -> Organisation:
    """One of the register that is no municipality: those have pages of their own."""
    rows = organisation_register.listed(collaboration, timezone.localdate())
    return get_object_or_404(rows.exclude(kind=Organisation.Kind.MUNICIPALITY), pk=pk)


def _find_region(collaboration: Collaboration, pk: int) -> Region:
    return get_object_or_404(organisation_register.regions(collaboration, timezone.localdate()), pk=pk)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(request: HttpRequest, found: Collaboration, form: Any, title: str, submit: str, cancel: str) -> HttpResponse:
    context = {"collaboration": found, "form": form, "title": title, "submit": submit, "cancel": cancel}
    return TemplateResponse(request, FORM, context)
