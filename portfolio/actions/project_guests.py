"""Sharing one project with somebody from outside, for a time, and ending it (design.md §4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.audit.log import record
from digivesteralen.documents import jobs
from governance.actions import people
from governance.models import Collaboration, Person
from portfolio import guest_letters
from portfolio.actions.projects import managed
from portfolio.models import Project, ProjectGuest, ProjectUserPermission


@transaction.atomic
def share_project(
    *, project: Project, name: str, email: str, purpose: str, since: date | None = None, until: date, by: Any
) -> ProjectGuest:
    """The person gets this one project until midnight after the last day, and hears of it by e-mail."""
    project = managed(project, None, by)
    if until < timezone.localdate():
        raise NotAllowedNow(_("The last day must be today or later."), at="until")
    person = people.register_person(collaboration=project.collaboration, name=name, email=email, by=by)
    _is_outside(person, project, by)
    if person.user_id is None:
        person = people.give_access(person=person, by=by)
    guest = ProjectGuest(
        project=project, person=person, purpose=purpose, since=since or timezone.localdate(), until=until, given_by=by
    )
    try:
        guest.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    guest.save()
    _give_right(guest)
    record("project_shared", by=by, on=project, detail={"until": until.isoformat()})
    jobs.ask(guest_letters.KIND, guest.pk, by=None, key=f"project-shared:{guest.pk}")
    return guest


@transaction.atomic
def stop_sharing(*, guest: ProjectGuest, version: int | None = None, by: Any) -> ProjectGuest:
    """From this moment the person reads nothing of it; that it was shared stays written."""
    project = managed(guest.project, None, by)
    guest = ProjectGuest.objects.select_for_update(of=["self"]).get(pk=guest.pk, project=project)
    check_version(guest, version)
    if not ProjectGuest.objects.standing().filter(pk=guest.pk).exists():
        raise NotAllowedNow(_("The project is not shared with this person any more."))
    ProjectUserPermission.objects.filter(guest=guest).delete()
    guest.ended_at, guest.ended_by = timezone.now(), by
    guest.version += 1
    guest.save(update_fields=["ended_at", "ended_by", "version"])
    record("sharing_ended", by=by, on=project)
    return guest


def _is_outside(person: Person, project: Project, by: Any) -> None:
    """Nobody shares with oneself, or with those who see the whole collaboration."""
    if person.user_id == by.pk:
        raise NotAllowedNow(_("Nobody shares a project with oneself."), at="email")
    if person.user and not person.user.is_active:
        raise NotAllowedNow(_("The person's user is closed. The system administrator can open it."), at="email")
    if person.user and Collaboration.objects.visible_to(person.user).filter(pk=project.collaboration_id).exists():
        raise NotAllowedNow(_("%(name)s sees the whole collaboration already.") % {"name": person}, at="email")
    if person.shared_projects.standing().filter(project=project).exists():
        raise NotAllowedNow(
            _("The project is shared with this person in that time already. End that first."), at="email"
        )


def _give_right(guest: ProjectGuest) -> None:
    """The row says itself from when to when it holds, so nothing has to happen at midnight."""
    right = Permission.objects.get(content_type__app_label="portfolio", codename="read_shared_project")
    held = {"user": guest.person.user, "permission": right, "content_object": guest.project}
    ProjectUserPermission.objects.filter(**held).delete()
    ProjectUserPermission.objects.create(**held, guest=guest, **guest.holds())
