"""Made up: one project of DiguT that follows Prosjektveiviseren, on its way to the first gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.models import Collaboration
from portfolio.actions import gates, projects
from portfolio.actions.phase_models import choose_full

TITLE = "Eksempel: felles innbyggerdialog"
# Two are left for whoever tries the page.
ANSWERED = ("problem", "study-paid", "strategy", "owner", "others")


def load(collaboration: Collaboration, secretary: Any) -> None:
    project = projects.register_project(
        collaboration=collaboration,
        slug="eksempel-innbyggerdialog",
        title=TITLE,
        goal="Innbyggerne får svar på ett sted, uansett hvilken kommune de bor i.",
        example=True,
        by=secretary,
    )
    choose_full(project=project, by=secretary)
    gate = project.gates.get(number=1)
    soon = timezone.localdate() + timedelta(days=45)
    gates.change_front_page(
        gate=gate,
        version=None,
        planned_on=soon,
        prepared_by="Sekretariatet",
        staffing="En prosjektleder på halv tid og en ressursperson fra hver kommune som vil være med.",
        next_ends_on=soon + timedelta(days=180),
        by=secretary,
    )
    gates.answer_checks(gate=gate, version=None, answers=dict.fromkeys(ANSWERED, ("yes", "")), by=secretary)
    gates.name_document(gate=gate, key="mandate", named="Mandat, utkast (eksempel)", by=secretary)
