"""Putting a matter to the municipalities: to whom, until when, in which words; and reminding them (R23, X4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance import consequences
from governance.actions import agreements
from governance.actions.adoptions import ON_BEHALF_RIGHT, open_adoption
from governance.matters import Matter
from governance.models import Adoption, Organisation
from governance.reminding import CATCHES_UP, DAYS_BEFORE, moment_of

REMINDER = "governance.adoption_reminder"


@transaction.atomic
def ask_more(*, matter: Matter, organisations: Sequence[Organisation], answer_by: date | None = None, by: Any) -> None:
    """Put the matter to members that were not asked, in the words the others got; who is asked already stays as is."""
    require(by, ON_BEHALF_RIGHT, on=matter.collaboration)
    _only_members(matter, organisations)
    _is_to_come(answer_by)
    if matter.agreement:
        for organisation in organisations:
            agreements.add_party(agreement=matter.agreement, organisation=organisation, answer_by=answer_by, by=by)
        return
    first = matter.answers[0]
    if first.leaves_id or first.dissolves_id:
        raise NotAllowedNow(_("Leaving an agreement concerns its parties. Ask a party from the page of the agreement."))
    if consequences.asked_elsewhere(first, organisations, answer_by, by):
        return
    for organisation in organisations:
        open_adoption(
            collaboration=matter.collaboration,
            organisation=organisation,
            matter=first.matter,
            proposal=_proposed(matter),
            case=matter.case,
            key=matter.key,
            answer_by=answer_by,
            example=matter.example,
            by=by,
        )


@transaction.atomic
def move_deadline(*, matter: Matter, answer_by: date, by: Any) -> int:
    """Set or move the deadline for all that have not answered; what is answered is never touched."""
    require(by, ON_BEHALF_RIGHT, on=matter.collaboration)
    _is_to_come(answer_by)
    waiting = Adoption.objects.about(matter.collaboration, matter.key).waiting()
    return waiting.exclude(answer_by=answer_by).update(answer_by=answer_by, version=F("version") + 1)


@transaction.atomic
def change_proposal(*, matter: Matter, version: int | None = None, proposal: str, by: Any) -> None:
    """Mend the words that all are asked about, before anybody has begun to treat them."""
    require(by, ON_BEHALF_RIGHT, on=matter.collaboration)
    rows = list(_locked(matter))
    if version is not None and version != sum(row.version for row in rows):
        raise Stale(rows[0])
    if refusal := why_not_reworded(matter):
        raise NotAllowedNow(refusal)
    _locked(matter).update(proposal=proposal, version=F("version") + 1)


@transaction.atomic
def remind(*, adoption: Adoption, by: Any) -> None:
    """Send an e-mail to the municipality's own people about a matter it has not answered; once a day at most."""
    require(by, ON_BEHALF_RIGHT, on=adoption.collaboration)
    current = Adoption.objects.select_for_update().get(pk=adoption.pk)
    if current.is_decided:
        raise NotAllowedNow(_("The municipality's decision is already registered. Use «Correct the decision»."))
    _ask_for_reminder(current, by)


@dataclass
class Round:
    """Whom a reminder to all would reach: who gets one, who got one today, and who has no address."""

    due: list[Adoption] = field(default_factory=list)
    told_today: list[Adoption] = field(default_factory=list)
    unreachable: list[Adoption] = field(default_factory=list)


def reminder_round(matter: Matter) -> Round:
    """Who has not answered, sorted by whether a reminder would reach them now."""
    waiting = Adoption.objects.filter(pk__in=[answer.pk for answer in matter.waiting])
    reachable = set(waiting.reachable().values_list("pk", flat=True))
    told = told_today(waiting)
    found = Round()
    for answer in matter.waiting:
        if answer.pk in told:
            found.told_today.append(answer)
        elif answer.pk in reachable:
            found.due.append(answer)
        else:
            found.unreachable.append(answer)
    return found


@transaction.atomic
def remind_all(*, matter: Matter, by: Any) -> Round:
    """Remind all that have not answered; each municipality at most once a day."""
    require(by, ON_BEHALF_RIGHT, on=matter.collaboration)
    list(_locked(matter))
    found = reminder_round(matter)
    if not found.due:
        raise NotAllowedNow(
            _("Nobody can be reminded now: those that have not answered got one today, or have no e-mail address.")
        )
    for answer in found.due:
        _ask_for_reminder(answer, by)
    return found


def remind_in_time(day: date | None = None) -> int:
    """What the portal itself sends: 14 and 3 days before the deadline and when it is past, once each."""
    today = day or timezone.localdate()
    near = (today - timedelta(days=1 + CATCHES_UP), today + timedelta(days=max(DAYS_BEFORE)))
    waiting = Adoption.objects.waiting().reachable().filter(answer_by__range=near)
    told, sent = told_today(waiting), 0
    for adoption in waiting.exclude(pk__in=told):
        assert adoption.answer_by is not None
        moment = moment_of(adoption.asked_on, adoption.answer_by, today)
        if moment is not None:
            key = f"adoption_reminder:{adoption.pk}:{adoption.answer_by}:{moment}"
            sent += not Job.objects.filter(key=key).exists()
            jobs.ask(REMINDER, adoption.pk, by=None, key=key)
    return sent


def told_today(adoptions: QuerySet[Adoption]) -> set[int]:
    """Those that a reminder was sent for today, by a person or by the portal itself."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Job.objects.filter(kind=REMINDER, asked_at__gte=midnight).values_list("subject", flat=True)
    subjects = {int(subject) for subject in sent}
    return set(adoptions.filter(pk__in=subjects).values_list("pk", flat=True)) if subjects else set()


def why_not_reworded(matter: Matter) -> str:
    """Why the proposal stands as it is; empty while it may be changed."""
    if matter.begun:
        names = ", ".join(str(answer.organisation) for answer in matter.begun[:5])
        return _("%(names)s has begun to treat the matter, so the proposal stands as it was sent.") % {"names": names}
    if matter.proposal is None:
        return _("Each municipality has a proposal of its own here, which can't be replaced by one text for all.")
    return ""


def _ask_for_reminder(adoption: Adoption, by: Any) -> None:
    key = f"adoption_reminder:{adoption.pk}:{timezone.localdate()}"
    jobs.ask(REMINDER, adoption.pk, by=by, key=key)


def _locked(matter: Matter) -> QuerySet[Adoption]:
    return Adoption.objects.select_for_update().about(matter.collaboration, matter.key).order_by("pk")


def _proposed(matter: Matter) -> str:
    """The words the others got; where each got its own, the words that most of them got."""
    if matter.proposal is not None:
        return matter.proposal
    common = Counter(answer.proposal for answer in matter.answers).most_common(1)
    return common[0][0]


def _only_members(matter: Matter, organisations: Sequence[Organisation]) -> None:
    members = set(matter.collaboration.members().values_list("pk", flat=True))
    for organisation in organisations:
        if organisation.pk not in members:
            raise NotAllowedNow(
                _("%(municipality)s is not a member of %(collaboration)s.")
                % {"municipality": organisation, "collaboration": matter.collaboration}
            )


def _is_to_come(answer_by: date | None) -> None:
    if answer_by is not None and answer_by < timezone.localdate():
        raise NotAllowedNow(
            _("The deadline %(day)s is past. Choose today or a later day.") % {"day": wording.short_day(answer_by)}
        )
