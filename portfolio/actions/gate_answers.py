"""«Deltar vi videre?»: each municipality's own answer at a gate, and what it changes for that municipality (rule 1)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from governance.actions.adoptions import open_adoption
from governance.models import Adoption, Organisation
from portfolio.actions.participation import invite_for_all, locked_participation, matter_key, saved_participation
from portfolio.models import Gate, GateAnswer, Participation, Phase, Project


def ask_municipalities(gate: Gate, by: Any) -> None:
    """Those who take part are asked whether they go on; those who have not answered yet are asked that already.

    Where nobody is invited all members are. Nobody's answer is changed, and the project waits for none of them.
    """
    project = gate.project
    today = timezone.localdate()
    answer_by = gate.answer_by if gate.answer_by and gate.answer_by >= today else None
    if not project.participations.exists():
        members = list(project.collaboration.members())
        invite_for_all(project=project, organisations=members, answer_by=answer_by, by=by)
        return
    for part in project.participations.whole():
        if part.pays and not part.is_leaving:
            GateAnswer.objects.create(gate=gate, participation=part, adoption=_asked(gate, part, answer_by, by))


def _asked(gate: Gate, part: Participation, answer_by: Any, by: Any) -> Adoption:
    edition = f"-{gate.edition}" if gate.edition > 1 else ""
    return open_adoption(
        collaboration=gate.project.collaboration,
        organisation=part.organisation,
        matter=matter_of(gate),
        proposal=proposed_to(gate, part.organisation),
        case=gate.resolution.item.case if gate.resolution else None,
        key=f"{matter_key(gate.project)}-{gate.slug}{edition}",
        answer_by=answer_by,
        example=part.example,
        by=by,
    )


# What stands in lists with many municipalities is bokmål, whatever language the writer's pages are in.
@override("nb")
def matter_of(gate: Gate) -> str:
    return (_("%(gate)s for %(project)s: do we go on?") % {"gate": gate.label, "project": gate.project.title})[:200]


def proposed_to(gate: Gate, organisation: Organisation) -> str:
    """In the municipality's own name: its council can decide it as it stands."""
    with override(organisation.language_form or "nb"):
        return _("%(municipality)s goes on taking part in %(project)s, in the phase «%(phase)s».") % {
            "municipality": organisation.name,
            "project": gate.project.title,
            "phase": Phase(gate.rule.after).label,
        }


def on_adoption(adoption: Adoption, by: Any) -> None:
    """A no to going on is the own decision to leave, from the day of it; taken back, the municipality is with."""
    asked = GateAnswer.objects.select_related("participation").filter(adoption=adoption).first()
    if asked is None or asked.participation.earlier.filter(asked_anew_on__gte=adoption.asked_on).exists():
        return
    part = locked_participation(asked.participation, None)
    if adoption.is_decided and not adoption.says_yes:
        _leave(part, adoption)
    elif part.withdrawal_id == adoption.pk:
        part.withdrawal, part.leaves_on, part.leaves_by_no = None, None, False
        saved_participation(part)


def _leave(part: Participation, adoption: Adoption) -> None:
    assert adoption.decided_on is not None
    if part.withdrawal_id not in {None, adoption.pk} and part.is_leaving:
        return
    part.withdrawal, part.leaves_by_no = adoption, True
    part.leaves_on = max(adoption.decided_on, part.joins_on or adoption.decided_on)
    saved_participation(part)


def unanswered(project: Project) -> Any:
    """The gates' questions that wait for a municipality."""
    waiting = GateAnswer.objects.filter(gate__project=project, adoption__in=Adoption.objects.waiting())
    return waiting.select_related("adoption", "participation__organisation", "gate")
