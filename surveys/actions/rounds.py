"""The secretariat's side of the yearly round in which the IT leaders confirm or correct: open, remind, close."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Appointment, Collaboration, Organisation, Person, Role
from surveys import rounds
from surveys.models import ConfirmationRound

RIGHT = "governance.manage_collaboration"
REMINDER = "surveys.round_reminder"


@transaction.atomic
def open_round(
    *,
    collaboration: Collaboration,
    title: str,
    answer_by: date,
    opens_on: date | None = None,
    example: bool = False,
    by: Any,
) -> ConfirmationRound:
    """Ask every IT leader of the collaboration to confirm or correct each line; one round at a time."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    first = opens_on or timezone.localdate()
    if answer_by < first:
        raise NotAllowedNow(_("The deadline must be on or after the first day."))
    if ConfirmationRound.objects.filter(collaboration=collaboration, closed_on=None).exists():
        raise NotAllowedNow(_("A round is open already. Close it first."))
    return ConfirmationRound.objects.create(
        collaboration=collaboration, title=title, opens_on=first, answer_by=answer_by, opened_by=by, example=example
    )


@transaction.atomic
def change_round(
    *, round: ConfirmationRound, version: int | None, title: str, opens_on: date, answer_by: date, by: Any
) -> ConfirmationRound:
    """Another title or other days, while the round is open."""
    round = _open(round, version, by)
    if answer_by < opens_on:
        raise NotAllowedNow(_("The deadline must be on or after the first day."))
    round.title, round.opens_on, round.answer_by = title, opens_on, answer_by
    return _saved(round)


@transaction.atomic
def close_round(*, round: ConfirmationRound, version: int | None, by: Any) -> ConfirmationRound:
    """End the round; what was confirmed and corrected is kept, and what was not stands as it did."""
    round = _open(round, version, by)
    round.closed_on = max(timezone.localdate(), round.opens_on)
    return _saved(round)


@transaction.atomic
def remind(*, round: ConfirmationRound, by: Any) -> list[Job]:
    """An e-mail to the IT leaders of those that have not delivered; each municipality once a day at most."""
    round = _open(round, None, by)
    if round.opens_on > timezone.localdate():
        raise NotAllowedNow(_("The round has not begun yet."))
    missing = [one.municipality for one in rounds.progress(round) if not one.delivered]
    told = told_today(round)
    due = [place for place in missing if place.pk not in told and leaders_of(place).exists()]
    if not due:
        raise NotAllowedNow(
            _("Nobody can be reminded now: those that lack got one today, or have no IT leader with an e-mail address.")
        )
    return [
        jobs.ask(
            REMINDER,
            round.pk,
            by=by,
            arguments={"municipality": place.pk},
            key=f"{REMINDER}:{round.pk}:{timezone.localdate()}:{place.pk}",
        )
        for place in due
    ]


def told_today(round: ConfirmationRound) -> set[int]:
    """The municipalities that a reminder of this round was sent to today."""
    sent = Job.objects.filter(key__startswith=f"{REMINDER}:{round.pk}:{timezone.localdate()}:")
    return {one["municipality"] for one in sent.values_list("arguments", flat=True)}


def leaders_of(municipality: Organisation) -> Any:
    """The IT leaders today who can be reached by e-mail."""
    leads = Appointment.objects.active().filter(organisation=municipality, role=Role.IT_LEADER)
    return Person.objects.filter(appointments__in=leads).exclude(email="").distinct()


def _open(round: ConfirmationRound, version: int | None, by: Any) -> ConfirmationRound:
    require(by, RIGHT, on=round.collaboration)
    round = ConfirmationRound.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=round.pk)
    check_version(round, version)
    if round.closed_on is not None:
        raise NotAllowedNow(_("The round is closed already."))
    return round


def _saved(round: ConfirmationRound) -> ConfirmationRound:
    round.version += 1
    round.save()
    return round
