"""What the secretariat does with invitations that are out: deadlines, reminders, taking back, asking anew (R23)."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.audit.log import record
from digivesteralen.ui import wording
from governance.actions import asking
from governance.matters import Matter
from governance.models import Adoption
from portfolio.actions.costs import follow_the_rate
from portfolio.actions.participation import (
    ask,
    earliest_day,
    locked_participation,
    matter_key,
    may_be_asked,
    saved_participation,
)
from portfolio.actions.projects import locked
from portfolio.actions.proposals import propose_shares
from portfolio.actions.shares import recalculate
from portfolio.models import EarlierAnswer, Effort, Participation, Project, Status

MANAGE = "governance.manage_portfolio"


def matters_of(project: Project) -> list[Matter]:
    """What those that have not answered are asked: one matter, and one more for each time of asking anew."""
    waiting = Adoption.objects.waiting().filter(participation__project=project)
    answers = waiting.select_related("organisation", "collaboration", "case").order_by("key", "organisation__sort_key")
    return [Matter(project.collaboration, key, list(group)) for key, group in groupby(answers, key=lambda one: one.key)]


@transaction.atomic
def prolong(*, project: Project, answer_by: date, by: Any) -> int:
    """A new day for all that have not answered; the day of one that has is never moved (R23)."""
    project = locked(project, None)
    require(by, MANAGE, on=project.collaboration)
    waiting = matters_of(project)
    if not waiting:
        raise NotAllowedNow(_("All who are invited have answered, so there is no deadline to move."))
    return sum(asking.move_deadline(matter=matter, answer_by=answer_by, by=by) for matter in waiting)


@transaction.atomic
def remind(*, project: Project, by: Any) -> list[Adoption]:
    """An e-mail to each municipality that has not answered, once a day at most (R23)."""
    require(by, MANAGE, on=project.collaboration)
    waiting = matters_of(project)
    if not waiting:
        raise NotAllowedNow(_("All who are invited have answered, so there is nobody to remind."))
    due = [matter for matter in waiting if asking.reminder_round(matter).due]
    return [one for matter in due or waiting for one in asking.remind_all(matter=matter, by=by).due]


@transaction.atomic
def take_back(*, participation: Participation, version: int | None = None, reason: str, by: Any) -> None:
    """Take back an invitation that was a mistake, while nothing stands on it; the history of the project tells it.

    Once the municipality has said anything, leaving is its own decision (rule 1).
    """
    project = locked(participation.project, None)
    require(by, MANAGE, on=project.collaboration)
    participation = locked_participation(participation, version)
    if not reason.strip():
        raise NotAllowedNow(_("Say why the invitation is taken back."), at="reason")
    if refusal := why_not_taken_back(participation):
        raise NotAllowedNow(refusal)
    told = {"municipality": participation.organisation.name, "reason": reason}
    participation.delete()
    participation.adoption.delete()
    record("invitation_taken_back", by=by, on=project, detail=told)
    project = follow_the_rate(project=project, by=by)
    propose_shares(project=project, by=by)
    recalculate([project])


def why_not_taken_back(participation: Participation) -> str:
    """What stands on the invitation, and what to do instead; empty while it may be taken back."""
    municipality = {"municipality": participation.organisation}
    adoption = participation.adoption
    if adoption.registered_at is not None or participation.withdrawal_id or participation.earlier.exists():
        return (
            _(
                "%(municipality)s has answered. Whether it takes part is its own decision: its own people register a "
                "notice of leaving, or correct what was registered wrong."
            )
            % municipality
        )
    if adoption.state != Adoption.State.OPEN:
        return (
            _("%(municipality)s has put the matter on its own agenda, so it stands. Wait for its decision.")
            % municipality
        )
    if participation.interest:
        return _("%(municipality)s has given a signal. Ask it to take that back first.") % municipality
    if participation.amount:
        return _("An amount of %(amount)s is written in for %(municipality)s. Write it in for others first.") % {
            **municipality,
            "amount": wording.money(participation.amount),
        }
    if _something_is_borne(participation):
        return (
            _(
                "%(municipality)s has people, steps, costs or hours in the project. Remove them first, if they are "
                "wrong; if they are right, leaving is the municipality's own decision."
            )
            % municipality
        )
    return ""


def _something_is_borne(participation: Participation) -> bool:
    own = (participation.internal_cost, participation.internal_spent, participation.use)
    return (
        any(figure is not None for figure in own)
        or participation.contributions.exists()
        or participation.steps.exists()
        or Effort.objects.filter(project=participation.project_id, organisation=participation.organisation_id).exists()
    )


@transaction.atomic
def ask_anew(
    *, participation: Participation, version: int | None = None, answer_by: date | None = None, by: Any
) -> Participation:
    """Ask a municipality that has declined or left once more; its answer until now stands for the days before (R25)."""
    project = locked(participation.project, None)
    require(by, MANAGE, on=project.collaboration)
    participation = locked_participation(participation, version)
    may_be_asked(project)
    if refusal := why_not_asked_anew(participation):
        raise NotAllowedNow(refusal)
    today = timezone.localdate()
    EarlierAnswer.objects.create(participation=participation, asked_anew_on=today, **_told(participation))
    times = participation.earlier.count() + 1
    key = matter_key(project, times)
    participation.adoption = ask(project, participation.organisation, answer_by, today, key, by)
    participation.withdrawal, participation.leaves_on, participation.leaves_by_no = None, None, False
    participation.joins_on, participation.invited_on = earliest_day(project, today), today
    participation.interest, participation.interest_on, participation.reason = "", None, ""
    participation = saved_participation(participation, shares_too=False)
    project = follow_the_rate(project=project, by=by)
    propose_shares(project=project, by=by)
    recalculate([project])
    return participation


def _told(participation: Participation) -> dict[str, Any]:
    names = ("adoption", "withdrawal", "leaves_by_no", "invited_on", "joins_on", "leaves_on")
    signal = ("interest", "interest_on", "reason")
    return {name: getattr(participation, name) for name in (*names, *signal)}


def why_not_asked_anew(participation: Participation) -> str:
    """Why there is nothing to ask, or what is in the way; empty where the municipality may be asked once more."""
    municipality = {"municipality": participation.organisation}
    if participation.status not in {Status.DECLINED, Status.LEFT}:
        return _("Only a municipality that has declined, or has left, is asked anew. Send a reminder.")
    if participation.status == Status.LEFT and participation.year_shares.filter(so_far__gt=0).exists():
        return (
            _(
                "%(municipality)s has borne a part of this project before it left, and that stands. "
                "Register what it shall take part in now as a project of its own, and invite it to that."
            )
            % municipality
        )
    return ""
