"""Choosing between four steps and the full phase model, and which board decides the gates (D13, P1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.audit.log import record
from governance.models import Body, Resolution
from portfolio.actions.gate_decisions import register_afterwards
from portfolio.actions.gates import make_gates
from portfolio.actions.projects import managed, saved
from portfolio.gates import ORDER, waits
from portfolio.models import Phase, PhaseModel, Project
from portfolio.models.gates import FOLLOW_UP
from portfolio.models.phases import STATES

ALL = [(number, 0) for number in range(1, FOLLOW_UP + 1)]


@transaction.atomic
def choose_full(
    *,
    project: Project,
    version: int | None = None,
    phase: str = Phase.IDEA,
    resolutions: Mapping[int, Resolution] | None = None,
    reason: str = "",
    by: Any,
) -> Project:
    """From here the project goes by BP1–BP5. One that has come further names the resolution behind each gate."""
    project = managed(project, version, by)
    told = resolutions or {}
    if refusal := why_not_full(project):
        raise NotAllowedNow(refusal)
    if STATES[phase] != project.state:
        raise NotAllowedNow(
            _("The project is «%(state)s», and can't be in the phase «%(phase)s».")
            % {"state": project.get_state_display(), "phase": Phase(phase).label},
            at="phase",
        )
    passed = range(1, ORDER.index(Phase(phase)) + 1)
    if missing := [f"BP{number}" for number in passed if number not in told]:
        raise NotAllowedNow(
            _("Name the resolution behind %(gates)s. A phase is never entered without its gate.")
            % {"gates": ", ".join(missing)}
        )
    if passed and not reason.strip():
        raise NotAllowedNow(_("Say why the phase model of a project under way is changed."), at="reason")
    gates = {gate.number: gate for gate in make_gates(project, ALL)}
    for number in passed:
        register_afterwards(gate=gates[number], resolution=told[number], by=by)
    project.phase_model, project.phase = PhaseModel.FULL, phase
    record("phase_model_chosen", by=by, on=project, detail={"model": "full", "reason": reason})
    return saved(project)


def why_not_full(project: Project) -> str:
    if project.phase_model == PhaseModel.FULL:
        return _("The project follows Prosjektveiviseren already.")
    if project.quick_measure:
        return _("A quick measure goes without gates. Change it to a project first.")
    if project.state == Project.State.STOPPED:
        return _("The project is stopped. Take it up again before its phase model is chosen.")
    return ""


@transaction.atomic
def choose_simple(*, project: Project, version: int | None = None, reason: str, by: Any) -> Project:
    """Back to four steps, while no gate has been laid; what a body has decided is not taken away."""
    # The gates before the project, as where a resolution is followed up; so neither waits for the other.
    gates = list(project.gates.select_for_update(of=["self"]))
    project = managed(project, version, by)
    if refusal := why_not_simple(project):
        raise NotAllowedNow(refusal)
    if not reason.strip():
        raise NotAllowedNow(_("Say why the project goes back to four steps."), at="reason")
    for gate in gates:
        gate.delete()
    project.phase_model, project.phase = PhaseModel.SIMPLE, ""
    record("phase_model_chosen", by=by, on=project, detail={"model": "simple", "reason": reason})
    return saved(project)


def why_not_simple(project: Project) -> str:
    if project.phase_model == PhaseModel.SIMPLE:
        return _("The project has four steps already.")
    if project.gates.exclude(answer="", case=None).exists():
        return _("A gate of the project has been laid before the body, so the project stays in its phase model.")
    return ""


@transaction.atomic
def choose_board(*, project: Project, version: int | None = None, body: Body | None, by: Any) -> Project:
    """A board of the project's own decides its gates; without one the steering group does."""
    project = managed(project, version, by)
    if body is not None and (body.collaboration_id != project.collaboration_id or not body.meets):
        raise NotAllowedNow(_("Choose a body of the collaboration that meets here."), at="body")
    if any(waits(gate) for gate in project.gates.open().select_related("case")):
        raise NotAllowedNow(_("A gate lies before the body now. It must be treated, or withdrawn, first."))
    project.gate_body = body
    return saved(project)
