"""Milestones of a project: planned, moved, checked with a body, and reached (B8, N13)."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Body, Case
from portfolio.actions.pressed_twice import written_just_now
from portfolio.actions.rollout import MANAGE, led, plans_for_all
from portfolio.models import Milestone, MilestoneCheck, MilestoneMove, Precision, Project

# Whoever may lay something before a body may also tell what the body found.
CHECK = "governance.propose_case"


class MilestoneFields(TypedDict, total=False):
    """What a person writes about a milestone."""

    title: str
    planned_on: date | None
    planned_precision: str
    reached_on: date | None
    reached_precision: str
    check_with: Body | None


@transaction.atomic
def add_milestone(*, project: Project, example: bool = False, by: Any, **fields: Unpack[MilestoneFields]) -> Milestone:
    project = led(project, by)
    if same := written_just_now(project.milestones.all(), dict(fields)):
        return cast(Milestone, same)
    milestone = Milestone(project=project, example=example, **fields)
    _of_the_collaboration(milestone)
    _may_be_reached(milestone)
    milestone.save()
    return milestone


@transaction.atomic
def change_milestone(
    *, milestone: Milestone, version: int | None, reason: str = "", by: Any, **fields: Unpack[MilestoneFields]
) -> Milestone:
    """Save what was changed; another plan than before is a move, and the earlier plan is kept with the reason."""
    milestone = _locked(milestone, version, by)
    planned_on, precision = milestone.planned_on, milestone.planned_precision
    was_reached = (milestone.reached_on, milestone.check_with_id)
    for name, value in fields.items():
        setattr(milestone, name, value)
    _of_the_collaboration(milestone)
    if planned_on is not None and (milestone.planned_on, milestone.planned_precision) != (planned_on, precision):
        _move(milestone, (planned_on, precision), reason, by)
    if (milestone.reached_on, milestone.check_with_id) != was_reached:
        _may_be_reached(milestone)
    milestone.version += 1
    milestone.save()
    return milestone


@transaction.atomic
def reach_milestone(
    *, milestone: Milestone, version: int | None = None, on: date, precision: str = Precision.DAY, by: Any
) -> Milestone:
    """Reached on a day. One that a body is to check is reached when the body has found it in order (B8)."""
    milestone = _locked(milestone, version, by)
    milestone.reached_on, milestone.reached_precision = on, precision
    _may_be_reached(milestone)
    milestone.version += 1
    milestone.save()
    return milestone


@transaction.atomic
def remove_milestone(*, milestone: Milestone, version: int | None = None, by: Any) -> None:
    """Take a milestone out of the plan; what is reached or checked has happened, and stays."""
    milestone = _locked(milestone, version, by)
    if milestone.reached_on is not None:
        raise NotAllowedNow(_("The milestone is reached, so it stays. Take the day it was reached away first."))
    if milestone.checks.exists():
        raise NotAllowedNow(_("A body has checked the milestone, so it stays. Move it, or name it anew."))
    milestone.delete()


@transaction.atomic
def check_milestone(
    *,
    milestone: Milestone,
    result: str,
    checked_on: date,
    checked_by: str,
    remark: str = "",
    case: Case | None = None,
    example: bool = False,
    by: Any,
) -> MilestoneCheck:
    """What the body found; told by somebody of the body, or by the secretariat for it."""
    milestone = _found(milestone)
    body = milestone.check_with
    if body is None:
        raise NotAllowedNow(_("No body is to check this milestone. Choose one under «Change» first."))
    require(by, CHECK, on=body)
    if milestone.checks.filter(body=body, result__in=MilestoneCheck.PASSED).exists():
        raise NotAllowedNow(_("%(body)s has found the milestone in order already.") % {"body": body})
    if case is not None and case.body_id != body.pk:
        raise NotAllowedNow(
            _("The case is another body's. Choose one that %(body)s has treated.") % {"body": body}, at="case"
        )
    if checked_on > timezone.localdate():
        raise NotAllowedNow(_("The check can't be on a day to come. Register it when it is made."), at="checked_on")
    if result != MilestoneCheck.Result.OK and not remark:
        raise NotAllowedNow(_("Write the remark."), at="remark")
    told = {"result": result, "checked_on": checked_on, "checked_by": checked_by, "remark": remark, "case": case}
    same = milestone.checks.filter(body=body, **told).first()
    return same or MilestoneCheck.objects.create(milestone=milestone, body=body, written_by=by, example=example, **told)


def _move(milestone: Milestone, before: tuple[date, str], reason: str, by: Any) -> None:
    if milestone.planned_on is None:
        raise NotAllowedNow(
            _("The milestone has a plan. Move it to another day, or take the milestone away."), at="planned"
        )
    if not reason:
        raise NotAllowedNow(_("Write why the milestone is moved."), at="reason")
    MilestoneMove.objects.create(
        milestone=milestone,
        from_on=before[0],
        from_precision=before[1],
        to_on=milestone.planned_on,
        to_precision=milestone.planned_precision,
        reason=reason,
        moved_by=by,
    )


def _of_the_collaboration(milestone: Milestone) -> None:
    body = milestone.check_with
    if body is not None and body.collaboration_id != milestone.project.collaboration_id:
        raise NotAllowedNow(_("The body belongs to another collaboration. Choose one of this one's."), at="check_with")


def _may_be_reached(milestone: Milestone) -> None:
    if milestone.reached_on is None:
        return
    if milestone.reached_on > timezone.localdate():
        raise NotAllowedNow(
            _("The day the milestone was reached is in the future. Move the plan instead."), at="reached"
        )
    body = milestone.check_with
    passed = {"body": body, "result__in": MilestoneCheck.PASSED}
    if body and not (milestone.pk and milestone.checks.filter(**passed).exists()):
        raise NotAllowedNow(
            _("«%(milestone)s» is to be checked with %(body)s. Register the check first, then that it is reached.")
            % {"milestone": milestone, "body": body},
            at="reached",
        )


def _locked(milestone: Milestone, version: int | None, by: Any) -> Milestone:
    current = _found(milestone)
    if not plans_for_all(by, current.project):
        raise PermissionDenied(MANAGE)
    check_version(current, version)
    return current


def _found(milestone: Milestone) -> Milestone:
    found = Milestone.objects.select_for_update(of=["self"]).select_related(
        "check_with__collaboration", "project__collaboration", "project__leader"
    )
    return found.get(pk=milestone.pk)
