"""What a project hands over, what must be in place first, and what it depends on; each on the pages beside its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from portfolio.actions import preconditions as actions
from portfolio.forms.preconditions import DeliverableForm, DependencyForm, PreconditionForm
from portfolio.models import Dependency, Precondition, Project
from portfolio.views.finding import LEAD, MANAGE, SEE, find_project, posted
from portfolio.views.project_pages import DELIVERABLES, PRECONDITIONS
from portfolio.views.project_parts import form_of, led_project, managed_project, shown


@needs(SEE)
def deliverables(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    listed = found.deliverables.all()
    return shown(request, found, "portfolio/deliverables.html", deliverables=listed, today=timezone.localdate())


@needs(LEAD)
def new_deliverable(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = led_project(request, samarbeid, prosjekt)
    form = DeliverableForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_deliverable(project=found, by=request.user, **form.values)
            return redirect("deliverables", samarbeid, prosjekt)
    return form_of(request, found, DELIVERABLES, form, _("New deliverable"), _("Save the deliverable"))


@needs(LEAD)
def change_deliverable(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = led_project(request, samarbeid, prosjekt)
    deliverable = get_object_or_404(found.deliverables, pk=pk)
    form = DeliverableForm(posted(request), deliverable=deliverable)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_deliverable(deliverable=deliverable, by=request.user, **form.values)
            return redirect("deliverables", samarbeid, prosjekt)
    return form_of(request, found, DELIVERABLES, form, str(deliverable), _("Save the deliverable"), about=deliverable)


@needs(SEE)
def preconditions(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """What must be in place (R35), what the project depends on, and who depends on it."""
    found = find_project(request, samarbeid, prosjekt)
    context = {
        "preconditions": found.preconditions.all(),
        "dependencies": _told(request, found.dependencies.in_full()),
        "waiting": Project.objects.visible_to(request.user)
        .filter(dependencies__on_project=found, dependencies__kind=Dependency.Kind.NEEDS)
        .select_related("collaboration")
        .distinct(),
    }
    return shown(request, found, "portfolio/preconditions.html", **context)


def _told(request: HttpRequest, dependencies: Any) -> list[tuple[Dependency, bool]]:
    """Each, and whether the reader sees the project it is on: one of another collaboration is not named to all."""
    listed = list(dependencies)
    seen = Project.objects.visible_to(request.user).filter(needed_by__in=listed)
    known = set(seen.values_list("pk", flat=True))
    return [(one, one.on_project_id is None or one.on_project_id in known) for one in listed]


def panel(request: Any, project: Project) -> str:
    """What is in the way: warnings alone, and nothing where there are none."""
    if project.state in {Project.State.FINISHED, Project.State.STOPPED}:
        return ""
    late = [(one, named) for one, named in _told(request, project.dependencies.in_full()) if one.warning]
    missing = project.preconditions.filter(status__in=Precondition.OPEN).count()
    if not late and not missing:
        return ""
    context = {"project": project, "collaboration": project.collaboration, "late": late, "missing": missing}
    return render_to_string("portfolio/_preconditions_panel.html", context, request)


@needs(MANAGE)
def new_precondition(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    form = PreconditionForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_precondition(project=found, by=request.user, **form.cleaned_data)
            return redirect("preconditions", samarbeid, prosjekt)
    return form_of(request, found, PRECONDITIONS, form, _("New precondition"), _("Save the precondition"))


@needs(MANAGE)
def change_precondition(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    precondition = get_object_or_404(found.preconditions, pk=pk)
    form = PreconditionForm(posted(request), precondition=precondition)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_precondition(precondition=precondition, by=request.user, **form.cleaned_data)
            return redirect("preconditions", samarbeid, prosjekt)
    title, submit = _("Change the precondition"), _("Save the precondition")
    return form_of(request, found, PRECONDITIONS, form, title, submit, about=precondition)


@needs(MANAGE)
def new_dependency(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    form = DependencyForm(posted(request), project=found, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_dependency(project=found, by=request.user, **form.cleaned_data)
            return redirect("preconditions", samarbeid, prosjekt)
    return form_of(request, found, PRECONDITIONS, form, _("New dependency"), _("Save the dependency"))


@needs(MANAGE)
def remove_dependency(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then it is gone from the page, and the history tells it."""
    found = managed_project(request, samarbeid, prosjekt)
    dependency = get_object_or_404(found.dependencies.in_full(), pk=pk)
    if request.method == "POST":
        actions.remove_dependency(dependency=dependency, by=request.user)
        messages.success(request, _("The dependency is removed."))
        return redirect("preconditions", samarbeid, prosjekt)
    context = {
        "collaboration": found.collaboration,
        "title": _("Remove the dependency?"),
        "text": _("The project no longer says that it depends on this. The history keeps it."),
        "submit": _("Remove"),
        "cancel": reverse("preconditions", args=[samarbeid, prosjekt]),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
