"""After the summons: who has answered whether they come, and who has opened the papers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance import notices
from governance.models import Appointment, Meeting, Person, ReadMark, Reply, Role
from governance.quorum import voting_seats
from governance.seats import substitutes_for

SEATED = (Role.STEERING, Role.MEMBER, Role.OBSERVER)


@transaction.atomic
def answer_summons(
    *, meeting: Meeting, seat: Appointment, answer: str, substitute: Person | None = None, by: Any
) -> Reply:
    """Say whether the own seat is filled in the meeting; it can be said anew until the meeting begins."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if seat.person.user_id != by.pk or seat.pk not in {own.pk for own in seats_of(by, meeting)}:
        raise PermissionDenied("not the own seat")
    if not takes_replies(meeting):
        raise NotAllowedNow(_("The meeting takes no answers: it is not called, has begun or is cancelled."))
    if answer == Reply.Answer.SUBSTITUTE:
        _may_stand_in(substitute, seat, meeting)
    reply, _new = Reply.objects.update_or_create(
        meeting=meeting,
        seat=seat,
        defaults={
            "answer": answer,
            "substitute": substitute if answer == Reply.Answer.SUBSTITUTE else None,
            "given_at": timezone.now(),
        },
    )
    return reply


def _may_stand_in(substitute: Person | None, seat: Appointment, meeting: Meeting) -> None:
    """A substitute is one of the seat's own, of its municipality's, or of the common ones; which may be told later."""
    known = {one.person_id for one in substitutes_for(seat, meeting.day)}
    if not known:
        raise NotAllowedNow(
            _("Nobody is substitute for your seat. Answer that you can't come, and tell the secretariat.")
        )
    if substitute is not None and substitute.pk not in known:
        raise NotAllowedNow(_("%(person)s is not a substitute for this seat.") % {"person": substitute.name})


@transaction.atomic
def remind_of_replies(*, meeting: Meeting, by: Any) -> int:
    """Remind those who have not said whether they come, at most once a day."""
    require(by, "governance.prepare_meetings", on=meeting.body.collaboration)
    if not takes_replies(meeting):
        raise NotAllowedNow(_("The meeting takes no answers: it is not called, has begun or is cancelled."))
    people = [seat.person for seat in without_reply(meeting) if seat.person.email]
    if not people:
        raise NotAllowedNow(_("Everybody who can be reached has answered."))
    return len(notices.remind(meeting, people, by=by))


def takes_replies(meeting: Meeting) -> bool:
    return meeting.state == Meeting.State.CALLED and not meeting.written


def seats_of(user: Any, meeting: Meeting) -> list[Appointment]:
    """The seats the user has in the body on the day of the meeting."""
    seats = Appointment.objects.active(meeting.day).filter(body=meeting.body, person__user=user.pk, role__in=SEATED)
    return list(seats.select_related("person", "represents"))


def without_reply(meeting: Meeting) -> list[Appointment]:
    return list(voting_seats(meeting.body, meeting.day).exclude(replies__meeting=meeting))


@transaction.atomic
def note_read(*, meeting: Meeting, what: str, by: Any) -> None:
    """A member has opened the summons or the papers: the first time and the last."""
    if not meeting.agenda_is_out or meeting.number_only:
        return
    person = Person.objects.filter(user=by.pk).first()
    seats = Appointment.objects.active().filter(body=meeting.body, person=person, role__in=[*SEATED, Role.SUBSTITUTE])
    if person is None or not seats.exists():
        return
    mark, new = ReadMark.objects.get_or_create(meeting=meeting, person=person, what=what)
    if not new:
        mark.last_at = timezone.now()
        mark.save(update_fields=["last_at"])
