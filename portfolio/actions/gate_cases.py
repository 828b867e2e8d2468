"""«Legg fram BP2»: the case in which the body decides a gate (D13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import cases
from governance.models import Body, Case
from portfolio.actions.cases import attach_case
from portfolio.actions.gates import prepared, saved, why_it_stands
from portfolio.benefits import missing_side
from portfolio.financing_plans import decided
from portfolio.financing_plans import waits as plan_waits
from portfolio.gates import body_of, earlier_not_passed, latest_case
from portfolio.models import Gate, GateVersion, Project, ProjectCase
from portfolio.models.phases import PASSING, Phase


@transaction.atomic
def lay_gate(
    *,
    gate: Gate,
    proposed: str,
    answer_by: date | None = None,
    version: int | None = None,
    by: Any,
    **texts: Any,
) -> Gate:
    """Make the case in which the body decides the gate; from now the front page stands until it is treated."""
    gate = prepared(gate, version, by)
    if missing := what_is_missing(gate):
        raise NotAllowedNow(" ".join(missing))
    if proposed not in {one.key for one in gate.rule.answers}:
        raise NotAllowedNow(_("Choose one of the answers that this gate has."), at="proposed")
    if answer_by is not None and answer_by < timezone.localdate():
        raise NotAllowedNow(_("The deadline is past. Choose today or a later day."), at="answer_by")
    body = body_of(gate.project)
    gate.proposed, gate.answer_by = proposed, answer_by
    gate.case = _case(gate, body, {**case_texts(gate, body), **texts}, by)
    gate.body = body
    attach_case(project=gate.project, case=gate.case, purpose=ProjectCase.Purpose.GATE, by=by)
    GateVersion.objects.create(
        gate=gate,
        number=_next_number(gate),
        on=timezone.localdate(),
        change=_laid_before(body),
        producer=gate.prepared_by,
    )
    return saved(gate)


def _next_number(gate: Gate) -> str:
    """«1.0», and «1.1» where it is laid again without having been decided."""
    mine = f"{gate.edition}."
    return f"{mine}{gate.versions.filter(number__startswith=mine).count()}"


def _case(gate: Gate, body: Body, texts: dict[str, Any], by: Any) -> Case:
    """A new case; where the body sent the gate back, the same case comes again with a new number (D2)."""
    before = gate.project.gates.filter(number=gate.number, part=gate.part, edition=gate.edition - 1).first()
    sent_back = latest_case(before) if before else None
    if sent_back is None or sent_back.stage != Case.Stage.POSTPONED or sent_back.body_id != body.pk:
        return cases.make_case(body=body, ready=True, by=by, **texts)
    again = cases.bring_back(case=sent_back, by=by)
    changed = cases.change_case(case=again, by=by, **{name: texts[name] for name in texts if name != "example"})
    return cases.mark_ready(case=changed, by=by)


def what_is_missing(gate: Gate) -> list[str]:
    """What must be done before the gate can be laid, one sentence each; nothing where it is ready."""
    if stands := why_it_stands(gate):
        return [stands]
    project = gate.project
    found = []
    if before := earlier_not_passed(gate):
        found.append(_("%(before)s must be passed before %(gate)s.") % {"before": before, "gate": gate})
    elif project.phase != gate.rule.before:
        found.append(_("The project has not begun the phase that %(gate)s ends. Start it first.") % {"gate": gate})
    if body_of(project) is None:
        found.append(_("The collaboration has no steering group yet. Set it up first."))
    if left := gate.checks.filter(mandatory=True, answer="").count():
        found.append(_("Checkpoints that are not answered: %(count)s.") % {"count": left})
    if unnamed := [str(one) for one in gate.documents.all() if not one.is_there]:
        found.append(_("Attach or name: %(documents)s.") % {"documents": ", ".join(unnamed)})
    return [*found, *_missing_on_the_front_page(gate), *_missing_money(gate), *_missing_benefits(gate)]


def _missing_on_the_front_page(gate: Gate) -> list[str]:
    wanted = [(gate.prepared_by, _("prepared by"))]
    if gate.rule.after not in {"realising", gate.rule.before}:
        wanted += [(gate.staffing, _("staffing of the next phase")), (gate.next_ends, _("next phase done"))]
    if gate.rule.tolerances:
        wanted += [(value, label) for label, value in gate.tolerances]
    missing = [str(label) for value, label in wanted if not value]
    return [_("Write on the front page: %(fields)s.") % {"fields": ", ".join(missing)}] if missing else []


def _missing_money(gate: Gate) -> list[str]:
    """The execution is not proposed before its financing plan is laid or decided (rule 3)."""
    project = gate.project
    if not gate.rule.tolerances or not project.needs_financing_plan or _has_a_plan(project):
        return []
    return [_("Lay the financing plan before the steering group first, or in the same meeting.")]


def _missing_benefits(gate: Gate) -> list[str]:
    """Before the execution the project states reduced cost and better services, or why it gives only the one (E11)."""
    missing = missing_side(gate.project) if gate.rule.after == Phase.EXECUTION and not gate.part else ""
    return [missing] if missing else []


def _has_a_plan(project: Project) -> bool:
    return decided(project) is not None or any(plan_waits(plan) for plan in project.plans.select_related("case"))


@override("nb")
def _laid_before(body: Body) -> str:
    return _("Laid before %(body)s") % {"body": body.name_in_text}


@override("nb")
def case_texts(gate: Gate, body: Body) -> dict[str, Any]:
    """The case as the secretariat gets it, to change before it is sent."""
    said = {"gate": gate.label, "project": gate.project.title, "answer": gate.in_words(gate.proposed), "body": body}
    asks = gate.rule.asks and gate.proposed in PASSING
    proposal = [_("%(body)s decides %(gate)s for %(project)s: %(answer)s.") % said]
    if asks:
        proposal.append(_("Each municipality decides itself whether it goes on taking part."))
    return {
        "title": (_("%(gate)s for %(project)s") % said)[:200],
        "kind": Case.Kind.DECISION,
        "information": "\n".join(_information(gate)),
        "proposal": "\n".join(proposal),
        "asks_municipalities": asks,
        "example": gate.example,
    }


def _information(gate: Gate) -> list[str]:
    lines = [str(gate.rule.question), gate.project.goal]
    if gate.staffing:
        lines.append(_("Staffing of the next phase: %(staffing)s") % {"staffing": gate.staffing})
    if gate.next_ends:
        lines.append(_("The next phase is done: %(when)s.") % {"when": gate.next_ends})
    lines += [f"{one}: {one.told}" for one in gate.documents.select_related("document")]
    return [line for line in lines if line]
