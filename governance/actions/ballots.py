"""How the body voted in a case, and what members want in the minutes: checked by its rules, then written down (D7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypedDict

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Attendance, ElectionLine, Meeting, Reservation, Resolution, RuleProfile, Vote
from governance.quorum import Presence
from governance.voting import Ballot, Line, refusals

Value = Vote.Value


class Said(TypedDict):
    """What a member wants to stand in the minutes of the case, by the member's attendance row."""

    attendance: int
    text: str


def check_ballot(meeting: Meeting, presence: Presence, resolution: Resolution, ballot: Ballot) -> Ballot:
    """Refuse a vote that does not hold by the rules of the day; answer with the counts of a vote by name."""
    _those_who_may(meeting, presence, resolution, ballot)
    ballot = ballot.counted()
    for reason in reasons_against(meeting.profile, presence, resolution, ballot):
        raise NotAllowedNow(reason)
    return ballot


def reasons_against(profile: RuleProfile, presence: Presence, resolution: Resolution, ballot: Ballot) -> Iterator[str]:
    """Why the vote does not hold with those who are there in the case, and whoever chairs among them."""
    item = resolution.item
    chair = presence.chair_among(presence.voters_at(item))
    return refusals(profile, presence.at(item), resolution.outcome, ballot, chair.pk if chair else None)


def ballot_of(resolution: Resolution) -> Ballot:
    """The vote as it was written down."""
    votes = [(vote.attendance_id, vote.value) for vote in resolution.votes.all() if vote.value != Value.ABSENT]
    return Ballot(
        method=resolution.method,
        unanimous=resolution.unanimous,
        votes_for=resolution.votes_for,
        votes_against=resolution.votes_against,
        votes_blank=resolution.votes_blank,
        chair_decided=resolution.chair_decided,
        alternative=resolution.alternative,
        names=votes,
        election=[Line(line.name, line.count, line.elected) for line in resolution.election.all()],
    )


def put_ballot(resolution: Resolution, ballot: Ballot) -> None:
    """The counts on the resolution, to be saved with it."""
    resolution.method, resolution.unanimous = ballot.method, ballot.unanimous
    resolution.votes_for, resolution.votes_against = ballot.votes_for, ballot.votes_against
    resolution.votes_blank, resolution.chair_decided = ballot.votes_blank, ballot.chair_decided
    resolution.alternative = ballot.alternative.strip()


def write_names(resolution: Resolution, presence: Presence, ballot: Ballot) -> None:
    """Each seat's vote with who sat in it, and who was not there; and the names of an election."""
    resolution.votes.all().delete()
    resolution.election.all().delete()
    ElectionLine.objects.bulk_create(
        ElectionLine(resolution=resolution, name=line.name, count=line.count, elected=line.elected)
        for line in ballot.election
    )
    if not ballot.names:
        return
    said, there = dict(ballot.names), dict(presence.voters_at(resolution.item))
    busy = {person.pk for person in there.values()}
    Vote.objects.bulk_create(
        Vote(
            resolution=resolution,
            attendance=row,
            person=there.get(row, row.seat.person),
            represents=row.seat.represents,
            value=said.get(row.pk, Value.BLANK) if row in there else Value.ABSENT,
        )
        for row in presence.attendances
        if row in there or row.seat.person_id not in busy
    )


def write_reservations(meeting: Meeting, presence: Presence, resolution: Resolution, said: list[Said]) -> None:
    """In the words of the member; only of one who was there, where the rules of the body allow it."""
    resolution.reservations.all().delete()
    if said and not meeting.profile.may_reserve:
        raise NotAllowedNow(_("By the rules of this body no reservation is recorded. Write it in the treatment."))
    there = {row.pk: person for row, person in presence.voters_at(resolution.item)}
    for one in said:
        person = there.get(one["attendance"])
        if person is None:
            raise NotAllowedNow(_("Only a member who is there in the case can have words recorded."))
        Reservation.objects.create(
            resolution=resolution, attendance_id=one["attendance"], person=person, text=one["text"].strip()
        )


def _those_who_may(meeting: Meeting, presence: Presence, resolution: Resolution, ballot: Ballot) -> None:
    """Who is named is there in the case and has not stepped down; each votes once, and by law everybody there votes."""
    rows = {row.pk: row for row in presence.attendances}
    there = {row.pk: person for row, person in presence.voters_at(resolution.item)}
    for pk, count in Counter(pk for pk, _value in ballot.names).items():
        row = rows.get(pk)
        if row is None:
            raise NotAllowedNow(_("The vote is that of a seat which does not vote in this meeting."))
        if pk not in there:
            raise NotAllowedNow(_cannot_vote(row, presence, resolution))
        if count > 1:
            raise NotAllowedNow(
                _("%(person)s is told to vote twice. A member votes once.") % {"person": there[pk].name}
            )
    silent = [person.name for pk, person in there.items() if pk not in dict(ballot.names)]
    if ballot.names and silent and not meeting.profile.may_abstain:
        raise NotAllowedNow(_("Everybody who is there must vote. Missing: %(names)s.") % {"names": ", ".join(silent)})


def _cannot_vote(row: Attendance, presence: Presence, resolution: Resolution) -> str:
    name = {"person": row.seat.person.name}
    if any(change.attendance_id == row.pk and change.steps_down for change in presence.changes_at(resolution.item)):
        return _("%(person)s is disqualified in this case and can't vote. Leave out the vote.") % name
    return _("%(person)s is not there in this case and can't vote.") % name
