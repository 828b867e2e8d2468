"""The phases of a project in the full model (Prosjektveiviseren), and what holds them to their gates (D13, P1)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PhaseModel(models.TextChoices):
    SIMPLE = "simple", _("four steps and the financing plan")
    FULL = "full", _("the phases and gates of Prosjektveiviseren")


class Phase(models.TextChoices):
    IDEA = "idea", pgettext_lazy("phase", "idea")
    CONCEPT = "concept", pgettext_lazy("phase", "concept")
    PLANNING = "planning", pgettext_lazy("phase", "planning")
    EXECUTION = "execution", pgettext_lazy("phase", "execution")
    CLOSING = "closing", pgettext_lazy("phase", "closing")
    REALISING = "realising", pgettext_lazy("phase", "realising")


# What the four steps of the list say of a project in each phase.
STATES: dict[str, str] = {
    Phase.IDEA: "idea",
    Phase.CONCEPT: "planning",
    Phase.PLANNING: "planning",
    Phase.EXECUTION: "execution",
    Phase.CLOSING: "execution",
    Phase.REALISING: "finished",
}
# The answers that let a project through.
PASSING = ("start", "approved")


def state_follows_the_phase() -> models.CheckConstraint:
    """In the full model the state is that of the phase, or the project is stopped in it."""
    follows = Q(phase_model="simple", phase="")
    for phase, state in STATES.items():
        follows |= Q(phase_model="full", phase=str(phase), state__in=[state, "stopped"])
    return models.CheckConstraint(
        name="project_state_follows_the_phase",
        condition=follows,
        violation_error_message=_("The state of the project follows from its phase."),
    )


def phase_by_its_gates() -> pgtrigger.Trigger:
    """No project is in a phase whose gates have not been passed, whoever writes; decided gates bind the project."""
    return pgtrigger.Trigger(
        name="phase_by_its_gates",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("needed", "INT")],
        func="""
            IF TG_OP = 'UPDATE' AND NEW.phase_model <> 'full' THEN
                IF OLD.phase_model = 'full' AND EXISTS (
                    SELECT 1 FROM portfolio_gate WHERE project_id = NEW.id AND (answer <> '' OR case_id IS NOT NULL)
                ) THEN RAISE EXCEPTION 'Gates of the project have been laid: it stays in its phase model.'
                    USING ERRCODE = 'check_violation'; END IF;
            END IF;
            IF NEW.phase_model = 'full' THEN
                needed := array_position(ARRAY['idea', 'concept', 'planning', 'execution', 'closing', 'realising'],
                    NEW.phase::text) - 1;
                IF (SELECT count(DISTINCT number) FROM portfolio_gate WHERE project_id = NEW.id AND part = 0
                    AND number <= needed AND answer IN ('start', 'approved')) < needed
                THEN RAISE EXCEPTION 'The project is not let into this phase: a gate before it has not been passed.'
                    USING ERRCODE = 'check_violation'; END IF;
            END IF;
            RETURN NEW;
        """,
    )
