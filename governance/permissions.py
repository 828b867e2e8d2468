"""Roles to rights, written once; groups hold the rows, dated appointments put people in and take them out (rule 6)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache as store
from django.db import models, transaction
from django.utils import timezone

from digivesteralen.accounts import access, second_step
from governance.models import (
    Appointment,
    Body,
    Collaboration,
    Membership,
    Organisation,
    Role,
)
from governance.role_groups import Container, role_groups

# So many people of the night's housekeeping are held for as long as it takes to bring them up to date.
AT_ONCE = 100

# What each role may do, per kind of container; see docs/access.md, which a test makes from this table.
GRANTS: dict[str, dict[type[models.Model], frozenset[str]]] = {
    Role.DIRECTOR: {
        Organisation: frozenset(
            {
                "view_organisation",
                "decide_for_municipality",
                "update_contact",
                "report_effort",
                "answer_surveys",
                "send_proposal",
            }
        ),
        Collaboration: frozenset({"view_collaboration"}),
    },
    Role.CONTACT: {
        Organisation: frozenset(
            {
                "view_organisation",
                "decide_for_municipality",
                "update_contact",
                "report_effort",
                "answer_surveys",
                "send_proposal",
            }
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
                "send_proposal",
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
    Role.DEPUTY: {
        Body: frozenset({"view_body"}),
        Collaboration: frozenset({"view_collaboration"}),
    },
    # Attends, speaks and proposes; never votes.
    Role.SPEAKER: {
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


@cache
def granted() -> str:
    """A fingerprint of GRANTS."""
    rights = {
        str(role): {place.__name__: sorted(names) for place, names in places.items()} for role, places in GRANTS.items()
    }
    return hashlib.sha256(json.dumps(rights, sort_keys=True).encode()).hexdigest()[:12]


def _places(appointments: list[Appointment], on: date) -> dict[Appointment, set[Container]]:
    """Where each appointment gives rights: at its place, in what the place holds, and in what it belongs to."""
    bodies: dict[int, list[Body]] = defaultdict(list)
    whole = {one.collaboration_id for one in appointments if Body in GRANTS[one.role]}
    for body in Body.objects.filter(collaboration__in=whole - {None}):
        bodies[body.collaboration_id].append(body)
    joined: dict[int, list[Collaboration]] = defaultdict(list)
    organisations = {one.organisation_id for one in appointments} - {None}
    memberships = Membership.objects.active(on).filter(organisation__in=organisations, collaboration__external=False)
    for membership in memberships.select_related("collaboration"):
        joined[membership.organisation_id].append(membership.collaboration)
    return {
        one: {
            one.place,
            *(bodies[one.collaboration_id] if one.collaboration_id else ()),
            *([one.body.collaboration] if one.body else ()),
            *(joined[one.organisation_id] if one.organisation_id else ()),
        }
        for one in appointments
    }


@transaction.atomic
def sync(*users: Any, on: date | None = None) -> None:
    """Give each of the users exactly the groups that the day's appointments give (Oslo date), and no other.

    As many questions to the database for many users as for one.
    """
    # One at a time for each user: who reads the appointments late must not give back what just ended.
    asked = get_user_model()._default_manager.filter(pk__in=[user.pk for user in users]).order_by("pk")
    locked = list(asked.select_for_update(no_key=True).values_list("pk", flat=True))
    day = on or timezone.localdate()
    appointments = (
        Appointment.objects.active(day)
        .filter(person__user__in=locked)
        .select_related("person", "body__collaboration", "collaboration", "organisation")
    )
    given = {
        appointment: {(appointment.role, place) for place in places if type(place) in GRANTS[appointment.role]}
        for appointment, places in _places(list(appointments), day).items()
    }
    groups = role_groups({(role, place): GRANTS[role][type(place)] for role, place in set().union(*given.values())})
    wanted = {(appointment.person.user_id, groups[at].pk) for appointment, places in given.items() for at in places}
    rows = get_user_model().groups.through._default_manager
    held = {
        (user, group): pk
        for pk, user, group in rows.filter(user__in=locked, group__role__isnull=False).values_list(
            "pk", "user_id", "group_id"
        )
    }
    if gone := held.keys() - wanted:
        rows.filter(pk__in=[held[one] for one in gone]).delete()
    if missing := sorted(wanted - held.keys()):
        rows.bulk_create(rows.model(user_id=user, group_id=group) for user, group in missing)
    access.forget()
    for user in users:
        second_step.forget(user)


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
    if users := [person.user for person in people if person.user_id]:
        sync(*users)


def sync_body(body: Body) -> None:
    """A body was made: those who hold a role in the whole collaboration get what that gives them in it."""
    _sync_those(Appointment.objects.filter(collaboration=body.collaboration))


def sync_everybody() -> int:
    """Housekeeping of the night: those who did not come by today are brought up to date too."""
    users = list(get_user_model()._default_manager.filter(person__isnull=False).order_by("pk"))
    for start in range(0, len(users), AT_ONCE):
        sync(*users[start : start + AT_ONCE])
    return len(users)


def sync_member(membership: Membership) -> None:
    """A membership began or ended: everybody with a role in that municipality gets or loses the collaboration."""
    _sync_those(Appointment.objects.filter(organisation=membership.organisation))


def _sync_those(appointments: models.QuerySet[Appointment]) -> None:
    users = get_user_model()._default_manager.filter(person__appointments__in=appointments)
    if some := users.distinct():
        sync(*some)
