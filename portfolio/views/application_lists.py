from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance.models import Case, Collaboration
from portfolio.actions import application_lists as actions
from portfolio.actions.ideas import SEND
from portfolio.application_tables import ApplicationListTable, ApplicationTable
from portfolio.forms.application_lists import ApplicationForm, CallForm, DecideForm, applicants_for
from portfolio.models import ApplicationList
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/applications/form.html"


@needs(SEE)
def application_lists(request: HttpRequest, samarbeid: str) -> HttpResponse:
    here = find_collaboration(request, samarbeid)
    seen = ApplicationList.objects.visible_to(request.user).filter(collaboration=here).select_related("collaboration")
    counted = seen.annotate(count=Count("applications"), amount=Sum("applications__amount"))
    table = tables.page(request, ApplicationListTable(counted))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"soknadslister-{here.slug}.xlsx")
    context = {"collaboration": here, "table": table, "manages": holds(request.user, MANAGE, here)}
    return TemplateResponse(request, "portfolio/applications/lists.html", context)


@needs(SEE)
def application_list(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The applications in order; the secretariat moves them until a body has decided."""
    found = find_list(request, samarbeid, pk)
    manages = holds(request.user, MANAGE, found.collaboration)
    rows = found.applications.select_related("idea__collaboration", "applicant", "list__collaboration")
    left_out = ("order",) if found.is_decided else ("outcome", "proposed")
    if not manages:
        left_out = (*left_out, "order")
    table = tables.page(request, ApplicationTable(rows, exclude=left_out))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"soknader-{found.pk}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "list": found,
        "table": table,
        "total": rows.aggregate(sum=Sum("amount"))["sum"],
        "manages": manages,
        "applies": not found.is_decided
        and (manages or (found.is_open_on() and applicants_for(request.user, found.collaboration).exists())),
        "case": Case.objects.visible_to(request.user).filter(application_lists=found).first(),
    }
    return TemplateResponse(request, "portfolio/applications/list.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    here = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=here)
    form = CallForm(posted(request), collaboration=here)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.call(collaboration=here, by=request.user, **form.cleaned_data)
            messages.success(request, _("The application list is made. Next: register applications."))
            return redirect(made)
    draft = f"new-application-list-{here.pk}"
    return _form(request, here, form, _("New application list"), _("Make the list"), draft=draft)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _undecided(request, samarbeid, pk)
    form = CallForm(posted(request), collaboration=found.collaboration, found=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_call(found=found, by=request.user, **form.cleaned_data)
            return redirect(found)
    return _form(request, found.collaboration, form, _("Change the application list"), _("Save"), found)


@needs(SEE)
def apply(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """A municipality's own people apply; the secretariat registers for all."""
    found = find_list(request, samarbeid, pk)
    if not applicants_for(request.user, found.collaboration).exists():
        raise PermissionDenied(SEND)
    if found.is_decided:
        raise NotAllowedNow(_("The list is decided, and stands as it was decided."))
    if not found.is_open_on() and not holds(request.user, MANAGE, found.collaboration):
        raise NotAllowedNow(_("The deadline is past. Ask the secretariat."))
    form = ApplicationForm(posted(request), found=found, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.apply(found=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The application is in the list."))
            return redirect(found)
    return _form(request, found.collaboration, form, _("Register an application"), _("Put it in the list"), found)


@require_POST
@needs(MANAGE)
def move(request: HttpRequest, samarbeid: str, pk: int, soknad: int, vei: str) -> HttpResponse:
    found = find_list(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    one = get_object_or_404(found.applications, pk=soknad)
    actions.move(application=one, up=vei == "opp", version=version_in(request), by=request.user)
    return redirect(found)


@needs(MANAGE)
def take_out(request: HttpRequest, samarbeid: str, pk: int, soknad: int) -> HttpResponse:
    found = find_list(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    one = get_object_or_404(found.applications, pk=soknad)
    if request.method != "POST":
        context = {
            "collaboration": found.collaboration,
            "title": _("Take the application out of the list?"),
            "text": _("The application from %(applicant)s for «%(idea)s» is deleted, with its amount and note.")
            % {"applicant": one.applicant, "idea": one.idea.title},
            "submit": _("Take out"),
            "version": found.version,
            "cancel": found.get_absolute_url(),
            "danger": True,
        }
        return TemplateResponse(request, "ds/confirm_page.html", context)
    actions.take_out(application=one, version=version_in(request), by=request.user)
    messages.success(request, _("The application is taken out of the list."))
    return redirect(found)


@needs(MANAGE)
def decide(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The order that the body decided; afterwards the list stands."""
    found = _undecided(request, samarbeid, pk)
    if not found.applications.exists():
        raise NotAllowedNow(_("There is no application in the list to decide."))
    form = DecideForm(posted(request), found=found, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            told = form.cleaned_data
            actions.decide(
                found=found, version=told["version"], case=told["case"], outcomes=form.outcomes, by=request.user
            )
            messages.success(request, _("The decided order is registered, and the list stands."))
            return redirect(found)
    title = _("Register the decided order")
    return _form(request, found.collaboration, form, title, title, found)


def find_list(request: HttpRequest, samarbeid: str, pk: int) -> ApplicationList:
    seen = ApplicationList.objects.visible_to(request.user).select_related("collaboration", "grant")
    return get_object_or_404(seen, collaboration__slug=samarbeid, pk=pk)


def _undecided(request: HttpRequest, samarbeid: str, pk: int) -> ApplicationList:
    found = find_list(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    if found.is_decided:
        raise NotAllowedNow(_("The list is decided, and stands as it was decided."))
    return found


def _form(
    request: HttpRequest,
    here: Collaboration,
    form: Any,
    title: str,
    submit: str,
    about: ApplicationList | None = None,
    *,
    draft: str = "",
) -> HttpResponse:
    context = {
        "collaboration": here,
        "list": about,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft or (f"application-list-{about.pk}" if about else ""),
    }
    return TemplateResponse(request, FORM, context)
