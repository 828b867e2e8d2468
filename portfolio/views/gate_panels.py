"""The gates in short: on the page of a project, and on the page of the case that decides one (D13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from digivesteralen.accounts.access import holds
from governance.models import Case
from portfolio.gates import ORDER, gate_of, next_gate
from portfolio.models import Phase, PhaseModel, Project
from portfolio.views.finding import MANAGE


@dataclass(frozen=True)
class Step:
    """One phase in the line of steps."""

    name: Any
    done: bool
    current: bool
    gate: Any


def steps(project: Project) -> list[Step]:
    """The phases in order, with the gate that ends each."""
    here = ORDER.index(Phase(project.phase))
    gates = {gate.number: gate for gate in project.gates.filter(part=0).newest_editions().defer("facts")}
    for gate in gates.values():
        gate.project = project
    return [Step(phase.label, index < here, index == here, gates.get(index + 1)) for index, phase in enumerate(ORDER)]


def panel(request: Any, project: Project) -> str:
    """«Faser og beslutningspunkter» on the page of a project that follows the full model."""
    if project.phase_model != PhaseModel.FULL:
        return ""
    context = {
        "project": project,
        "collaboration": project.collaboration,
        "steps": steps(project),
        "next": next_gate(project),
        "manages": holds(request.user, MANAGE, project.collaboration),
    }
    return render_to_string("portfolio/_gates_panel.html", context, request)


def on_case(case: Case, user: Any) -> str:
    """The way from the case to the gate it decides."""
    gate = gate_of(case)
    return render_to_string("portfolio/_case_gate.html", {"gate": gate}) if gate else ""
