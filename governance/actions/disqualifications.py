"""Whether a member is disqualified in a case, or released from it: raised early, decided by the body (D6)."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from governance import laws, written
from governance.actions import attendance, meetings
from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    AttendanceChange,
    Case,
    Disqualification,
    Meeting,
    Person,
    Vote,
)
from governance.quorum import Presence, voting_seats

RIGHT, OWN = "governance.prepare_meetings", "governance.give_view"
Kind, State = Disqualification.Kind, Disqualification.State


@transaction.atomic
def warn(*, item: AgendaItem, statement: str, ground: str = "", by: Any) -> Disqualification:
    """A member tells in good time what may make one disqualified; the body takes it up when the case comes (§ 8)."""
    meeting = meetings.locked(item.meeting)
    require(by, OWN, on=meeting.body)
    seat = own_seat(by, meeting)
    if seat is None:
        raise NotAllowedNow(_("You hold no seat that votes in this body on the day of the meeting."))
    if not takes_warnings(item):
        raise NotAllowedNow(_("This can be told from the agenda is sent until the meeting is held."))
    if not statement.strip():
        raise NotAllowedNow(_("Write what your connection to the case is."))
    if Disqualification.objects.filter(item=item, seat=seat, person=seat.person).exists():
        raise NotAllowedNow(_("You have told this already. The body takes it up when the case comes."))
    return Disqualification.objects.create(
        item=item,
        seat=seat,
        person=seat.person,
        ground=ground,
        ground_text=words_of(ground, meeting),
        raised_by=seat.person,
        statement=statement.strip(),
    )


@transaction.atomic
def raise_question(
    *,
    item: AgendaItem,
    row: Attendance,
    kind: str = Kind.DISQUALIFICATION,
    ground: str = "",
    ground_text: str = "",
    raised_by: Person | None = None,
    statement: str = "",
    by: Any,
) -> Disqualification:
    """The question comes up in the meeting, about whoever sits in the seat in that case."""
    meeting = _in_the_meeting(item, by)
    if row.meeting_id != meeting.pk or not row.votes_here:
        raise NotAllowedNow(_("Only a member who votes in this meeting can be disqualified."))
    sitting = Presence(meeting).sitting(row, item).person
    known = Disqualification.objects.filter(item=item, seat=row.seat).first()
    if known is not None:
        raise NotAllowedNow(_("The question about %(person)s is raised already.") % {"person": known.person.name})
    if sitting is None:
        raise NotAllowedNow(
            _("%(person)s is not there in this case. Tell first that the member came, or choose somebody who is there.")
            % {"person": row.seat.person.name}
        )
    return Disqualification.objects.create(
        item=item,
        seat=row.seat,
        person=sitting,
        kind=kind,
        ground=ground,
        ground_text=ground_text or words_of(ground, meeting),
        raised_by=raised_by,
        statement=statement.strip(),
    )


@transaction.atomic
def decide(
    *,
    question: Disqualification,
    steps_down: bool,
    votes_for: int | None = None,
    votes_against: int | None = None,
    chair_decided: bool = False,
    ground: str = "",
    ground_text: str = "",
    substitute: Person | None = None,
    left_at: time | None = None,
    returned_at: time | None = None,
    version: int | None = None,
    by: Any,
) -> Disqualification:
    """The body's own small resolution, made without the member; who steps down does so in this case alone."""
    meeting = _in_the_meeting(question.item, by)
    question = Disqualification.objects.select_for_update(of=("self",)).told().get(pk=question.pk)
    check_version(question, version)
    row = meeting.attendances.filter(seat=question.seat).first()
    if row is None:
        raise NotAllowedNow(_("%(person)s has no seat in this meeting.") % {"person": question.person.name})
    question.ground = ground or question.ground
    question.ground_text = ground_text or words_of(ground, meeting) or question.ground_text
    if not question.ground_text:
        raise NotAllowedNow(_("Write the ground for the disqualification."))
    _is_decided_rightly(question, meeting, steps_down, votes_for, votes_against, chair_decided)
    question.state = State.DISQUALIFIED if steps_down else State.QUALIFIED
    question.votes_for, question.votes_against, question.chair_decided = votes_for, votes_against, chair_decided
    question.substitute = substitute if steps_down else None
    question.left_at, question.returned_at = left_at, returned_at
    question.version += 1
    question.save()
    _seat_follows(question, row, meeting)
    attendance.told_anew(meeting, by)
    return question


