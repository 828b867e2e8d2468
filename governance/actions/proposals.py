"""A proposal on its way up the tiers: sent, considered, sent on, sent back, answered; and the answer on its way down.

One at a time for each proposal: every verb locks it, and is refused when the proposal has moved on meanwhile.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from digivesteralen.ui import wording
from governance import consequences, on_behalf
from governance import proposal_mail as mail
from governance.actions import cases
from governance.models import Body, Case, Collaboration, Organisation, Person, Proposal, ProposalStep, Resolution
from governance.models.cases import CaseQuerySet
from governance.models.outcomes import Outcome
from governance.models.proposal_steps import NEEDS_REASON, SOLVED_BY, TRANSITIONS, Solved, StepState

PREPARE = "governance.prepare_meetings"
SEND = "governance.send_proposal"
PROPOSE = "governance.propose_case"
TEXTS = ("title", "wanted", "background", "gains", "deadline")
# A tier: a body, a collaboration's secretariat, or the name of somebody outside the portal.
Tier = Body | Collaboration | str


# --- From the sender ---------------------------------------------------------------------------------


@transaction.atomic
def send_proposal(
    *,
    sender: Organisation | Body,
    to: Body | Collaboration,
    title: str,
    wanted: str,
    background: str,
    gains: str = "",
    deadline: date | None = None,
    person: Person | None = None,
    sent_on: date | None = None,
    example: bool = False,
    by: Any,
) -> Proposal:
    """A municipality or a body proposes something; it lies with the tier it is sent to from that day."""
    collaboration = to if isinstance(to, Collaboration) else to.collaboration
    _may_send(sender, collaboration, by)
    day = _not_to_come(sent_on)
    if to == sender:
        raise NotAllowedNow(_("A body sends its proposal to another than itself. Choose who receives it."))
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)  # one number at a time
    this_year = Proposal.objects.filter(collaboration=collaboration, year=day.year)
    proposal = Proposal.objects.create(
        collaboration=collaboration,
        year=day.year,
        number=(this_year.aggregate(last=Max("number"))["last"] or 0) + 1,
        title=title,
        wanted=wanted,
        background=background,
        gains=gains,
        deadline=deadline,
        sender_organisation=sender if isinstance(sender, Organisation) else None,
        sender_body=sender if isinstance(sender, Body) else None,
        sender_person=person or _own_person(sender, by),
        sent_on=day,
        registered_by=by,
        example=example,
    )
    _arrives(proposal, to, came_from=None, on=day, deadline=deadline)
    return proposal


@transaction.atomic
def send_again(
    *, proposal: Proposal, version: int | None = None, to: Body | Collaboration, by: Any, **texts: Any
) -> Proposal:
    """What came all the way back is mended by its sender and goes up once more, as the same proposal."""
    proposal = _locked(proposal, version)
    _may_send(proposal.sender, proposal.collaboration, by)
    if not proposal.is_at_sender:
        raise NotAllowedNow(_("The proposal is not with its sender: only what was sent back can be sent again."))
    if unknown := set(texts) - set(TEXTS):
        raise TypeError(f"A proposal has no {', '.join(sorted(unknown))}.")
    for name, value in texts.items():
        setattr(proposal, name, value)
    _arrives(proposal, to, came_from=None, on=timezone.localdate(), deadline=proposal.deadline)
    return _saved(proposal, *texts)


# --- At the tier that holds it -----------------------------------------------------------------------


@transaction.atomic
def consider(
    *,
    proposal: Proposal,
    version: int | None = None,
    deadline: date | None = None,
    represents: Organisation | None = None,
    by: Any,
) -> ProposalStep:
    """The tier takes it up, and says when it will have answered."""
    proposal, step = _held(proposal, version, by)
    if step.state == StepState.CONSIDERED:
        raise NotAllowedNow(_("%(place)s considers the proposal already.") % {"place": step.place})
    step.state, step.handled_by, step.represents = StepState.CONSIDERED, by, represents
    step.deadline = deadline or step.deadline
    step.save(update_fields=["state", "handled_by", "represents", "deadline"])
    _saved(proposal)
    return step


@transaction.atomic
def forward(
    *,
    proposal: Proposal,
    version: int | None = None,
    to: Tier,
    reason: str,
    deadline: date | None = None,
    represents: Organisation | None = None,
    on: date | None = None,
    by: Any,
) -> ProposalStep:
    """Send it on to the next tier, with the reason. One outside the portal is answered for by hand."""
    proposal, step = _held(proposal, version, by)
    _is_somewhere_else(step, to)
    lifted = to == step.collaboration.parent or isinstance(to, str)
    _close(
        step, StepState.FORWARDED, reason, solved=Solved.PARENT if lifted else "", represents=represents, on=on, by=by
    )
    arrived = _arrives(proposal, to, came_from=step, on=step.answered_on, deadline=deadline)
    _saved(proposal)
    return arrived


@transaction.atomic
def send_back(
    *,
    proposal: Proposal,
    version: int | None = None,
    reason: str,
    represents: Organisation | None = None,
    on: date | None = None,
    by: Any,
) -> Proposal:
    """Back to the tier it came from, or to its sender, with what is missing."""
    proposal, step = _held(proposal, version, by)
    _close(step, StepState.RETURNED, reason, represents=represents, on=on, by=by)
    origin = step.came_from
    if origin is None:
        mail.answered(step)
    else:
        _arrives(proposal, tier_of(origin), came_from=origin.came_from, on=step.answered_on, deadline=None)
    return _saved(proposal)


@transaction.atomic
def answer(
    *,
    proposal: Proposal,
    version: int | None = None,
    state: str,
    solved: str,
    reason: str = "",
    represents: Organisation | None = None,
    on: date | None = None,
    case: Case | None = None,
    by: Any,
) -> ProposalStep:
    """The tier's answer: adopted or not supported, and where it is solved (R36). It goes down to the sender.

    ``case`` is one that the body has treated already, and that the answer stands on.
    """
    proposal, step = _held(proposal, version, by)
    if is_being_treated(step):
        raise NotAllowedNow(
            _("The proposal is answered when %(body)s has treated the case it became.") % {"body": step.place}
        )
    if case is not None:
        _stands_on(step, case)
    if state == StepState.ADOPTED and step.case is None and _votes(step.body, on):
        raise NotAllowedNow(
            _("%(body)s adopts in a case. Make a case of the proposal, or choose the case it was treated in.")
            % {"body": step.body}
        )
    _close(step, state, reason, solved=solved, represents=represents, on=on, by=by)
    mail.answered(step)
    _saved(proposal)
    return step


@transaction.atomic
def make_case(*, proposal: Proposal, version: int | None = None, solved: str = Solved.HERE, by: Any) -> Case:
    """The proposal becomes a case of the body it lies in; what the body decides becomes the answer.

    ``solved`` says where it is solved if the body adopts it; when that is above, the proposal is lifted then.
    """
    proposal, step = _held(proposal, version, by)
    require(by, PREPARE, on=step.collaboration)
    if step.body is None:
        raise NotAllowedNow(_("Only a body has cases. Send the proposal on to the body that is to treat it."))
    if not may_become_a_case(step):
        raise NotAllowedNow(_("The proposal is already a case in %(body)s.") % {"body": step.body})
    if solved not in possible_if_adopted(step):
        raise NotAllowedNow(_("Say where it is solved."))
    step.case = cases.make_case(
        body=step.body,
        title=proposal.title,
        information=_told_in_the_case(proposal),
        proposal=proposal.wanted,
        example=proposal.example,
        by=by,
    )
    step.state, step.solved, step.handled_by = StepState.CONSIDERED, solved, by
    step.save(update_fields=["case", "state", "solved", "handled_by"])
    _saved(proposal)
    return step.case


def resolved(resolution: Resolution, by: Any) -> None:
    """What the body decided in the case is the tier's answer; a postponed case leaves the proposal where it is."""
    step = _step_of(resolution.item.case)
    if step is None or not (resolution.is_adopted or resolution.outcome == Outcome.NOT_ADOPTED):
        return
    proposal = _locked(step.proposal, None)
    step = ProposalStep.objects.select_related("collaboration__parent").get(pk=step.pk)
    if not step.is_open:
        return
    reason, day = _words_of(resolution), resolution.item.meeting.day
    if not resolution.is_adopted:
        _close(step, StepState.NOT_SUPPORTED, reason, solved=Solved.NOT_NOW, on=day, by=by)
    elif step.solved == Solved.PARENT and step.collaboration.parent:
        above = step.collaboration.parent
        _close(step, StepState.FORWARDED, reason, solved=Solved.PARENT, on=day, by=by)
        _arrives(proposal, above.name if above.external else above, came_from=step, on=day, deadline=None)
    else:
        _close(step, StepState.ADOPTED, reason, solved=step.solved or Solved.HERE, on=day, by=by)
    if step.state != StepState.FORWARDED:
        mail.answered(step)
    _saved(proposal)


