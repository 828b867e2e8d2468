"""The municipalities' own way into a project: steps that each takes at its own pace (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds
from governance import on_behalf
from governance.models import Organisation
from portfolio.actions.participation import ENDED
from portfolio.actions.participation import REPORT_RIGHT as REPORT_RIGHT
from portfolio.actions.projects import locked
from portfolio.models import Participation, Precision, Project, RolloutStep

MANAGE = "governance.manage_portfolio"
LEAD = "governance.report_status"


class PlannedStep(NamedTuple):
    """One line of a plan for all: what, and when it is to be reached."""

    title: str
    planned_on: date
    planned_precision: str = Precision.DAY


def plans_for_all(user: Any, project: Project) -> bool:
    """The secretariat, and the leader of this very project."""
    if holds(user, MANAGE, project.collaboration):
        return True
    leader = project.current_leader
    leads = leader is not None and leader.user_id == user.pk
    return leads and holds(user, LEAD, project.collaboration)


def led(project: Project, by: Any) -> Project:
    """Locked, for those who write in this very project: the secretariat and its leader, until the last day's end."""
    project = locked(project, None)
    if not plans_for_all(by, project):
        raise PermissionDenied(MANAGE)
    return project


def plans_for(user: Any, project: Project, organisation: Organisation) -> bool:
    """The municipality's own people plan for it too."""
    return plans_for_all(user, project) or holds(user, REPORT_RIGHT, organisation)


@transaction.atomic
def lay_out(*, project: Project, steps: Sequence[PlannedStep], by: Any) -> int:
    """Give all who have said yes the same steps; what one has already, with a day of its own, is left as it is."""
    project = _open_project(project)
    if not plans_for_all(by, project):
        raise PermissionDenied(MANAGE)
    joining = [part for part in project.participations.whole() if part.pays]
    if not joining:
        raise NotAllowedNow(_("Nobody has decided to take part yet. The steps are given to those who have."))
    known = set(RolloutStep.objects.filter(participation__in=joining).values_list("participation", "title"))
    made = [
        RolloutStep(participation=part, example=project.example, **step._asdict())
        for part in joining
        for step in steps
        if (part.pk, step.title) not in known
    ]
    RolloutStep.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def add_step(
    *,
    participation: Participation,
    title: str,
    planned_on: date,
    planned_precision: str = Precision.DAY,
    example: bool = False,
    by: Any,
) -> RolloutStep:
    """A step of one municipality alone."""
    _open_project(participation.project)
    _may_plan(by, participation)
    _has_said_yes(participation)
    if participation.steps.filter(title=title).exists():
        raise NotAllowedNow(_("%(municipality)s already has a step with this name.") % _of(participation), at="title")
    return RolloutStep.objects.create(
        participation=participation,
        title=title,
        planned_on=planned_on,
        planned_precision=planned_precision,
        example=example or participation.example,
    )


@transaction.atomic
def change_step(
    *,
    step: RolloutStep,
    version: int | None = None,
    title: str,
    planned_on: date,
    planned_precision: str = Precision.DAY,
    reached_on: date | None = None,
    by: Any,
) -> RolloutStep:
    """Move a step, name it anew, or say when it was reached."""
    step = _locked(step, version)
    _may_plan(by, step.participation)
    if reached_on and reached_on > timezone.localdate():
        raise NotAllowedNow(_("The day the step was reached is in the future. Move the plan instead."), at="reached_on")
    if step.participation.steps.filter(title=title).exclude(pk=step.pk).exists():
        raise NotAllowedNow(
            _("%(municipality)s already has a step with this name.") % _of(step.participation), at="title"
        )
    step.title, step.reached_on = title, reached_on
    step.planned_on, step.planned_precision = planned_on, planned_precision
    step.version += 1
    step.save()
    return step


@transaction.atomic
def remove_step(*, step: RolloutStep, version: int | None = None, by: Any) -> None:
    """Take a step out of one municipality's plan; one that is reached has happened, and stays."""
    step = _locked(step, version)
    _may_plan(by, step.participation)
    if step.reached_on:
        raise NotAllowedNow(_("The step is reached, so it stays. Empty the day it was reached first if that is wrong."))
    step.delete()


def _open_project(project: Project) -> Project:
    project = locked(project, None)
    if project.state in ENDED:
        raise NotAllowedNow(_("The project has ended; its plan stands as it was."))
    return project


def _has_said_yes(participation: Participation) -> None:
    if not participation.pays:
        raise NotAllowedNow(_("%(municipality)s has not decided to take part.") % _of(participation))


def _may_plan(user: Any, participation: Participation) -> None:
    if not plans_for(user, participation.project, participation.organisation):
        raise PermissionDenied(REPORT_RIGHT)
    if not plans_for_all(user, participation.project):
        on_behalf.speak_for(user, participation.organisation)


def _of(participation: Participation) -> dict[str, Any]:
    return {"municipality": participation.organisation}


def _locked(step: RolloutStep, version: int | None) -> RolloutStep:
    current: RolloutStep = (
        RolloutStep.objects.select_for_update(of=["self"])
        .select_related("participation__organisation", "participation__project__collaboration")
        .select_related("participation__project__leader")
        .get(pk=step.pk)
    )
    check_version(current, version)
    return current
