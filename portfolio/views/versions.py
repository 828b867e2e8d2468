from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.documents.models import Document, Job
from digivesteralen.ui import tables
from governance.actions import opinions
from governance.models import Case, Opinion, Organisation
from portfolio import overview
from portfolio.actions import versions as actions
from portfolio.forms.versions import WHOLE, ProposeForm, ViewsForm
from portfolio.models import PortfolioItem, PortfolioVersion, Project, ProjectOpinion, Status
from portfolio.snapshots import differences
from portfolio.tables import VersionTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, find_version, posted


@needs(SEE)
def versions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    listed = collaboration.portfolio_versions.select_related("collaboration", "case__body__collaboration")
    context = {
        "collaboration": collaboration,
        "table": tables.page(request, VersionTable(listed)),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/versions.html", context)


@needs(MANAGE)
def propose(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    projects = list(collaboration.projects.select_related("focus_area", "collaboration").in_order())
    form = ProposeForm(posted(request), projects=projects)
    if form.is_valid():
        made = actions.propose_portfolio_version(collaboration=collaboration, projects=form.chosen, by=request.user)
        messages.success(request, _("The version is laid, and its case is ready for an agenda."))
        return redirect(made)
    context = {"collaboration": collaboration, "form": form}
    return TemplateResponse(request, "portfolio/propose.html", context)


@needs(SEE)
def version(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """One version: as it is laid, or as it was frozen when the steering group approved it."""
    found = find_version(request, samarbeid, number)
    case = actions.case_of(found)
    seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    views = ProjectOpinion.objects.select_related("organisation") if seen else ProjectOpinion.objects.none()
    items = found.items.select_related("project__collaboration").prefetch_related(Prefetch("opinions", views))
    seats = list(opinions.seats_of(request.user, case.body))
    context = {
        "collaboration": found.collaboration,
        "version": found,
        "case": case if seen else None,
        "items": [_shown(item) for item in items],
        "whole": case.opinions.select_related("organisation") if seen else [],
        "view_wanted": bool(seats) and found.state == PortfolioVersion.State.LAID and opinions.is_open(case),
        "document": Document.objects.of(actions.DOCUMENT, found.pk).latest_version(),
        "job": Job.objects.filter(kind=actions.DOCUMENT, subject=str(found.pk)).order_by("-asked_at").first(),
    }
    return TemplateResponse(request, "portfolio/version.html", context)


def _shown(item: PortfolioItem) -> dict[str, Any]:
    facts = item.facts
    state = Project.State(facts["state"])
    return {
        "item": item,
        "facts": facts,
        "state": state.label,
        "color": overview.STATE_COLORS[state],
        "with_us": [line["name"] for line in facts["shares"] if line["status"] in {"takes_part", "reserved", "notice"}],
        "undecided": sum(line["status"] in {Status.UNDECIDED, "interested", "waiting"} for line in facts["shares"]),
        "changed": differences(item.laid, item.frozen),
    }


@needs(opinions.RIGHT, on="body")
def my_view(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """«Porteføljen: ditt syn»: what the director says in the steering group; the municipality decides elsewhere."""
    found = find_version(request, samarbeid, number)
    case = actions.case_of(found)
    require(request.user, opinions.RIGHT, on=case.body)
    seat = opinions.seats_of(request.user, case.body).first()
    if seat is None:
        raise PermissionDenied(opinions.RIGHT)
    organisation: Organisation = seat.represents
    items = list(found.items.select_related("project__collaboration"))
    whole = case.opinions.filter(organisation=organisation).first()
    form = ViewsForm(
        posted(request), version=found, items=items, whole=whole, initial=_given(found, organisation, whole)
    )
    if form.is_valid():
        actions.give_views(
            version=found,
            organisation=organisation,
            on_projects=form.on_projects,
            on_whole=form.on_whole,
            whole_version=form.cleaned_data["version"],
            by=request.user,
        )
        messages.success(request, _("Your view is registered. It is no decision of the municipality."))
        return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "version": found,
        "case": case,
        "organisation": organisation,
        "form": form,
        "is_open": opinions.is_open(case),
        "rows": [
            (*group, line)
            for group, line in zip(form.open_groups(), [*_lines(items, organisation), None], strict=False)
        ],
    }
    return TemplateResponse(request, "portfolio/my_view.html", context)


def _lines(items: list[PortfolioItem], organisation: Organisation) -> list[dict[str, Any]]:
    """Each project beside its question: what it is, and what the own share is as things stand now."""
    own = {row.project.pk: row.own for row in overview.rows([item.project for item in items], organisation)}
    return [{**_shown(item), "own": own[item.project_id]} for item in items]


def _given(found: PortfolioVersion, organisation: Organisation, whole: Opinion | None) -> dict[str, str]:
    given: dict[str, str] = {}
    answers: list[tuple[str, Any]] = [
        (str(opinion.item_id), opinion)
        for opinion in ProjectOpinion.objects.filter(version=found, organisation=organisation)
    ]
    for name, opinion in [*answers, *([(WHOLE, whole)] if whole else [])]:
        given[f"stance_{name}"], given[f"text_{name}"] = opinion.stance, opinion.text
    return given