# --- Who may, and where to ---------------------------------------------------------------------------


def may_handle(user: Any, step: ProposalStep | None) -> bool:
    return step is not None and ProposalStep.objects.filter(pk=step.pk).waiting_on(user).exists()


def is_being_treated(step: ProposalStep) -> bool:
    """As a case that the body has not ended: its resolution will be the answer."""
    return step.case is not None and step.case.stage not in (Case.Stage.TREATED, Case.Stage.WITHDRAWN)


def may_become_a_case(step: ProposalStep) -> bool:
    return step.body is not None and (step.case is None or step.case.stage == Case.Stage.WITHDRAWN)


def may_send(sender: Organisation | Body, collaboration: Collaboration, user: Any) -> bool:
    right = SEND if isinstance(sender, Organisation) else PROPOSE
    return holds(user, right, sender) or holds(user, PREPARE, collaboration)


def tier_of(step: ProposalStep) -> Tier:
    return step.outside or step.body or step.collaboration


def receivers(collaboration: Collaboration) -> list[Body | Collaboration]:
    """Who may get a proposal in the collaboration: its secretariat, and its bodies that are at work."""
    bodies = collaboration.bodies.that_meet().exclude(kind=Body.Kind.SECRETARIAT)
    told = [(body, body.status_on()) for body in bodies.select_related("collaboration").prefetch_related("statuses")]
    return [collaboration, *[body for body, status in told if status is None or status.is_there]]


