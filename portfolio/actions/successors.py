"""A main project made from its pre-project, which it carries on (P2, L8)."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from portfolio.actions.leaders import LEADER
from portfolio.actions.projects import ProjectFields, managed, register_project
from portfolio.models import Project, ProjectRole


@transaction.atomic
def make_main_project(*, project: Project, by: Any, **fields: Unpack[ProjectFields]) -> Project:
    """Register what follows the pre-project. What is not told is inherited: goals, areas, findings, and the roles.

    Goals of an earlier strategy come along too; the form shows only those of the newest.
    """
    project = managed(project, None, by)
    if project.kind != Project.Kind.PRE_PROJECT:
        raise NotAllowedNow(_("Only a pre-project is carried on by a main project."))
    there = project.followed_by.filter(
        title=fields["title"], kind=Project.Kind.MAIN_PROJECT, state=Project.State.IDEA
    ).first()
    if there is not None:
        return there  # pressed twice; the pre-project is locked
    whole: ProjectFields = {
        "kind": Project.Kind.MAIN_PROJECT,
        "focus_area": project.focus_area,
        "lead_organisation": project.lead_organisation,
        "leader": project.current_leader,
        "areas": list(project.areas.all()),
        "findings": list(project.findings.all()),
        **fields,
        "follows": project,
    }
    newest = project.collaboration.strategies.in_force()
    told = fields.get("goals", list(project.goals.filter(strategy=newest)))
    whole["goals"] = [*told, *project.goals.exclude(strategy=newest)]
    made = register_project(collaboration=project.collaboration, example=project.example, by=by, **whole)
    _take_over_roles(project, made)
    return made


def _take_over_roles(before: Project, made: Project) -> None:
    """Who still holds a role goes on with it; the leader is the one that was chosen."""
    today = timezone.localdate()
    for role in before.roles.active(today):
        if role.kind == LEADER and (role.person_id or made.leader_id):
            continue
        ProjectRole.objects.create(
            project=made, kind=role.kind, title=role.title, person=role.person, organisation=role.organisation,
            name=role.name, since=today, until=role.until, example=made.example,
        )  # fmt: skip
