"""Registering and changing projects, and taking them from one state to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from governance.models import Agreement, Body, Collaboration, Organisation, Person, Resolution
from portfolio.actions.proposals import propose_shares
from portfolio.actions.shares import recalculate
from portfolio.adding_up import what_differs
from portfolio.addresses import slug_for
from portfolio.financing_plans import beyond, decided
from portfolio.models import (
    Benefit,
    FocusArea,
    Goal,
    Milestone,
    Participation,
    Precision,
    Project,
    ProjectGoal,
)
from portfolio.models.projects import RESERVED_SLUGS
from surveys.models import Area, Finding


class ProjectFields(TypedDict, total=False):
    """What a person writes about a project."""

    title: str
    focus_area: FocusArea | None
    kind: str
    goal: str
    goals: Sequence[Goal]
    mandate: str
    starts_on: date | None
    starts_precision: str
    ends_on: date | None
    ends_precision: str
    lead_organisation: Organisation | None
    leader: Person | None
    follows: Project | None
    agreement: Agreement | None
    shared_cost: Decimal | None
    grant_share: Decimal
    in_base_budget: bool
    hours: Decimal | None
    key: str
    counted_on: date | None
    equal_percent: int | None
    quick_measure: bool
    note: str
    areas: Sequence[Area]
    findings: Sequence[Finding]


@transaction.atomic
def register_project(
    *,
    collaboration: Collaboration,
    slug: str = "",
    state: str = Project.State.IDEA,
    example: bool = False,
    by: Any,
    **fields: Unpack[ProjectFields],
) -> Project:
    """Put a project into the portfolio, with the next number; finished ones can be told afterwards."""
    if state not in {Project.State.IDEA, Project.State.PLANNING, Project.State.FINISHED}:
        raise NotAllowedNow(_("A project is registered as an idea, as planned or as finished; then it is started."))
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    goals, areas, findings = fields.pop("goals", ()), fields.pop("areas", ()), fields.pop("findings", ())
    taken = {*collaboration.projects.values_list("slug", flat=True), *RESERVED_SLUGS}
    last = collaboration.projects.aggregate(last=Max("number"))["last"] or 0
    project = Project(
        collaboration=collaboration,
        number=last + 1,
        slug=slug or slug_for(fields["title"], taken),
        state=state,
        example=example,
        **fields,
    )
    checked(project)
    project.save()
    project.areas.set(areas)
    project.findings.set(findings)
    _serve(project, goals)
    recalculate([project])
    return project


@transaction.atomic
def change_project(*, project: Project, version: int | None, by: Any, **fields: Unpack[ProjectFields]) -> Project:
    """Save what was changed, unless somebody else saved first."""
    project = locked(project, version)
    goals, areas, findings = fields.pop("goals", None), fields.pop("areas", None), fields.pop("findings", None)
    for name, value in fields.items():
        setattr(project, name, value)
    if wrong := what_differs(project):
        raise NotAllowedNow(wrong)
    _follow_the_rate(project)
    stay_within_the_plan(project)
    checked(project)
    saved(project)
    if goals is not None:
        _serve(project, goals)
    if areas is not None:
        project.areas.set(areas)
    if findings is not None:
        project.findings.set(findings)
    propose_shares(project=project, by=by)
    recalculate([project])
    return project


@transaction.atomic
def plan(*, project: Project, version: int | None = None, by: Any) -> Project:
    """Begin planning, or go back to it because the plan must be decided anew."""
    return _move(project, version, Project.State.PLANNING)


@transaction.atomic
def start_execution(*, project: Project, version: int | None = None, by: Any) -> Project:
    """Begin. With shared cost outside the base budget only on a resolution on the financing plan (R10, rule 3)."""
    project = locked(project, version)
    _may_move(project, Project.State.EXECUTION)
    if not Participation.objects.filter(project=project).taking_part().exists():
        raise NotAllowedNow(_("No municipality has decided to take part yet, so there is nobody to start the project."))
    if project.needs_financing_plan:
        project.financing_resolution = _decided_plan(project)
    project.state = Project.State.EXECUTION
    return saved(project)


def _decided_plan(project: Project) -> Resolution:
    """The resolution on the newest decided plan, if that is large enough for the cost as it now is (R10)."""
    if project.shared_cost is None:
        raise NotAllowedNow(
            _("The shared cost is unknown. Register it, or 0 if there is none, before the project starts.")
        )
    found = decided(project)
    if found is None:
        raise NotAllowedNow(
            _("The project has shared cost, and the steering group has not decided its financing plan. Lay it first.")
        )
    if grown := beyond(found.plan, project):
        raise NotAllowedNow(grown)
    return found.resolution


@transaction.atomic
def finish(*, project: Project, version: int | None = None, by: Any) -> Project:
    return _move(project, version, Project.State.FINISHED)


@transaction.atomic
def stop(*, project: Project, version: int | None = None, by: Any) -> Project:
    return _move(project, version, Project.State.STOPPED)


@transaction.atomic
def add_milestone(
    *,
    project: Project,
    title: str,
    planned_on: date | None = None,
    planned_precision: str = Precision.DAY,
    reached_on: date | None = None,
    reached_precision: str = Precision.DAY,
    check_with: Body | None = None,
    example: bool = False,
    by: Any,
) -> Milestone:
    locked(project, None)
    return Milestone.objects.create(
        project=project,
        title=title,
        planned_on=planned_on,
        planned_precision=planned_precision,
        reached_on=reached_on,
        reached_precision=reached_precision,
        check_with=check_with,
        example=example,
    )


@transaction.atomic
def reach_milestone(*, milestone: Milestone, on: date, precision: str = Precision.DAY, by: Any) -> Milestone:
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    milestone.reached_on, milestone.reached_precision = on, precision
    milestone.save(update_fields=["reached_on", "reached_precision"])
    return milestone


@transaction.atomic
def add_benefit(
    *, project: Project, gain: str, owner: Organisation | None = None, target: str = "", example: bool = False, by: Any
) -> Benefit:
    locked(project, None)
    return Benefit.objects.create(project=project, gain=gain, owner=owner, target=target, example=example)


def locked(project: Project, version: int | None) -> Project:
    current = (
        Project.objects.select_for_update(of=["self"], no_key=True).select_related("collaboration").get(pk=project.pk)
    )
    check_version(current, version)
    return current


def saved(project: Project) -> Project:
    project.version += 1
    project.save()
    return project


def _move(project: Project, version: int | None, state: str) -> Project:
    project = locked(project, version)
    _may_move(project, state)
    project.state = state
    return saved(project)


def _may_move(project: Project, state: str) -> None:
    if state not in Project.NEXT[project.state]:
        raise NotAllowedNow(
            _("A project that is «%(now)s» can't become «%(next)s».")
            % {"now": project.get_state_display(), "next": Project.State(state).label}
        )


def stay_within_the_plan(project: Project) -> None:
    """A project that runs can't grow beyond what was decided; it goes back to planning with a new plan (rule 3).

    Neither the cost nor what the participants share of it, when grants fall away or the base budget no longer pays.
    """
    if project.state != Project.State.EXECUTION or not project.needs_financing_plan or not _has_grown(project):
        return
    found = decided(project)
    grown = beyond(found.plan, project) if found else _("The steering group has not decided the financing plan.")
    if grown:
        raise NotAllowedNow(
            _("The project is under way. %(grown)s Move it back to planning before the cost grows.") % {"grown": grown}
        )


def _follow_the_rate(project: Project) -> None:
    """At an amount per inhabitant the cost is nobody's to write: it follows from the population."""
    before = Project.objects.get(pk=project.pk)
    follows = ("key", "shared_cost", "grant_share")
    if project.key == Project.Key.RATE and any(getattr(before, name) != getattr(project, name) for name in follows):
        raise NotAllowedNow(
            _("At an amount per inhabitant the cost follows from the population. Change it under «Costs».")
        )


def _has_grown(project: Project) -> bool:
    before = Project.objects.get(pk=project.pk)
    pairs = [(before.shared_cost, project.shared_cost), (before.to_share, project.to_share)]
    return any(new is None or old is None or new > old for old, new in pairs) or not before.needs_financing_plan


def checked(project: Project) -> Project:
    """The constraints in words, for callers that had no form before them."""
    try:
        project.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    return project


def _serve(project: Project, goals: Sequence[Goal]) -> None:
    wanted = {goal.pk for goal in goals}
    ProjectGoal.objects.filter(project=project).exclude(goal__in=wanted).delete()
    for goal in goals:
        ProjectGoal.objects.get_or_create(project=project, goal=goal)