def next_tiers(step: ProposalStep) -> list[Tier]:
    """Where the tier that holds it may send it on: others of the same collaboration, and the one above."""
    if step.outside:
        return []
    found: list[Tier] = [one for one in receivers(step.collaboration) if one not in _been_at(step)]
    if above := step.collaboration.parent:
        found.append(above.name if above.external else above)
    return found


def treated_cases(step: ProposalStep) -> CaseQuerySet:
    """What the body has treated, and what answers no other proposal."""
    return Case.objects.filter(body=step.body, stage=Case.Stage.TREATED, proposal_step=None)


def possible_if_adopted(step: ProposalStep) -> list[Solved]:
    above = [Solved.PARENT] if step.collaboration.parent_id else []
    return [Solved.HERE, Solved.EACH, *above, Solved.NATIONAL]


def _may_send(sender: Organisation | Body, collaboration: Collaboration, by: Any) -> None:
    if not may_send(sender, collaboration, by):
        raise PermissionDenied(SEND if isinstance(sender, Organisation) else PROPOSE)
    on_behalf.speak_as_own(by, SEND, sender)
    if isinstance(sender, Body):
        if sender.collaboration_id != collaboration.pk:
            raise NotAllowedNow(_("%(body)s belongs to another collaboration.") % {"body": sender})
    elif not collaboration.memberships.active().filter(organisation=sender).exists():
        raise NotAllowedNow(
            _("%(municipality)s is not a member of %(collaboration)s.")
            % {"municipality": sender, "collaboration": collaboration}
        )


def _been_at(step: ProposalStep) -> list[Tier]:
    """The tier itself and those below it; what is to go down again is sent back."""
    been: list[Tier] = []
    at: ProposalStep | None = step
    while at is not None:
        been.append(tier_of(at))
        at = at.came_from
    return been


def _is_somewhere_else(step: ProposalStep, to: Tier) -> None:
    if step.outside:
        raise NotAllowedNow(_("Register the answer of %(place)s, or that it was sent back.") % {"place": step.place})
    if to in _been_at(step):
        raise NotAllowedNow(_("The proposal has been there. Use «Send back» to return it to the one it came from."))
    above = step.collaboration.parent
    if isinstance(to, Body) and to.collaboration_id == step.collaboration_id:
        return
    if isinstance(to, Collaboration) and (to == step.collaboration or (to == above and not above.external)):
        return
    if isinstance(to, str) and to.strip():
        return
    raise NotAllowedNow(_("A proposal is sent on within the collaboration, or to the one above it."))


def _own_person(sender: Organisation | Body, by: Any) -> Person | None:
    """Whoever sends for the own municipality or body; nobody where the secretariat registered it for others."""
    person = Person.objects.filter(user=by).first()
    if isinstance(sender, Organisation):
        return person if holds(by, SEND, sender) else None
    return person if sender.seats.active().filter(person=person).exists() else None


# --- How it is written -------------------------------------------------------------------------------


def _locked(proposal: Proposal, version: int | None) -> Proposal:
    shown = Proposal.objects.select_related("collaboration__parent", "sender_organisation", "sender_body")
    found = shown.select_for_update(of=("self",)).get(pk=proposal.pk)
    check_version(found, version)
    return found


