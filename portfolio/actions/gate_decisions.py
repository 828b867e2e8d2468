"""What follows when the body has treated a gate: answer, phase, municipalities asked, paper (D13, rule 1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from governance.models import Case, Resolution
from portfolio.actions import projects
from portfolio.actions.gate_answers import ask_municipalities
from portfolio.actions.gates import RIGHT, locked, saved
from portfolio.gate_facts import facts_of
from portfolio.gates import (
    AS_LAID,
    LETS_THROUGH,
    body_of,
    due_phase,
    earlier_not_passed,
    gate_of,
    told_resolution,
)
from portfolio.models import (
    Gate,
    GateCheck,
    GateDocument,
    GateReceiver,
    GateVersion,
    Phase,
    PhaseModel,
    Project,
    ProjectCase,
)
from portfolio.models.gates import DOCUMENT
from portfolio.models.phases import PASSING, STATES

Answer = Gate.Answer
COPIED = ["planned_on", "planned_precision", "prepared_by", "staffing", "next_ends_on", "next_ends_precision",
    *[f"tolerance_{name}" for name in Gate.TOLERANCES]]  # fmt: skip


def on_resolution(resolution: Resolution, by: Any) -> None:
    """The body has treated the gate: as it was proposed, or sent back; else the secretariat says what it came to."""
    gate = gate_of(resolution.item.case)
    if gate is None or gate.is_decided:
        return
    gate = locked(gate, None)
    if resolution.outcome in AS_LAID:
        _decide(gate, resolution, gate.proposed, by)
    elif resolution.outcome == Resolution.Outcome.SENT_BACK:
        known = {one.key for one in gate.rule.answers}
        _decide(gate, resolution, Answer.MORE if Answer.MORE in known else Answer.NOT_APPROVED, by)


def opens_adoptions(case: Case, by: Any) -> bool:
    """The case of a gate asks each municipality «deltar vi videre?» when the gate is passed, and nothing else."""
    gate = gate_of(case)
    return gate is not None and gate.rule.asks


@transaction.atomic
def tell_answer(*, gate: Gate, version: int | None = None, answer: str, by: Any) -> Gate:
    """The body adopted something else than was proposed: what its resolution came to, as the minutes say it."""
    gate = locked(gate, version)
    require(by, RIGHT, on=gate.project.collaboration)
    resolution = told_resolution(gate)
    if resolution is None:
        raise NotAllowedNow(_("No resolution on %(gate)s waits to be told. A gate is decided by its case.") % {
            "gate": gate
        })  # fmt: skip
    if answer not in may_be_told(gate, resolution):
        raise NotAllowedNow(_("The resolution of the body does not say this. Choose what it says."), at="answer")
    return _decide(gate, resolution, answer, by)


def may_be_told(gate: Gate, resolution: Resolution) -> list[str]:
    """What the resolution may have come to: a proposal that was not adopted lets nobody through."""
    known = [one.key for one in gate.rule.answers]
    if resolution.outcome in LETS_THROUGH:
        return known
    return [answer for answer in known if answer != gate.proposed and answer not in PASSING]


@transaction.atomic
def register_afterwards(*, gate: Gate, resolution: Resolution, by: Any) -> Gate:
    """A gate of a project that began before the portal: only on a resolution that exists, of the body that decides."""
    gate = locked(gate, None)
    require(by, RIGHT, on=gate.project.collaboration)
    case, body = resolution.item.case, body_of(gate.project)
    if body is None or case.body_id != body.pk or resolution.outcome not in LETS_THROUGH:
        raise NotAllowedNow(
            _("«%(case)s» does not decide %(gate)s: it takes a resolution that was adopted by %(body)s.")
            % {"case": case, "gate": gate, "body": body or _("the steering group")}
        )
    if case.project_cases.exists() and not case.project_cases.filter(project=gate.project).exists():
        raise NotAllowedNow(_("The case belongs to another project. Choose a resolution on this one."))
    if before := earlier_not_passed(gate):
        raise NotAllowedNow(_("%(gate)s has not been passed yet.") % {"gate": before})
    gate.case, gate.body, gate.afterwards = case, body, True
    gate.proposed = next(one.key for one in gate.rule.answers if one.key in PASSING)
    ProjectCase.objects.get_or_create(project=gate.project, case=case, defaults={"purpose": ProjectCase.Purpose.GATE})
    return _decide(gate, resolution, gate.proposed, by)


def _decide(gate: Gate, resolution: Resolution, answer: str, by: Any) -> Gate:
    gate.resolution, gate.decided_on = resolution, resolution.item.meeting.day
    gate.versions.filter(approved="").update(approved=str(gate.body))
    gate.facts = facts_of(gate, resolution, answer)
    gate.answer = answer
    saved(gate)
    jobs.ask(DOCUMENT, gate.pk, by=by, key=f"{DOCUMENT}:{gate.pk}")
    if gate.afterwards:
        return gate
    if gate.is_passed:
        move_on(gate.project)
        if gate.rule.asks:
            ask_municipalities(gate, by)
    elif answer == Answer.STOP:
        _stop(gate.project)
    else:
        new_edition(gate)
    return gate


def move_on(project: Project) -> Project:
    """Into the phase that the passed gates open for; where the financing plan is missing it waits for that (rule 3)."""
    project = projects.locked(project, None)
    due = due_phase(project)
    if project.phase_model != PhaseModel.FULL or due == project.phase:
        return project
    if due == Phase.EXECUTION:
        try:
            with transaction.atomic():
                return projects.begin(project)
        except NotAllowedNow:
            return _planning_again(projects.locked(project, None))
    project.phase, project.state = due, STATES[due]
    return projects.saved(project)


def _planning_again(project: Project) -> Project:
    """BP3 is passed, but something is still missing for the start; the project's page says what."""
    if project.state == Project.State.STOPPED:
        project.phase, project.state = Phase.PLANNING, Project.State.PLANNING
        return projects.saved(project)
    return project


