"""The activity plan of the collaboration itself (D19)."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from portfolio.models import Activity, Project

RIGHT = "governance.manage_portfolio"


class ActivityFields(TypedDict, total=False):
    title: str
    project: Project | None
    responsible: str
    starts_on: date
    starts_precision: str
    ends_on: date | None
    ends_precision: str


@transaction.atomic
def plan_activity(
    *, collaboration: Collaboration, example: bool = False, by: Any, **fields: Unpack[ActivityFields]
) -> Activity:
    require(by, RIGHT, on=collaboration)
    return Activity.objects.create(collaboration=collaboration, example=example, **fields)


@transaction.atomic
def change_activity(*, activity: Activity, version: int | None, by: Any, **fields: Unpack[ActivityFields]) -> Activity:
    activity = _locked(activity, version, by)
    for name, value in fields.items():
        setattr(activity, name, value)
    return _saved(activity)


@transaction.atomic
def mark_done(*, activity: Activity, version: int | None = None, on: date | None, by: Any) -> Activity:
    """Done on a day, or not done after all."""
    activity = _locked(activity, version, by)
    if on and on > timezone.localdate():
        raise NotAllowedNow(_("An activity can't be done on a day to come."))
    activity.done_on = on
    return _saved(activity)


@transaction.atomic
def remove_activity(*, activity: Activity, version: int | None = None, by: Any) -> None:
    """Take a line out of the plan; it stays in the history."""
    _locked(activity, version, by).delete()


def _locked(activity: Activity, version: int | None, by: Any) -> Activity:
    current = Activity.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=activity.pk)
    require(by, RIGHT, on=current.collaboration)
    check_version(current, version)
    return current


def _saved(activity: Activity) -> Activity:
    activity.version += 1
    activity.save()
    return activity
