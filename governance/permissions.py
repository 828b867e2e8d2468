"""Roles to rights, written once; groups hold the rows, dated appointments put people in and take them out (rule 6)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache as store
from django.db import models, transaction
from django.utils import timezone

from governance.models import (
    Appointment,
    Body,
    BodyGroupPermission,
    Collaboration,
    CollaborationGroupPermission,
    Membership,
    Organisation,
    OrganisationGroupPermission,
    Role,
    RoleGroup,
)

Container = Collaboration | Body | Organisation

# What each role may do, per kind of container; see docs/access.md, which a test makes from this table.
GRANTS: dict[str, dict[type[models.Model], frozenset[str]]] = {
    Role.DIRECTOR: {
        Organisation: frozenset(
            {"view_organisation", "decide_for_municipality", "update_contact", "report_effort", "answer_surveys"}
        ),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.CONTACT: {
        Organisation: frozenset(
            {"view_organisation", "decide_for_municipality", "update_contact", "report_effort", "answer_surveys"}
        ),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.IT_LEADER: {
        Organisation: frozenset(
            {
                "view_organisation",
                "edit_inventory",
                "confirm_inventory",
                "update_contact",
                "report_effort",
                "answer_surveys",
            }
        ),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.STEERING: {
        Body: frozenset({"view_body", "view_papers", "give_view", "approve_minutes", "propose_case"}),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.SUBSTITUTE: {
        Body: frozenset({"view_body", "view_papers", "give_view", "approve_minutes"}),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.MEMBER: {
        Body: frozenset({"view_body", "propose_case"}),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.OBSERVER: {
        Body: frozenset({"view_body"}),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.SECRETARIAT: {
        Collaboration: frozenset(
            {
                "view_collaboration",
                "manage_collaboration",
                "prepare_meetings",
                "manage_portfolio",
                "report_status",
                "register_on_behalf",
                "publish_report",
                "view_answers",
                "view_exempt",
                "export_all",
            }
        ),
        Body: frozenset({"view_body", "view_papers", "propose_case"}),
    },
    Role.PROJECT_LEADER: {Collaboration: frozenset({"view_collaboration", "report_status"})},
    Role.SURVEY_ADMIN: {Collaboration: frozenset({"view_collaboration", "manage_surveys", "view_answers"})},
    Role.AUDITOR: {
        Collaboration: frozenset({"view_collaboration", "view_exempt", "view_answers", "export_all"}),
        Body: frozenset({"view_body", "view_papers"}),
    },
}

ROWS: dict[type[models.Model], Any] = {
    Collaboration: CollaborationGroupPermission,
    Body: BodyGroupPermission,
    Organisation: OrganisationGroupPermission,
}


@cache
def granted() -> str:
    """A fingerprint of GRANTS."""
    rights = {
        str(role): {place.__name__: sorted(names) for place, names in places.items()} for role, places in GRANTS.items()
    }
    return hashlib.sha256(json.dumps(rights, sort_keys=True).encode()).hexdigest()[:12]


def containers(appointment: Appointment, on: date) -> set[Container]:
    """Where an appointment gives rights: at its place, in what the place holds, and in what it belongs to."""
    place = appointment.place
    found: set[Container] = {place}
    if isinstance(place, Collaboration):
        return found.union(place.bodies.all() if Body in GRANTS[appointment.role] else ())
    if isinstance(place, Body):
        return found.union([place.collaboration])
    memberships = Membership.objects.active(on).filter(organisation=place).select_related("collaboration")
    return found.union(one.collaboration for one in memberships if not one.collaboration.external)


def role_group(role: str, container: Container) -> Group:
    """The group of a role at a container, with exactly the rights that GRANTS gives it there."""
    kind = {Collaboration: "collaboration", Body: "body", Organisation: "organisation"}[type(container)]
    found = RoleGroup.objects.filter(role=role, **{kind: container}).select_related("group").first()
    if found:
        group = found.group
    else:
        group, _created = Group.objects.get_or_create(name=f"{role}:{kind}:{container.pk}")
        RoleGroup.objects.get_or_create(group=group, defaults={"role": role, kind: container})
    granted = GRANTS[role].get(type(container), frozenset())
    rows = ROWS[type(container)].objects.filter(group=group, content_object=container)
    held = set(rows.values_list("permission__codename", flat=True))
    if held - granted:
        rows.filter(permission__codename__in=held - granted).delete()
    if granted - held:
        missing = Permission.objects.filter(
            content_type__app_label="governance", content_type__model=kind, codename__in=granted - held
        )
        for permission in missing:
            ROWS[type(container)].objects.get_or_create(group=group, permission=permission, content_object=container)
    return group


@transaction.atomic
def sync(user: Any, *, on: date | None = None) -> None:
    """Give the user exactly the groups that the day's appointments give (Oslo date), and no other."""
    # One at a time for each user: who reads the appointments late must not give back what just ended.
    get_user_model()._default_manager.select_for_update(no_key=True).get(pk=user.pk)
    day = on or timezone.localdate()
    appointments = (
        Appointment.objects.active(day)
        .filter(person__user=user)
        .select_related("body__collaboration", "collaboration", "organisation")
    )
    wanted = {
        role_group(appointment.role, container)
        for appointment in appointments
        for container in containers(appointment, day)
        if type(container) in GRANTS[appointment.role]
    }
    current = set(user.groups.filter(role__isnull=False))
    user.groups.remove(*(current - wanted))
    user.groups.add(*(wanted - current))


def capacities(user: Any) -> list[str]:
    """On whose behalf the person acts today, in words: «Sortland, municipal director»."""
    held = Appointment.objects.active().filter(person__user=user).exclude(role__in=[Role.MEMBER, Role.OBSERVER])
    places = held.select_related("organisation", "collaboration", "body", "represents").order_by("pk")
    return [
        f"{appointment.represents or appointment.place}, {appointment.get_role_display()}" for appointment in places
    ]


def sync_today(user: Any) -> None:
    """Bring the groups up to date once a day, at the first request, job or token use (rule 6).

    A new version of the portal with other GRANTS does so at once.
    """
    key = f"appointments:{granted()}:{user.pk}:{timezone.localdate().isoformat()}"
    if store.get(key) is None:
        sync(user)
        store.set(key, 1, timeout=26 * 60 * 60)


def sync_people(*people: Any) -> None:
    """Bring everybody whose appointment was just changed up to date at once."""
    for person in people:
        if person.user_id:
            sync(person.user)


def sync_body(body: Body) -> None:
    """A body was made: those who hold a role in the whole collaboration get what that gives them in it."""
    _sync_those(Appointment.objects.filter(collaboration=body.collaboration))


def sync_everybody() -> int:
    """Housekeeping of the night: those who did not come by today are brought up to date too."""
    users = get_user_model()._default_manager.filter(person__isnull=False)
    for user in users.iterator():
        sync(user)
    return users.count()


def sync_member(membership: Membership) -> None:
    """A membership began or ended: everybody with a role in that municipality gets or loses the collaboration."""
    _sync_those(Appointment.objects.filter(organisation=membership.organisation))


def _sync_those(appointments: models.QuerySet[Appointment]) -> None:
    users = get_user_model()._default_manager.filter(person__appointments__in=appointments)
    for user in users.order_by("pk").distinct():
        sync(user)
