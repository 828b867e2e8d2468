"""Registering and changing projects, and taking them from one state to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Agreement, Collaboration, Organisation, Person, Resolution
from portfolio.actions.gates import why_it_stands
from portfolio.actions.leaders import follow_leader
from portfolio.actions.proposals import propose_shares
from portfolio.actions.shares import recalculate
from portfolio.adding_up import what_differs
from portfolio.addresses import slug_for
from portfolio.financing_plans import beyond, decided
from portfolio.gates import phase_for
from portfolio.models import (
    FocusArea,
    Goal,
    Participation,
    Project,
    ProjectDocument,
    ProjectGoal,
)
from portfolio.models.projects import RESERVED_SLUGS
from surveys.models import Area, Finding, ServiceArea

RIGHT = "governance.manage_portfolio"


class ProjectFields(TypedDict, total=False):
    """What a person writes about a project."""

    title: str
    focus_area: FocusArea | None
    kind: str
    goal: str
    goals: Sequence[Goal]
    starts_on: date | None
    starts_precision: str
    ends_on: date | None
    ends_precision: str
    lead_organisation: Organisation | None
    host: Organisation | None
    archive_reference: str
    service_area: ServiceArea | None
    sustainability: Sequence[int]
    procurement: str
    threshold_note: str
    announced_on: date | None
    announced_precision: str
    user_involvement: str
    change_management: str
    leader: Person | None
    follows: Project | None
    agreement: Agreement | None
    basis: ProjectDocument | None
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
    require(by, RIGHT, on=collaboration)
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
    follow_leader(project)
    project.areas.set(areas)
    project.findings.set(findings)
    _serve(project, goals)
    recalculate([project])
    return project


@transaction.atomic
def change_project(*, project: Project, version: int | None, by: Any, **fields: Unpack[ProjectFields]) -> Project:
    """Save what was changed, unless somebody else saved first."""
    project = managed(project, version, by)
    if project.current_leader is None:
        project.leader = project.leader_until = None
    runs_as = _runs_as(project)
    goals, areas, findings = fields.pop("goals", None), fields.pop("areas", None), fields.pop("findings", None)
    for name, value in fields.items():
        setattr(project, name, value)
    if project.kind != Project.Kind.PROCUREMENT:
        project.procurement, project.threshold_note, project.announced_on = "", "", None
    if wrong := what_differs(project):
        raise NotAllowedNow(wrong, at="shared_cost")
    _follow_the_rate(project)
    stay_within_the_plan(project)
    if _runs_as(project) != runs_as:
        _service_has_an_agreement(project)
    follow_leader(project)
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
    """Begin planning, or go back to it because the plan must be decided anew; or take up what was stopped."""
    return _move(project, version, Project.State.PLANNING, by)


@transaction.atomic
def start_execution(*, project: Project, version: int | None = None, by: Any) -> Project:
    """Begin. With shared cost outside the base budget only on a resolution on the financing plan (R10, rule 3)."""
    return begin(managed(project, version, by))


def begin(project: Project) -> Project:
    """Of a project that is locked; a gate that is passed begins it for no person (D13)."""
    _may_move(project, Project.State.EXECUTION)
    phase = phase_for(project, Project.State.EXECUTION)
    if not Participation.objects.filter(project=project).taking_part().exists():
        raise NotAllowedNow(_("No municipality has decided to take part yet, so there is nobody to start the project."))
    if project.needs_financing_plan:
        project.financing_resolution = _decided_plan(project)
    project.state = Project.State.EXECUTION
    project.phase = phase
    _service_has_an_agreement(project)
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
    return _move(project, version, Project.State.FINISHED, by)


@transaction.atomic
def stop(*, project: Project, version: int | None = None, by: Any) -> Project:
    """Not while a gate lies before the body: its resolution would set the project going again."""
    project = managed(project, version, by)
    for gate in project.gates.open().select_related("project__collaboration", "case"):
        if refusal := why_it_stands(gate):
            raise NotAllowedNow(refusal)
    return _move(project, None, Project.State.STOPPED, by)


@transaction.atomic
def put_on_hold(*, project: Project, reason: str, version: int | None = None, by: Any) -> Project:
    """It waits for something; its phase stands (D15)."""
    project = managed(project, version, by)
    if project.state in {Project.State.FINISHED, Project.State.STOPPED}:
        raise NotAllowedNow(_("The project has ended, so it waits for nothing."))
    project.on_hold_since, project.on_hold_reason = project.on_hold_since or timezone.localdate(), reason.strip()
    return saved(checked(project))


@transaction.atomic
def take_up_again(*, project: Project, version: int | None = None, by: Any) -> Project:
    """It waits no more; pressed twice it is the same."""
    project = managed(project, version, by)
    if project.on_hold_since is None:
        return project
    project.on_hold_since, project.on_hold_reason = None, ""
    return saved(project)


def managed(project: Project, version: int | None, by: Any) -> Project:
    """Locked, for those who may change the portfolio."""
    project = locked(project, version)
    require(by, RIGHT, on=project.collaboration)
    return project


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


def _move(project: Project, version: int | None, state: str, by: Any) -> Project:
    project = managed(project, version, by)
    _may_move(project, state)
    project.phase = phase_for(project, state)
    project.state = state
    if state in {Project.State.FINISHED, Project.State.STOPPED}:
        project.on_hold_since, project.on_hold_reason = None, ""
    return saved(project)


def _may_move(project: Project, state: str) -> None:
    if state not in Project.NEXT[project.state]:
        raise NotAllowedNow(
            _("A project that is «%(now)s» can't become «%(next)s».")
            % {"now": project.get_state_display(), "next": Project.State(state).label}
        )


def _runs_as(project: Project) -> tuple[Any, ...]:
    """What a service needs its agreement for; what ran before the rule goes on as it is, as in the trigger."""
    return project.kind, project.state, project.agreement_id


def _service_has_an_agreement(project: Project) -> None:
    """Services that a municipality would else buy are agreed and paid for separately (R11)."""
    runs = project.state == Project.State.EXECUTION
    if project.kind == Project.Kind.SERVICE and runs and project.agreement is None:
        raise NotAllowedNow(
            _(
                "A delivery of services has an agreement and a price of its own. Choose the agreement under «Change» "
                "before the service begins."
            )
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
            _("The project is under way. %(grown)s Move it back to planning before the cost grows.") % {"grown": grown},
            at="shared_cost",
        )


def _follow_the_rate(project: Project) -> None:
    """At an amount per inhabitant the cost is nobody's to write: it follows from the population."""
    before = Project.objects.get(pk=project.pk)
    follows = ("key", "shared_cost", "grant_share")
    if project.key == Project.Key.RATE and any(getattr(before, name) != getattr(project, name) for name in follows):
        raise NotAllowedNow(
            _("At an amount per inhabitant the cost follows from the population. Change it under «Costs»."),
            at="shared_cost",
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
    """The goals in force are chosen among; what a project served in an earlier edition stands."""
    wanted = {goal.pk for goal in goals}
    chosen_among = ProjectGoal.objects.filter(
        project=project, goal__strategy=project.collaboration.strategies.in_force()
    )
    chosen_among.exclude(goal__in=wanted).delete()
    for goal in goals:
        ProjectGoal.objects.get_or_create(project=project, goal=goal)
