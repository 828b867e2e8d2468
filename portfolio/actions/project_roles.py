"""Giving people and suppliers their roles in a project; the leader's right follows the dates (rule 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from governance.models import Organisation, Person
from portfolio.actions.leaders import LEADER, end_before, is_known, standing_leader
from portfolio.actions.projects import managed, saved
from portfolio.models import Project, ProjectRole


@transaction.atomic
def give_role(
    *,
    project: Project,
    kind: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
    name: str = "",
    title: str = "",
    since: date | None = None,
    until: date | None = None,
    example: bool = False,
    by: Any,
) -> ProjectRole:
    """A person of ours, or somebody from a supplier, takes a role. A new leader takes over from the one before."""
    project = managed(project, None, by)
    is_known(project, person)
    role = ProjectRole(
        project=project, kind=kind, person=person, organisation=organisation, name=name, title=title,
        since=since or timezone.localdate(), until=until, example=example or project.example,
    )  # fmt: skip
    if kind == LEADER:
        _take_over(role)
    _checked(role).save()
    if kind == LEADER and _lasts(role):
        project.leader, project.leader_until = person, until if person else None
        saved(project)
    return role


@transaction.atomic
def change_role(
    *,
    role: ProjectRole,
    version: int | None = None,
    since: date,
    until: date | None,
    title: str = "",
    by: Any,
) -> ProjectRole:
    """Other days, or the last one: what the role gave ends with that day."""
    project = managed(role.project, None, by)
    role = ProjectRole.objects.select_for_update(of=["self"]).in_full().get(pk=role.pk)
    check_version(role, version)
    lasted = _lasts(role)
    role.since, role.until, role.title = since, until, title
    if role.kind == LEADER:
        _begins_by_today(role)
    role.version += 1
    _checked(role).save()
    if role.kind == LEADER and (lasted or _lasts(role)):
        lasts = _lasts(role) and role.person is not None
        project.leader, project.leader_until = (role.person, until) if lasts else (None, None)
        saved(project)
    return role


def _lasts(role: ProjectRole) -> bool:
    return role.until is None or role.until >= timezone.localdate()


def _take_over(role: ProjectRole) -> None:
    _begins_by_today(role)
    standing = standing_leader(role.project)
    if standing and _lasts(role):
        if standing.since > role.since:
            raise NotAllowedNow(_("The project has another leader in that time. End that role first."), at="since")
        end_before(standing, role.since)


def _begins_by_today(role: ProjectRole) -> None:
    """The right follows the registered leader, so nobody is registered before the day."""
    if role.since > timezone.localdate():
        raise NotAllowedNow(
            _("A leader is registered when the day has come. Choose today or an earlier day."), at="since"
        )


def _checked(role: ProjectRole) -> ProjectRole:
    """The constraints in words."""
    try:
        role.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    return role
