"""Whom a programme is for (J6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from portfolio.actions.projects import managed
from portfolio.models import Project, TargetGroup


@transaction.atomic
def name_target_groups(*, project: Project, names: Iterable[str], by: Any) -> list[TargetGroup]:
    """The groups become these; one that a gathering is for stays."""
    project = managed(project, None, by)
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    gone = project.target_groups.exclude(name__in=wanted)
    if kept := ", ".join(gone.filter(gatherings__isnull=False).distinct().values_list("name", flat=True)):
        raise NotAllowedNow(
            _("A gathering is for %(groups)s. Take it out of the gathering first.") % {"groups": kept}, at="names"
        )
    gone.delete()
    there = set(project.target_groups.values_list("name", flat=True))
    TargetGroup.objects.bulk_create(TargetGroup(project=project, name=name) for name in wanted if name not in there)
    return list(project.target_groups.all())
