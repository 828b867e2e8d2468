from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance.models import Collaboration
from portfolio.actions import risks as actions
from portfolio.forms.risks import RiskFilter, RiskForm
from portfolio.models import Project, Risk
from portfolio.risk_matrix import colors_of, drawn, level_in_words, sheet
from portfolio.risk_tables import RiskTable, said
from portfolio.views.finding import MANAGE, SEE, find_collaboration, find_project, posted


@needs(SEE)
def project_risks(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Risiko og muligheter» of one project: the matrix before and after, and the list (K1, D16)."""
    found = find_project(request, samarbeid, prosjekt)
    return _list(request, found.collaboration, found, found.risks.all())


@needs(SEE)
def portfolio_risks(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the projects want shown in the portfolio, and what may happen to the collaboration itself."""
    collaboration = find_collaboration(request, samarbeid)
    return _list(request, collaboration, None, collaboration.risks.of_the_portfolio())


def _list(request: HttpRequest, collaboration: Collaboration, project: Project | None, risks: Any) -> HttpResponse:
    form = RiskFilter(request.GET, collaboration=collaboration)
    found = risks.assessed().worst_first()
    found = found.select_related("collaboration", "project__collaboration", "person", "organisation")
    narrowed = form.narrow(found) if form.is_valid() else found.still_open()
    if request.GET.get("format") == "xlsx":
        name = project.slug if project else collaboration.slug
        return writing.response([sheet(narrowed)], file_name=f"risiko-{name}.xlsx")
    table = tables.page(request, RiskTable(narrowed, exclude=("project",) if project else ()))
    context = {
        "collaboration": collaboration,
        "project": project,
        "filter": form,
        "table": table,
        "charts": drawn(narrowed),
        "any": risks.exists(),
        "writes": actions.may_write(request.user, collaboration, project),
        "new_url": _address("new", collaboration, project),
    }
    return TemplateResponse(request, "portfolio/risks.html", context)


@needs(SEE)
def risk(request: HttpRequest, samarbeid: str, risiko: int, prosjekt: str = "") -> HttpResponse:
    """One risk, and how it was assessed from the first day to now."""
    found = _find(request, samarbeid, prosjekt, risiko)
    context = {
        "collaboration": found.collaboration,
        "project": found.project,
        "risk": found,
        "now": said(found.score, found.kind),
        "after": said(found.score_after, found.kind),
        "assessments": [
            (made, level_in_words(made.score), level_in_words(made.score_after))
            for made in found.assessments.select_related("made_by")
        ],
        "colors": colors_of(found.kind),
        "writes": actions.may_write(request.user, found.collaboration, found.project),
        "list_url": _address("list", found.collaboration, found.project),
    }
    return TemplateResponse(request, "portfolio/risk.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str, prosjekt: str = "") -> HttpResponse:
    project = find_project(request, samarbeid, prosjekt) if prosjekt else None
    collaboration = project.collaboration if project else find_collaboration(request, samarbeid)
    _may(request, collaboration, project)
    form = RiskForm(posted(request), collaboration=collaboration, project=project)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.register_risk(collaboration=collaboration, project=project, by=request.user, **form.values)
            messages.success(request, _("The risk is registered."))
            return redirect(_address("list", made.collaboration, made.project))
    return _form(request, collaboration, project, form, _("New risk or opportunity"), "risk-new")


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, risiko: int, prosjekt: str = "") -> HttpResponse:
    found = _find(request, samarbeid, prosjekt, risiko)
    _may(request, found.collaboration, found.project)
    form = RiskForm(posted(request), collaboration=found.collaboration, project=found.project, risk=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_risk(risk=found, version=form.cleaned_data["version"], by=request.user, **form.values)
            messages.success(request, _("The risk is saved."))
            return redirect(found)
    return _form(request, found.collaboration, found.project, form, found.description, f"risk-{found.pk}")


@needs(MANAGE)
@require_POST
def unchanged(request: HttpRequest, samarbeid: str, risiko: int, prosjekt: str = "") -> HttpResponse:
    """Gone through, and it stands as it stood."""
    found = _find(request, samarbeid, prosjekt, risiko)
    actions.assess_unchanged(risk=found, version=version_in(request), by=request.user)
    messages.success(request, _("It is noted that the risk is gone through today and stands as it stood."))
    return redirect(found)


def _find(request: HttpRequest, samarbeid: str, prosjekt: str, number: int) -> Any:
    seen = Risk.objects.visible_to(request.user).assessed()
    seen = seen.select_related("collaboration", "project__collaboration", "project__leader", "person", "organisation")
    place = {"project__slug": prosjekt} if prosjekt else {"project": None}
    return get_object_or_404(seen, collaboration__slug=samarbeid, number=number, **place)


def _may(request: HttpRequest, collaboration: Collaboration, project: Project | None) -> None:
    if not actions.may_write(request.user, collaboration, project):
        raise PermissionDenied(MANAGE)


def _address(what: str, collaboration: Collaboration, project: Project | None) -> str:
    names = {"list": ("project_risks", "portfolio_risks"), "new": ("new_project_risk", "new_own_risk")}[what]
    if project:
        return reverse(names[0], args=[collaboration.slug, project.slug])
    return reverse(names[1], args=[collaboration.slug])


def _form(
    request: HttpRequest, collaboration: Collaboration, project: Project | None, form: Any, title: str, draft: str
) -> HttpResponse:
    context = {
        "collaboration": collaboration,
        "project": project,
        "form": form,
        "title": title,
        "list_url": _address("list", collaboration, project),
        "draft": f"{draft}-{project.pk if project else collaboration.slug}",
    }
    return TemplateResponse(request, "portfolio/risk_form.html", context)
