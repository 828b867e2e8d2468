from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from portfolio.actions import contributions as actions
from portfolio.actions.participation import REPORT_RIGHT as REPORT
from portfolio.contribution_tables import ContributionTable
from portfolio.forms.contributions import ChangeContributionForm, ContributionFilter, ContributionForm
from portfolio.models import Contribution, Participation
from portfolio.views.finding import SEE, find_collaboration, find_participation, posted


@needs(SEE)
def contributions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The people that the municipalities put into the projects, by project and by municipality (R8, L9)."""
    collaboration = find_collaboration(request, samarbeid)
    form = ContributionFilter(request.GET, collaboration=collaboration)
    seen = Contribution.objects.visible_to(request.user)
    shown = form.narrow(seen.filter(participation__project__collaboration=collaboration))
    table = tables.page(request, ContributionTable(shown.in_full()))
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        return writing.response(table, file_name=f"ressurspersoner-{collaboration.slug}.xlsx")
    context = {"collaboration": collaboration, "filter": form, "table": table}
    return TemplateResponse(request, "portfolio/contributions.html", context)


@needs(REPORT, on="organisation")
def contribute(request: HttpRequest, samarbeid: str, prosjekt: str, kommune: str) -> HttpResponse:
    """The municipality's own people say who works in the project."""
    part = find_participation(request, samarbeid, prosjekt, kommune)
    require(request.user, REPORT, on=part.organisation)
    form = ContributionForm(posted(request), participation=part, by=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.contribute(participation=part, person=form.who, by=request.user, **form.values)
            _tell(request, made, _("%(name)s is registered.") % {"name": made.person})
            return redirect(part)
    return _form(request, part, form, _("Somebody from %(municipality)s"), _("Register the person"))


@needs(REPORT, on="organisation")
def change(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """More or less of the same person, or for another period."""
    found = _find(request, samarbeid, prosjekt, pk)
    require(request.user, REPORT, on=found.participation.organisation)
    form = ChangeContributionForm(posted(request), contribution=found, by=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            changed = actions.change_contribution(contribution=found, by=request.user, **form.cleaned_data)
            _tell(request, changed, _("The share is saved."))
            return redirect(found.participation)
    title = _("%(name)s in the project") % {"name": found.person}
    return _form(request, found.participation, form, title, _("Save the share"), contribution=found)


@needs(REPORT, on="organisation")
def remove(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then take out what was registered by mistake."""
    found = _find(request, samarbeid, prosjekt, pk)
    require(request.user, REPORT, on=found.participation.organisation)
    if request.method == "POST":
        actions.remove_contribution(contribution=found, by=request.user)
        messages.success(request, _("%(name)s is taken out.") % {"name": found.person})
        return redirect(found.participation)
    context = {
        "collaboration": found.participation.project.collaboration,
        "title": _("Take %(name)s out of the project?") % {"name": found.person},
        "text": _("Do this where the registration was a mistake. Who has stopped gets a last day instead."),
        "submit": _("Take out"),
        "cancel": found.participation.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _tell(request: HttpRequest, contribution: Contribution, done: str) -> None:
    messages.success(request, done)
    if warning := actions.told(contribution, request.user):
        messages.warning(request, warning)


def _find(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> Contribution:
    found: Contribution = get_object_or_404(
        Contribution.objects.visible_to(request.user).in_full(),
        participation__project__collaboration__slug=samarbeid,
        participation__project__slug=prosjekt,
        pk=pk,
    )
    return found


def _form(
    request: HttpRequest,
    part: Participation,
    form: Any,
    title: str,
    submit: str,
    *,
    contribution: Contribution | None = None,
) -> HttpResponse:
    context = {
        "collaboration": part.project.collaboration,
        "project": part.project,
        "part": part,
        "form": form,
        "title": title % {"municipality": part.organisation} if contribution is None else title,
        "submit": submit,
        "contribution": contribution,
    }
    return TemplateResponse(request, "portfolio/participation_form.html", context)