def _stop(project: Project) -> None:
    project = projects.locked(project, None)
    if project.state not in {Project.State.STOPPED, Project.State.FINISHED}:
        project.state = Project.State.STOPPED
        project.on_hold_since, project.on_hold_reason = None, ""
        projects.saved(project)


@transaction.atomic
def take_up_again(*, gate: Gate, version: int | None = None, by: Any) -> Gate:
    """A gate at which the project was ended is prepared anew; the earlier treatment stands."""
    gate = locked(gate, version)
    require(by, RIGHT, on=gate.project.collaboration)
    newest = gate.project.gates.filter(number=gate.number, part=gate.part).order_by("-edition").first()
    if newest is None or newest.pk != gate.pk or gate.answer != Answer.STOP:
        raise NotAllowedNow(_("Only a gate at which the project was ended is taken up again."))
    return new_edition(gate)


def new_edition(gate: Gate) -> Gate:
    """The next treatment of the same gate begins as a copy, with every checkpoint as it was answered."""
    again = Gate.objects.create(
        project=gate.project,
        number=gate.number,
        part=gate.part,
        edition=gate.edition + 1,
        example=gate.example,
        **{name: getattr(gate, name) for name in COPIED},
    )
    GateCheck.objects.bulk_create(_moved(list(gate.checks.all()), again))
    GateDocument.objects.bulk_create(_moved(list(gate.documents.all()), again))
    GateVersion.objects.bulk_create(_moved(list(gate.versions.all()), again))
    GateReceiver.objects.bulk_create(_moved(list(gate.receivers.all()), again))
    return again


def _moved(rows: list[Any], gate: Gate) -> list[Any]:
    """The same rows, once more, on another gate."""
    for row in rows:
        row.pk, row.gate = None, gate
    return rows
