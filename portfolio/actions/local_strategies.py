"""What each municipality makes of the shared strategy; only its own people write it (L19, rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, require
from governance.models import Collaboration, Organisation
from portfolio.models import FocusArea, Goal, LocalPriority, LocalStrategy

RIGHT = "governance.decide_for_municipality"


class Line(NamedTuple):
    """What the municipality says of one goal or one focus area; nothing where both are empty."""

    about: Goal | FocusArea
    priority: str = ""
    remark: str = ""


@transaction.atomic
def write_local_strategy(
    *,
    collaboration: Collaboration,
    organisation: Organisation,
    version: int | None = None,
    text: str = "",
    plan_title: str = "",
    plan_link: str = "",
    lines: Sequence[Line] = (),
    example: bool = False,
    by: Any,
) -> LocalStrategy:
    """The whole page at once; version 0 means that nothing was there when it was opened."""
    require(by, RIGHT, on=organisation)
    if not collaboration.members().filter(pk=organisation.pk).exists():
        raise NotAllowedNow(
            _("%(municipality)s is not a member of %(collaboration)s.")
            % {"municipality": organisation, "collaboration": collaboration}
        )
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    local = LocalStrategy.objects.filter(collaboration=collaboration, organisation=organisation).first()
    if local is None:
        local = LocalStrategy(collaboration=collaboration, organisation=organisation, example=example, version=0)
    elif version is not None and version != local.version:
        raise Stale(local)
    local.text, local.plan_title, local.plan_link = text, plan_title, plan_link
    local.version += 1
    local.save()
    for line in lines:
        _say(local, line)
    return local


def _say(local: LocalStrategy, line: Line) -> None:
    goal = isinstance(line.about, Goal)
    # A goal keeps what was said of it in the editions before.
    about: dict[str, Any] = {"goal": line.about} if goal else {"focus_area": line.about}
    earlier = LocalPriority.objects.filter(local=local, **_thread(line.about))
    earlier.exclude(**about).delete()
    if not (line.priority or line.remark.strip()):
        earlier.delete()
        return
    LocalPriority.objects.update_or_create(
        local=local, **about, defaults={"priority": line.priority, "remark": line.remark}
    )


def _thread(about: Goal | FocusArea) -> dict[str, Any]:
    if isinstance(about, Goal):
        same = Goal.objects.filter(pk=about.thread) | Goal.objects.filter(first=about.thread)
        return {"goal__in": same}
    return {"focus_area": about}