@transaction.atomic
def register(
    *, item: AgendaItem, row: Attendance, result: str, decision: dict[str, Any], by: Any, **raised: Any
) -> Disqualification:
    """The question and, unless it is not decided yet, what the body decided, told at once."""
    question = raise_question(item=item, row=row, by=by, **raised)
    if result == State.RAISED:
        return question
    return decide(question=question, steps_down=result == State.DISQUALIFIED, by=by, **decision)


@transaction.atomic
def step_down(*, item: AgendaItem, row: Attendance, why: str, by: Any) -> Disqualification:
    """In one line, who and why: the body agrees that the member steps down in the case."""
    if not why.strip():
        raise NotAllowedNow(_("Write the ground for the disqualification."))
    known = Disqualification.objects.filter(item=item, seat=row.seat, state=State.RAISED).first()
    question = known or raise_question(item=item, row=row, ground_text=why.strip(), by=by)
    return decide(question=question, steps_down=True, ground_text=why.strip(), by=by)


@transaction.atomic
def step_out(*, item: AgendaItem, seat: Appointment, why: str, by: Any) -> Disqualification:
    """In a written treatment that is out: the seat's member is disqualified in the case, and is not asked in it."""
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if not meeting.is_out_for_answers:
        raise NotAllowedNow(_("The treatment is not out for answers. Register it in the meeting that has the case."))
    Case.objects.select_for_update(of=("self",)).get(pk=item.case_id)  # no answer comes in meanwhile
    if seat not in written.seats(meeting):
        raise NotAllowedNow(_("Choose one of the seats that are asked in this treatment."))
    if not why.strip():
        raise NotAllowedNow(_("Write the ground for the disqualification."))
    if Disqualification.objects.filter(item=item, seat=seat).exists():
        raise NotAllowedNow(_("This is registered about %(person)s already.") % {"person": seat.person.name})
    return Disqualification.objects.create(
        item=item, seat=seat, person=seat.person, state=State.DISQUALIFIED, ground_text=why.strip()
    )


@transaction.atomic
def take_back(*, question: Disqualification, by: Any) -> None:
    """It was registered by mistake, or the one who raised it takes it back before the body has decided."""
    meeting = meetings.locked(question.item.meeting)
    own = question.is_open and question.person.user_id == by.pk
    require(by, OWN if own else RIGHT, on=meeting.body if own else meeting.body.collaboration)
    if own and not takes_warnings(question.item):
        raise NotAllowedNow(
            _("You can take it back until the meeting is held. Ask the secretariat if it must be mended now.")
        )
    if meeting.written and not meeting.is_out_for_answers:
        raise NotAllowedNow(
            _(
                "The written treatment is closed, and counted without this seat. Write it in the treatment if that was"
                " wrong."
            )
        )
    if not own and not meeting.written:
        attendance.open_for_minutes(meeting)
    _changes(question).delete()
    question.delete()
    if meeting.state != Meeting.State.CALLED:
        attendance.told_anew(meeting, by)


def may_warn(user: Any, case: Case) -> bool:
    """Whether the user votes in the meeting that the case is on the agenda of, and can tell of a connection to it."""
    if not holds(user, OWN, case.body):
        return False
    item = case.items.filter(withdrawn=False, meeting__written=False).select_related("meeting__body").last()
    return item is not None and takes_warnings(item) and own_seat(user, item.meeting) is not None


def takes_warnings(item: AgendaItem) -> bool:
    """From the agenda is sent until the meeting is held; in written treatment nobody meets."""
    meeting = item.meeting
    return meeting.agenda_is_out and not meeting.was_held and not meeting.written and not item.withdrawn


