"""The directors put candidates in order, each for itself, before the steering group meets; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.actions import opinions
from governance.models import Collaboration, Meeting, Organisation
from portfolio.actions.cases import steering_group
from portfolio.actions.ordering import RIGHT, complete, find
from portfolio.models import OwnPlace, OwnRanking, RankingRound, RankingRoundItem

# What a director can put in order by hand.
FEWEST, MOST = 2, 30


@transaction.atomic
def ask_directors(
    *,
    collaboration: Collaboration,
    keys: Sequence[str],
    meeting: Meeting | None = None,
    answer_by: datetime | None = None,
    by: Any,
) -> RankingRound:
    """Ask every director to rank these, until the meeting starts or the deadline passes."""
    require(by, RIGHT, on=collaboration)
    entries = complete(collaboration)
    if open_round(collaboration):
        raise NotAllowedNow(_("The directors are asked already. End that ranking first."))
    asked = sorted((find(entries, key) for key in dict.fromkeys(keys)), key=lambda entry: entry.place)
    if not FEWEST <= len(asked) <= MOST:
        raise NotAllowedNow(
            _("Choose from %(fewest)s to %(most)s. You chose %(count)s.")
            % {"fewest": FEWEST, "most": MOST, "count": len(asked)}
        )
    made = RankingRound(
        collaboration=collaboration,
        number=(collaboration.ranking_rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
        body=steering_group(collaboration),
        meeting=meeting,
        answer_by=None if meeting else answer_by,
        example=any(entry.example for entry in asked),
        asked_by=by,
    )
    if not (meeting or answer_by) or not made.is_open():
        raise NotAllowedNow(_("Choose a meeting that has not begun, or a deadline that is not over."), at="day")
    if meeting and meeting.body_id != made.body.pk:
        raise NotAllowedNow(_("Choose a meeting of the steering group."), at="meeting")
    made.save()
    RankingRoundItem.objects.bulk_create(
        RankingRoundItem(round=made, candidate_id=entry.candidate, position=position)
        for position, entry in enumerate(asked, 1)
    )
    return made


@transaction.atomic
def end_round(*, round: RankingRound, by: Any) -> RankingRound:
    """No more answers are taken; what was sent stands."""
    round = _held(round)
    require(by, RIGHT, on=round.collaboration)
    if round.ended_at is None:
        round.ended_at = timezone.now()
        round.save(update_fields=["ended_at"])
    return round


@transaction.atomic
def send_own(
    *,
    round: RankingRound,
    organisation: Organisation,
    places: Mapping[int, int],
    version: int | None = None,
    by: Any,
    at: datetime | None = None,
) -> OwnRanking:
    """The director's own order: every candidate at a place of its own. It can be changed until the round is over."""
    round = _held(round)
    require(by, opinions.RIGHT, on=round.body)
    seat = opinions.seats_of(by, round.body).filter(represents=organisation).first()
    if seat is None:
        raise NotAllowedNow(_("You hold no seat for this municipality in the body."))
    if not round.is_open(at):
        raise NotAllowedNow(
            _("The ranking is over, so no more answers are taken. It was open until %(moment)s.")
            % {"moment": wording.moment(round.ended_at or round.due)}
        )
    items = list(round.items.all())
    if sorted(places.get(item.pk, 0) for item in items) != list(range(1, len(items) + 1)):
        raise NotAllowedNow(_("Give every line a place of its own, from 1 to %(last)s.") % {"last": len(items)})
    own = OwnRanking.objects.select_for_update().filter(round=round, organisation=organisation).first()
    own = own or OwnRanking(round=round, organisation=organisation, version=0)
    check_version(own, version)
    own.person, own.sent_at, own.version = seat.person, at or timezone.now(), own.version + 1
    own.save()
    for item in items:
        OwnPlace.objects.update_or_create(own=own, item=item, defaults={"place": places[item.pk]})
    return own


def open_round(collaboration: Collaboration) -> RankingRound | None:
    found = collaboration.ranking_rounds.taking_answers()
    return found.select_related("collaboration", "meeting__body", "body__collaboration").first()


def _held(round: RankingRound) -> RankingRound:
    rounds = RankingRound.objects.select_for_update(of=["self"])
    return rounds.select_related("collaboration", "body", "meeting__body").get(pk=round.pk)
