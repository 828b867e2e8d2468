"""Where a project stands among its gates: which is next, and which steps are not to be skipped (D13, R10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from governance.case_panels import with_earlier
from governance.models import Case, Resolution
from portfolio.financing_plans import with_later
from portfolio.models import Gate, Phase, PhaseModel, Project, moments
from portfolio.models.moments import Precision
from portfolio.models.phases import STATES

MAIN = [1, 2, 3, 4, 5]
ORDER = list(Phase)
# What a body may have said that decides a gate, and what of it can let a project through.
LETS_THROUGH = [Resolution.Outcome.AS_PROPOSED, Resolution.Outcome.CHANGED, Resolution.Outcome.RECOMMENDED]
AS_LAID = [Resolution.Outcome.AS_PROPOSED, Resolution.Outcome.RECOMMENDED]
DECIDES = [*LETS_THROUGH, Resolution.Outcome.NOT_ADOPTED, Resolution.Outcome.SENT_BACK]


class NextGate(NamedTuple):
    """The gate a project comes to next; ``gate`` is missing in the simple model, where it is the financing plan."""

    project_id: int
    label: str
    on: date | None
    precision: str
    gate: Gate | None

    @property
    def when(self) -> str:
        return moments.say(self.on, self.precision)


def next_gate(project: Project) -> NextGate | None:
    return next_gates([project]).get(project.pk)


def next_gates(projects: Iterable[Project]) -> dict[int, NextGate]:
    """By project, with one question to the database; a project without a gate before it is left out."""
    known = list(projects)
    going = [project for project in known if project.state != Project.State.STOPPED]
    full = [project.pk for project in going if project.phase_model == PhaseModel.FULL]
    found = {project.pk: _financing(project) for project in known if _waits_for_its_plan(project)}
    if not full:
        return found
    gates = Gate.objects.filter(project__in=full).newest_editions().defer("facts")
    by_key = {project.pk: project for project in going}
    for gate in sorted(gates, key=lambda one: (one.project_id, one.number, one.part)):
        gate.project = by_key[gate.project_id]
        if not gate.is_passed and gate.project_id not in found:
            found[gate.project_id] = NextGate(
                gate.project_id, gate.label, gate.planned_on, gate.planned_precision, gate
            )
    return found


def _waits_for_its_plan(project: Project) -> bool:
    """The one gate of the simple model (rule 3)."""
    return (
        project.phase_model == PhaseModel.SIMPLE
        and project.state in {Project.State.IDEA, Project.State.PLANNING}
        and project.needs_financing_plan
    )


def _financing(project: Project) -> NextGate:
    return NextGate(project.pk, _("Financing plan"), None, Precision.DAY, None)


def due_phase(project: Project) -> str:
    """The phase that the gates passed so far open for."""
    passed = set(project.gates.passed().filter(part=0).values_list("number", flat=True))
    reached = next((number - 1 for number in MAIN if number not in passed), len(MAIN))
    return str(ORDER[reached])


def phase_for(project: Project, state: str) -> str:
    """The phase of a project that moves to this state; refuses to skip a gate. Simple projects have no phase."""
    refuse_skipping(project, state)
    if project.phase_model == PhaseModel.SIMPLE:
        return ""
    due = due_phase(project)
    if state == Project.State.PLANNING and ORDER.index(Phase(due)) > ORDER.index(Phase.PLANNING):
        return str(Phase.PLANNING)
    if state == Project.State.STOPPED or STATES[project.phase] == state:
        return project.phase
    return due


def refuse_skipping(project: Project, state: str) -> None:
    """A project in the full model takes no step whose gate has not been passed; the sentence says which."""
    if project.phase_model == PhaseModel.SIMPLE or state == Project.State.STOPPED:
        return
    first = min(ORDER.index(phase) for phase in ORDER if STATES[phase] == state)
    if ORDER.index(Phase(due_phase(project))) < first:
        raise NotAllowedNow(
            _(
                "The project follows Prosjektveiviseren and comes here only through %(gate)s. Lay the gate before "
                "%(body)s; its resolution moves the project on."
            )
            % {"gate": f"BP{first}", "body": body_name(project)}
        )


def is_skipping(project: Project, state: str) -> bool:
    """Whether the step is one that only a gate takes."""
    try:
        refuse_skipping(project, state)
    except NotAllowedNow:
        return True
    return False


def body_of(project: Project) -> Any:
    """Who decides the gates: the project's own board where one is set, else the steering group; or nobody yet."""
    return project.gate_body or project.collaboration.steering_group()


def body_name(project: Project) -> str:
    body = body_of(project)
    return body.name_in_text if body else _("the steering group")


def gate_of(case: Case) -> Gate | None:
    """The gate that lies before the body in this case, also when the case was postponed and is back."""
    gates = Gate.objects.filter(case__in=with_earlier(case)).select_related("project__collaboration", "body")
    return gates.order_by("-edition").first()


def latest_case(gate: Gate) -> Case | None:
    return with_later(gate.case)[-1] if gate.case else None


def waits(gate: Gate) -> bool:
    """It lies before the body: the case is neither treated, nor withdrawn, nor sent back."""
    case = latest_case(gate)
    return case is not None and not gate.is_decided and case.stage not in {Case.Stage.TREATED, Case.Stage.WITHDRAWN}


def told_resolution(gate: Gate) -> Resolution | None:
    """A resolution on the gate's case that decides it, but does not say by itself what the answer is."""
    if gate.is_decided or gate.case is None:
        return None
    return (
        Resolution.objects.filter(
            item__case__in=with_later(gate.case),
            item__meeting__state__in=["held", "remarks", "approved"],
            outcome__in=[Resolution.Outcome.CHANGED, Resolution.Outcome.NOT_ADOPTED],
        )
        .select_related("item__case__body", "item__meeting")
        .order_by("-pk")
        .first()
    )


def earlier_not_passed(gate: Gate) -> str:
    """The label of a gate before this one that has not been passed; empty where all have."""
    gates = gate.project.gates.all()
    passed = {(one.number, one.part) for one in gates if one.is_passed}
    wanted = {(number, 0) for number in MAIN if number < gate.number + (gate.part > 0)}
    wanted |= {(one.number, one.part) for one in gates if one.part}
    for number, part in sorted(wanted - passed):
        if (number, part) < (gate.number, gate.part):
            return Gate(number=number, part=part).label
    return ""
