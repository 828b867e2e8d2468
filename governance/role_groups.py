"""The groups that hold the rights of roles at places, each with exactly what GRANTS gives it there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models

from governance.models import (
    Body,
    BodyGroupPermission,
    Collaboration,
    CollaborationGroupPermission,
    Organisation,
    OrganisationGroupPermission,
    RoleGroup,
)

Container = Collaboration | Body | Organisation

ROWS: dict[type[models.Model], Any] = {
    Collaboration: CollaborationGroupPermission,
    Body: BodyGroupPermission,
    Organisation: OrganisationGroupPermission,
}
WORDS: dict[type[models.Model], str] = {
    Collaboration: "collaboration",
    Body: "body",
    Organisation: "organisation",
}
# A role at a place, and the rights it has there.
Wanted = dict[tuple[str, Container], frozenset[str]]


def role_groups(wanted: Wanted) -> dict[tuple[str, Container], Group]:
    """The groups of these roles at these places: made where they are not there, and put right where they differ.

    A few questions to the database, however many there are; in one order, so that two who make the same wait and do
    not lock each other out.
    """
    names = {f"{role}:{WORDS[type(place)]}:{place.pk}": (role, place) for role, place in wanted}
    groups = _present(names)
    if missing := sorted(names.keys() - groups.keys()):
        Group.objects.bulk_create([Group(name=name) for name in missing], ignore_conflicts=True)
        made = {group.name: group for group in Group.objects.filter(name__in=missing)}
        RoleGroup.objects.bulk_create(
            [
                RoleGroup(group=made[name], role=names[name][0], **{WORDS[type(names[name][1])]: names[name][1]})
                for name in missing
            ],
            ignore_conflicts=True,
        )
        groups |= made
    for kind in ROWS:
        _put_right(kind, {groups[name].pk: (at[1], wanted[at]) for name, at in names.items() if type(at[1]) is kind})
    return {at: groups[name] for name, at in names.items()}


def _present(names: Iterable[str]) -> dict[str, Group]:
    return {group.name: group for group in Group.objects.filter(name__in=list(names), role__isnull=False)}


def _put_right(kind: type[models.Model], granted: dict[int, tuple[Any, frozenset[str]]]) -> None:
    """Each group's rows on that kind of place: what is too much goes, what is missing comes."""
    if not granted:
        return
    rows = ROWS[kind].objects.filter(group__in=granted)
    wrong, held = [], set()
    for pk, group, place, codename in rows.values_list("pk", "group", "content_object", "permission__codename"):
        if place == granted[group][0].pk and codename in granted[group][1]:
            held.add((group, codename))
        else:
            wrong.append(pk)
    if wrong:
        rows.filter(pk__in=wrong).delete()
    missing = sorted({(group, right) for group, (_place, rights) in granted.items() for right in rights} - held)
    if missing:
        permissions = Permission.objects.filter(
            content_type__app_label="governance",
            content_type__model=WORDS[kind],
            codename__in={right for _group, right in missing},
        )
        keys = dict(permissions.values_list("codename", "pk"))
        ROWS[kind].objects.bulk_create(
            [
                ROWS[kind](group_id=group, permission_id=keys[right], content_object=granted[group][0])
                for group, right in missing
                if right in keys
            ],
            ignore_conflicts=True,
        )
