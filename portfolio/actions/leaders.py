"""Who leads a project: the field that gives the right, and the dated role that tells it, kept in step (rule 6)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Person
from portfolio.models import Project, ProjectRole

LEADER = ProjectRole.Kind.LEADER


def standing_leader(project: Project) -> ProjectRole | None:
    return project.roles.filter(kind=LEADER).not_over().first()


def is_known(project: Project, person: Person | None) -> None:
    """Only the collaboration's own people have a role in its projects. Raises NotAllowedNow."""
    if person and not Person.objects.of(project.collaboration).filter(pk=person.pk).exists():
        raise NotAllowedNow(_("The person is not registered here."))


def follow_leader(project: Project) -> None:
    """The role follows the field: whoever led until now led to the end of yesterday. The caller saves the project."""
    standing = standing_leader(project)
    if (standing.person_id if standing else None) == project.leader_id:
        return
    is_known(project, project.leader)
    today = timezone.localdate()
    if standing:
        end_before(standing, today)
    project.leader_until = None
    if project.leader:
        ProjectRole.objects.create(
            project=project, kind=LEADER, person=project.leader, since=today, example=project.example
        )


def end_before(role: ProjectRole, day: date) -> None:
    """One that lasted no day was a slip, and only the history tells it."""
    if role.since >= day:
        role.delete()
        return
    role.until = day - timedelta(days=1)
    role.version += 1
    role.save(update_fields=["until", "version"])
