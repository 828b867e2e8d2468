"""E-mail about proposals: to the tier that got one, to those who sent it when it is answered, and reminders (c6, R23).

The portal itself sends them: who may answer in the tier above need not see the collaboration below.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from governance import letters
from governance.models import Appointment, Body, Collaboration, Organisation, Proposal, ProposalStep, Role
from governance.proposal_signals import unanswered
from governance.reminding import CATCHES_UP, DAYS_BEFORE, moment_of

STEP, SIGNAL = "governance.proposal_mail", "governance.proposal_signal_mail"
# What was answered longer ago than this is registered as history, and nobody is written to.
NEWS = timedelta(days=30)
# Whoever sends for a municipality.
OWN = [Role.DIRECTOR, Role.CONTACT, Role.IT_LEADER]


def arrived(step: ProposalStep) -> None:
    """Tell those who look after the tier; not about what happened before today, and not whoever is outside."""
    if step.received_on == timezone.localdate() and not step.outside:
        jobs.ask(STEP, step.pk, by=None, arguments={"what": "arrived"}, key=f"proposal-arrived:{step.pk}")


def answered(step: ProposalStep) -> None:
    """Tell the sender, and the secretariats that the proposal came through; old answers are history."""
    if step.answered_on and step.answered_on > timezone.localdate() - NEWS:
        jobs.ask(STEP, step.pk, by=None, arguments={"what": "answered"}, key=f"proposal-answered:{step.pk}")


def signal_asked(proposal: Proposal, organisation: Organisation) -> None:
    key = f"proposal-signal:{proposal.pk}:{organisation.pk}:{proposal.signals_by}"
    _ask_signal(proposal, organisation, key)


def remind_in_time(day: date | None = None) -> int:
    """14 and 3 days before the deadline and when it is past: the tier that holds it, and who has sent no signal."""
    today = day or timezone.localdate()
    near = (today - timedelta(days=1 + CATCHES_UP), today + timedelta(days=max(DAYS_BEFORE)))
    sent = 0
    for step in ProposalStep.objects.open().filter(deadline__range=near):
        assert step.deadline is not None
        if moment := moment_of(step.received_on, step.deadline, today):
            key = f"proposal-reminder:{step.pk}:{step.deadline}:{moment}"
            sent += not Job.objects.filter(key=key).exists()
            jobs.ask(STEP, step.pk, by=None, arguments={"what": "reminder"}, key=key)
    return sent + _remind_of_signals(today, near)


def _remind_of_signals(today: date, near: tuple[date, date]) -> int:
    sent = 0
    asked = Proposal.objects.filter(signals_by__range=near).select_related("collaboration")
    for proposal in asked:
        assert proposal.signals_asked_on is not None and proposal.signals_by is not None
        moment = moment_of(proposal.signals_asked_on, proposal.signals_by, today)
        for organisation in unanswered(proposal) if moment else []:
            key = f"proposal-signal-reminder:{proposal.pk}:{organisation.pk}:{proposal.signals_by}:{moment}"
            sent += _ask_signal(proposal, organisation, key)
    return sent


def _ask_signal(proposal: Proposal, organisation: Organisation, key: str) -> bool:
    """Whether it is newly asked for; who has no address is told of by the overview alone."""
    if not addresses(Q(organisation=organisation, role__in=OWN)) or Job.objects.filter(key=key).exists():
        return False
    jobs.ask(SIGNAL, proposal.pk, by=None, arguments={"organisation": organisation.pk}, key=key)
    return True


def send_step(job: Job, report: Report) -> None:
    """One letter about a step; a reminder about what is answered meanwhile is not sent."""
    shown = ProposalStep.objects.select_related(
        "proposal__collaboration",
        "proposal__sender_person",
        "proposal__registered_by",
        "collaboration__parent",
        "body",
        "came_from__handled_by",
    )
    step, what = shown.get(pk=job.subject), job.arguments["what"]
    if what != "answered" and not step.is_open:
        return
    with translation.override("nb"):
        if what == "answered":
            _send(job, senders(step), _("Answer to proposal %(proposal)s"), step.proposal, _answer(step))
        elif (to := holders(step)) != [_who_sent(step)] or what == "reminder":
            others = [one for one in to if what == "reminder" or one != _who_sent(step)]
            subject = _("A proposal waits: %(proposal)s")
            _send(job, others, subject, step.proposal, _waiting(step), at=step.collaboration)


def send_signal(job: Job, report: Report) -> None:
    """A municipality is asked for its signal."""
    proposal = Proposal.objects.select_related("collaboration").get(pk=job.subject)
    if proposal.signals_by is None or proposal.signals.filter(organisation=job.arguments["organisation"]).exists():
        return
    with translation.override("nb"):
        text = _(
            "%(collaboration)s asks whether you are interested. The signal binds nobody, and is no decision of the "
            "municipality.\nThe deadline is %(day)s."
        ) % {"collaboration": proposal.collaboration, "day": formats.date_format(proposal.signals_by)}
        to = addresses(Q(organisation=job.arguments["organisation"], role__in=OWN))
        _send(job, to, _("Are you interested? %(proposal)s"), proposal, text)


def _send(
    job: Job, to: list[str], subject: str, proposal: Proposal, text: str, at: Collaboration | None = None
) -> None:
    if not to:
        raise NotAllowedNow(
            _("Nobody can be reached about proposal %(proposal)s: no e-mail address is registered.")
            % {"proposal": proposal}
        )
    link = letters.address(proposal.address_in(at or proposal.collaboration))
    about = _("Proposal %(label)s from %(sender)s: %(title)s") % {
        "label": proposal.label,
        "sender": proposal.sender,
        "title": proposal.title,
    }
    outgoing.send(job, to=to, subject=subject % {"proposal": proposal}, text=f"{about}\n\n{text}\n\n{link}\n")


def _waiting(step: ProposalStep) -> str:
    text = _("It lies with: %(place)s.") % {"place": step.place}
    if step.deadline:
        text += " " + _("Answer by %(day)s.") % {"day": formats.date_format(step.deadline)}
    return text


def _answer(step: ProposalStep) -> str:
    head = f"{step.place}: {step.get_state_display()}"
    if step.solved:
        head += f", {step.solved_in_words}"
    return f"{head}.\n{step.open_reason}".strip()


def _who_sent(step: ProposalStep) -> str:
    """Whoever sends it on within the own secretariat needs no letter about it."""
    sent = step.came_from.handled_by if step.came_from else step.proposal.registered_by
    return sent.email if sent else ""


def holders(step: ProposalStep) -> list[str]:
    """The secretariat of the collaboration, and the members of the body it lies in; a steering group gets a case."""
    who = Q(collaboration=step.collaboration, role=Role.SECRETARIAT)
    if step.body and step.body.kind != Body.Kind.STEERING:
        who |= Q(body=step.body, role__in=[Role.MEMBER, Role.STEERING])
    return addresses(who)


def senders(step: ProposalStep) -> list[str]:
    """The one who sent it, the municipality's own people, and the secretariats of the tiers it came through."""
    proposal = step.proposal
    passed = proposal.steps.values("collaboration")
    who = Q(collaboration__in=passed, role=Role.SECRETARIAT) & ~Q(collaboration=step.collaboration)
    if proposal.collaboration_id == step.collaboration_id:
        who = Q(pk__in=[])
    if proposal.sender_organisation_id:
        who |= Q(organisation=proposal.sender_organisation_id, role__in=[Role.DIRECTOR, Role.CONTACT])
    else:
        who |= Q(body=proposal.sender_body_id, role__in=[Role.MEMBER, Role.STEERING])
    found = addresses(who)
    if proposal.sender_person and proposal.sender_person.email:
        found.append(proposal.sender_person.email)
    return found


def addresses(who: Q) -> list[Any]:
    people = Appointment.objects.active().filter(who).exclude(person__email="")
    return list(people.values_list("person__email", flat=True).distinct())
