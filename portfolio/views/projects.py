from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.ui.numbers import version_in
from governance.models import Case, Organisation
from portfolio import active_limit, overview, project_readers, shares, sustainability
from portfolio.actions import cases
from portfolio.actions import projects as actions
from portfolio.forms.projects import ProjectForm
from portfolio.gates import is_skipping
from portfolio.models import Project, ProjectDocument, ProjectRole
from portfolio.shares import shares_without
from portfolio.views import panels, project_pages
from portfolio.views.finding import (
    DECIDE,
    MANAGE,
    SEE,
    find_collaboration,
    find_project,
    own_municipality,
    posted,
)

FORM = "portfolio/form.html"


@needs(SEE)
def project(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """One project: facts, who takes part, the shares twice, what was decided (p. 11)."""
    found = find_project(request, samarbeid, prosjekt)
    own = own_municipality(request.user, found.collaboration)
    divided = shares.shown(found)
    without = _without(request, found, divided)
    seen = Case.objects.visible_to(request.user)
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "divided": divided,
        "own": divided.of(own),
        "decides": own is not None and holds(request.user, DECIDE, own),
        "without": without,
        "without_divided": shares_without(found, without) if without else None,
        "status_colors": overview.STATUS_COLORS,
        "state_color": overview.STATE_COLORS[Project.State(found.state)],
        "quick": found.quick_measure and not found.shared_cost,
        **_card(request, found),
        "links": found.project_cases.filter(case__in=seen).select_related("case__body__collaboration"),
        "goals": found.goals.all(),
        "findings": found.findings.select_related("category"),
        "versions": found.portfolio_items.filter(version__state="approved").select_related("version__collaboration"),
        "manages": holds(request.user, MANAGE, found.collaboration),
        "steps": _steps(found),
        "panels": panels.of(request, found),
        "seen": project_readers.of_project(found),
        **project_pages.of(request, found),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "portfolio/project.html", context)


def _card(request: HttpRequest, found: Project) -> dict[str, Any]:
    """What the card tells beside the project's own fields (D15)."""
    roles = found.roles.active().filter(kind__in=ProjectRole.ON_CARD).in_full()
    held = {kind: [role.holder for role in roles if role.kind == kind] for kind in ProjectRole.ON_CARD}
    seen = Project.objects.visible_to(request.user)
    reports = ProjectDocument.objects.visible_to(request.user)
    return {
        "card_roles": [(kind.label, holders) for kind, holders in held.items() if holders],
        "sustainability": sustainability.named(found.sustainability),
        "successors": seen.filter(follows=found).select_related("collaboration"),
        "basis_shown": found.basis is not None and reports.filter(pk=found.basis.pk).exists(),
    }


def _without(request: HttpRequest, found: Project, divided: Any) -> Organisation | None:
    """«Hva hvis en kommune ikke blir med»: the one named in the address."""
    number = request.GET.get("uten", "")
    named = [line.participation.organisation for line in divided.lines]
    return next((organisation for organisation in named if organisation.number == number), None)


def _steps(found: Project) -> list[tuple[str, Any, str]]:
    """What the secretariat can do next with the project, in words."""
    names = {
        "planlegg": (Project.State.PLANNING, _("Begin planning"), "secondary"),
        "start": (Project.State.EXECUTION, _("Start the project"), ""),
        "avslutt": (Project.State.FINISHED, _("Finish the project"), ""),
        "stans": (Project.State.STOPPED, _("Stop the project"), "tertiary"),
    }
    if found.state == Project.State.EXECUTION:
        names["planlegg"] = (Project.State.PLANNING, _("Back to planning"), "tertiary")
    if found.quick_measure and found.state in {Project.State.IDEA, Project.State.PLANNING}:
        names = {
            "start": (Project.State.EXECUTION, _("Start the measure"), ""),
            "stans": (Project.State.STOPPED, _("Stop the measure"), "tertiary"),
        }
    elif found.quick_measure:
        names["avslutt"] = (Project.State.FINISHED, _("Finish the measure"), "")
        names.pop("planlegg" if found.state == Project.State.EXECUTION else "start")
    allowed = [state for state in Project.NEXT[found.state] if not is_skipping(found, state)]
    return [(step, label, look) for step, (state, label, look) in names.items() if state in allowed]


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    area = collaboration.focus_areas.filter(slug=request.GET.get("omrade", "")).first()
    form = ProjectForm(
        posted(request), collaboration=collaboration, user=request.user, initial={"focus_area": area, "key": "equal"}
    )
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.register_project(collaboration=collaboration, by=request.user, **form.values)
            messages.success(request, _("The project is registered. Next: invite municipalities."))
            return redirect(made)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("New project"),
        "submit": _("Register the project"),
        "draft": f"project-new-{collaboration.pk}",
        "parent": "portfolio",
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    form = ProjectForm(posted(request), collaboration=found.collaboration, user=request.user, project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_project(project=found, version=version, by=request.user, **form.values)
            messages.success(request, _("The project is saved."))
            return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "form": form,
        "title": _("Change the project"),
        "submit": _("Save the project"),
        "draft": f"project-{found.pk}",
        "project": found,
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
@require_POST
def move(request: HttpRequest, samarbeid: str, prosjekt: str, steg: str) -> HttpResponse:
    """Take the project to its next state; the rules stand in the verbs."""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    quick = found.quick_measure and found.state != Project.State.STOPPED
    verb: Any = {
        "planlegg": actions.plan,
        "start": cases.start_quick_measure if quick else actions.start_execution,
        "avslutt": actions.finish,
        "stans": actions.stop,
    }[steg]
    verb(project=found, version=version_in(request), by=request.user)
    messages.success(request, _("The state of the project is changed."))
    if steg in ("planlegg", "start") and (warned := active_limit.warning(found.collaboration)):
        messages.warning(request, warned)
    return redirect(found)
