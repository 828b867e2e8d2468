from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from portfolio.actions import project_roles as actions
from portfolio.forms.project_roles import ChangeRoleForm, RoleForm
from portfolio.models import Project, ProjectRole
from portfolio.views.finding import MANAGE, SEE, find_project, posted
from portfolio.views.project_pages import ROLES
from portfolio.views.project_parts import form_of, managed_project, shown

ORDER = list(ProjectRole.Kind)


@needs(SEE)
def roles(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """Who holds what in the project, and who did before (B11)."""
    found = find_project(request, samarbeid, prosjekt)
    held = in_order(found)
    earlier = found.roles.over().in_full().order_by("-until", "pk")
    return shown(request, found, "portfolio/project_roles.html", held=held, earlier=earlier)


def in_order(project: Project) -> list[ProjectRole]:
    """Those that last or are to come, the leader first."""
    held = project.roles.not_over().in_full()
    return sorted(held, key=lambda role: (ORDER.index(ProjectRole.Kind(role.kind)), role.since))


@needs(MANAGE)
def give(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    form = RoleForm(posted(request), collaboration=found.collaboration, initial={"kind": request.GET.get("rolle", "")})
    if form.is_valid():
        with form.refused_at_its_field():
            role = actions.give_role(project=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s has the role.") % {"name": role.holder})
            return redirect("project_roles", samarbeid, prosjekt)
    return form_of(request, found, ROLES, form, _("New role"), _("Give the role"))


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Other days, or the last one."""
    found = managed_project(request, samarbeid, prosjekt)
    role = get_object_or_404(found.roles.in_full(), pk=pk)
    form = ChangeRoleForm(posted(request), role=role)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_role(role=role, by=request.user, **form.cleaned_data)
            messages.success(request, _("The role is saved."))
            return redirect("project_roles", samarbeid, prosjekt)
    return form_of(request, found, ROLES, form, str(role), _("Save the role"), about=role)