def _votes(body: Body | None, on: date | None) -> bool:
    """Whether the tier is a body whose members vote: what it adopts stands in a case and its minutes."""
    return body is not None and body.seats.active(on).voting().exists()


def _stands_on(step: ProposalStep, case: Case) -> None:
    if case not in treated_cases(step):
        raise NotAllowedNow(_("Choose a case that %(place)s has treated.") % {"place": step.place})
    step.case = case
    step.save(update_fields=["case"])


def _held(proposal: Proposal, version: int | None, by: Any) -> tuple[Proposal, ProposalStep]:
    """The proposal and the step where it lies, for those who may answer there."""
    proposal = _locked(proposal, version)
    steps = proposal.steps.select_related("collaboration__parent", "body__collaboration", "case", "came_from")
    step = steps.open().first()
    if step is None:
        raise NotAllowedNow(_("The proposal is answered, or back with its sender: what was said stands."))
    if not may_handle(by, step):
        raise PermissionDenied(PREPARE)
    return proposal, step


def _close(
    step: ProposalStep,
    state: str,
    reason: str,
    *,
    solved: str = "",
    represents: Organisation | None = None,
    on: date | None = None,
    by: Any,
) -> None:
    if state not in TRANSITIONS[step.state]:
        raise NotAllowedNow(_("The proposal is answered, or back with its sender: what was said stands."))
    if state in NEEDS_REASON and not reason.strip():
        raise NotAllowedNow(_("Write the reason: it goes to those who sent the proposal."))
    if solved not in SOLVED_BY[StepState(state)]:
        raise NotAllowedNow(_("Say where it is solved."))
    day = _not_to_come(on)
    if day < step.received_on:
        raise NotAllowedNow(
            _("The proposal came on %(day)s. Choose that day or a later one.")
            % {"day": wording.short_day(step.received_on)}
        )
    step.state, step.reason, step.solved, step.answered_on = state, reason.strip(), solved, day
    step.handled_by, step.represents = by, represents or step.represents
    step.afterwards = day < timezone.localdate()
    step.save(update_fields=["state", "reason", "solved", "answered_on", "handled_by", "represents", "afterwards"])
    consequences.proposal_closed(step, by)


def _arrives(
    proposal: Proposal, to: Tier, *, came_from: ProposalStep | None, on: date | None, deadline: date | None
) -> ProposalStep:
    """Open the step of the tier that it comes to, and tell those who look after it."""
    if isinstance(to, str):
        assert came_from is not None
        place: dict[str, Any] = {"collaboration": came_from.collaboration, "outside": to.strip()}
    elif isinstance(to, Body):
        place = {"collaboration": to.collaboration, "body": to}
    else:
        place = {"collaboration": to}
    day = on or timezone.localdate()
    if deadline and deadline < day:
        raise NotAllowedNow(_("The deadline must be on or after the day the proposal came."))
    step = ProposalStep.objects.create(
        proposal=proposal,
        position=(proposal.steps.aggregate(last=Max("position"))["last"] or 0) + 1,
        came_from=came_from,
        received_on=day,
        deadline=deadline,
        **place,
    )
    mail.arrived(step)
    return step


def _saved(proposal: Proposal, *fields: str) -> Proposal:
    proposal.version += 1
    proposal.save(update_fields=[*fields, "version"])
    return proposal


def _not_to_come(day: date | None) -> date:
    today = timezone.localdate()
    if day and day > today:
        raise NotAllowedNow(_("The day is in the future. Register it when it has happened."))
    return day or today


def _step_of(case: Case | None) -> ProposalStep | None:
    """The step that became the case, also where the case came back with a new number."""
    while case is not None:
        found = ProposalStep.objects.filter(case=case).select_related("proposal").first()
        if found:
            return found
        case = case.continues
    return None


def _words_of(resolution: Resolution) -> str:
    """What the tiers below read: the points of the resolution, and of an exempt case its number alone (rule 8)."""
    case = resolution.item.case
    with translation.override("nb"):
        told = {"number": case.number, "body": case.body.name_in_text, "outcome": resolution.get_outcome_display()}
        head = _("Case %(number)s in %(body)s: %(outcome)s.") % told
    points = [] if case.is_exempt else list(resolution.points.values_list("text", flat=True))
    return "\n".join([head, *points])


def _told_in_the_case(proposal: Proposal) -> str:
    with translation.override("nb"):
        head = _("Proposal %(label)s from %(sender)s, sent %(day)s.") % {
            "label": proposal.label,
            "sender": proposal.sender,
            "day": wording.day(proposal.sent_on),
        }
    return "\n\n".join(text for text in (head, proposal.background, proposal.gains) if text)