def own_seat(user: Any, meeting: Meeting) -> Appointment | None:
    """The voting seat the person holds on the meeting's day."""
    if not user.is_authenticated:
        return None
    return voting_seats(meeting.body, meeting.day).filter(person__user=user).first()


def words_of(key: str, meeting: Meeting) -> str:
    """«forvaltningsloven § 6 andre ledd», as it stood on the meeting's day."""
    return next((str(one) for one in laws.step_down_grounds(meeting.day) if one.key == key), "")


def first_to_decide(item: AgendaItem, presence: Presence) -> None:
    """What is raised about somebody who is there is decided before the case is."""
    there = {person.pk for _row, person in presence.voters_at(item)}
    waiting = item.disqualifications.filter(state=State.RAISED, person__in=there).select_related("person").first()
    if waiting is not None:
        raise NotAllowedNow(
            _("The body must first decide whether %(person)s can take part in this case.")
            % {"person": waiting.person.name}
        )


def _in_the_meeting(item: AgendaItem, by: Any) -> Meeting:
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    attendance.sits_together(meeting)
    attendance.open_for_minutes(meeting)
    return meeting


def _is_decided_rightly(
    question: Disqualification,
    meeting: Meeting,
    steps_down: bool,
    votes_for: int | None,
    votes_against: int | None,
    chair_decided: bool,
) -> None:
    """Who votes is neither the member nor another who is asked about, unless all must to be enough (§ 8)."""
    asked = question.item.disqualifications.filter(kind=Kind.DISQUALIFICATION).values_list("person", flat=True)
    presence = Presence(meeting)
    deciding = presence.deciding_on_disqualification(question.item, {*asked, question.person_id})
    question.may_vote = len(deciding)
    if (votes_for is None) != (votes_against is None):
        raise NotAllowedNow(_("Write both the votes for and the votes against, or none of them."))
    if votes_for is None or votes_against is None:
        return
    cast = votes_for + votes_against
    if cast > len(deciding) or (meeting.profile.by_law and cast != len(deciding)):
        raise NotAllowedNow(
            _(
                "%(cast)s votes are counted, and %(may)s decide this: the member, and others it is asked about,"
                " do not vote."
            )
            % {"cast": cast, "may": len(deciding)}
        )
    tied = votes_for == votes_against
    if chair_decided and not (tied and meeting.profile.casting_vote):
        raise NotAllowedNow(
            _("The chair's vote decides only where the rules of the body say so and the body disagrees.")
        )
    if chair_decided and presence.chair_among(deciding) is None:
        raise NotAllowedNow(
            _("The chair's vote can't decide: whoever chairs is asked about or not there. Vote again without it.")
        )
    if not chair_decided and steps_down != (votes_for > votes_against):
        raise NotAllowedNow(_("The outcome follows from the votes."))


def _seat_follows(question: Disqualification, row: Attendance, meeting: Meeting) -> None:
    """The seat is empty in the case, or filled by the substitute called for it; or as it was."""
    voted = Vote.objects.filter(resolution__item=question.item, attendance=row, person=question.person)
    if question.steps_down and voted.exclude(value=Vote.Value.ABSENT).exists():
        raise NotAllowedNow(
            _("%(person)s has voted in case %(case)s. Change the vote first.")
            % {"person": question.person.name, "case": question.item.case.number}
        )
    _changes(question).delete()
    if not question.steps_down:
        return
    passed = attendance.stands_in(meeting, question.seat, question.substitute) if question.substitute else ""
    released = question.kind == Kind.RELEASE
    AttendanceChange.objects.create(
        attendance=row,
        item=question.item,
        kind=AttendanceChange.Kind.RELEASED if released else AttendanceChange.Kind.DISQUALIFIED,
        substitute=question.substitute,
        passed_over=passed,
        ground=question.ground_text[:200],
    )


def _changes(question: Disqualification) -> Any:
    return AttendanceChange.objects.filter(
        attendance__seat=question.seat, item=question.item, kind__in=AttendanceChange.STEPS_DOWN
    )
