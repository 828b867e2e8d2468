"""Written treatment: the body decides in the browser, between meetings (meetings.md D8, c7).

A round is a meeting without a room. It is sent like a summons, with numbers of the same series; each seat answers in
each case by `opinions.give_view`; what follows from the answers is computed by the body's own rules and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance import notices
from governance.actions import agenda, attendance, meetings, running
from governance.models import Attendance, Body, Case, Meeting, Person, Resolution, RuleProfile
from governance.quorum import answering_seats
from governance.written import Finding, Outcome, Round, Stance, Tally

RIGHT = "governance.prepare_meetings"


@transaction.atomic
def send_round(
    *,
    body: Body,
    cases: Sequence[Case],
    answer_by: datetime,
    by: Any,
    why: str = "",
    at: datetime | None = None,
) -> Meeting:
    """Send ready cases to the body for answers in writing: numbered, frozen as a document, and everybody is told."""
    require(by, RIGHT, on=body.collaboration)
    now = at or timezone.now()
    _in_time(answer_by, now)
    if not cases:
        raise NotAllowedNow(_("Choose at least one case that is ready."))
    profile = body.profile_on(timezone.localdate(now))
    if profile.between_meetings == RuleProfile.Between.NONE:
        raise NotAllowedNow(_("By its rules %(body)s decides in meetings only.") % {"body": body.name_in_text})
    if profile.by_law and not why.strip():
        raise NotAllowedNow(_("Write why the cases can't wait for a meeting: an elected body may ask."))
    seats = answering_seats(body, timezone.localdate(now))
    if not seats:
        raise NotAllowedNow(_("Nobody has a seat that votes in %(body)s, so nobody can answer.") % {"body": body.name})
    meeting = meetings.make_meeting(
        body=body,
        starts_at=now,
        answer_by=answer_by,
        why_written=why.strip() if profile.by_law else "",
        chair=next((seat.person for seat in seats if seat.is_chair), None),
        secretary=Person.objects.filter(user=by).first(),
        example=all(case.example for case in cases),
        by=by,
    )
    for case in cases:
        agenda.put_on_agenda(meeting=meeting, case=case, by=by)
    return agenda.send_agenda(meeting=meeting, at=now, by=by)


@transaction.atomic
def prolong_round(*, meeting: Meeting, answer_by: datetime, version: int | None = None, by: Any) -> Meeting:
    """Give everybody more time; they are told, and the papers go out anew with the new deadline."""
    meeting = _locked(meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    still_out(meeting)
    _in_time(answer_by, timezone.now())
    if meeting.answer_by and answer_by <= meeting.answer_by:
        raise NotAllowedNow(
            _("The deadline is %(moment)s, and can only be moved to a later moment.")
            % {"moment": wording.moment(meeting.answer_by)}
        )
    meeting.answer_by = answer_by
    meeting = meetings.saved(meeting, "answer_by")
    meetings.ask_for_summons(meeting, by=by, reason=_("The deadline was prolonged."))
    notices.tell_members(meeting, "prolonged", by=by)
    return meeting


@transaction.atomic
def remind_silent(*, meeting: Meeting, by: Any) -> list[Job]:
    """An e-mail to those who have not answered every case; once a day is enough."""
    meeting = _locked(meeting, None)
    require(by, RIGHT, on=meeting.body.collaboration)
    still_out(meeting)
    if not meeting.takes_answers():
        raise NotAllowedNow(_("The deadline is over. Prolong it first, or close the treatment."))
    silent = [seat.person for seat in Round(meeting).silent]
    if not silent:
        raise NotAllowedNow(_("Everybody has answered, so there is nobody to remind."))
    reached = [person for person in silent if person.email]
    if not reached:
        raise NotAllowedNow(_("None of those who have not answered has an e-mail address."))
    if notices.were_reminded_today(meeting):
        raise NotAllowedNow(_("They were already reminded today."))
    return notices.remind(meeting, reached, by=by)


@transaction.atomic
def close_round(
    *,
    meeting: Meeting,
    by: Any,
    version: int | None = None,
    to_meeting: Collection[int] = (),
    at: datetime | None = None,
) -> Meeting:
    """Count the answers, and let what the body's rules make of them happen, as at the end of a meeting.

    At the deadline, or when all have answered. ``to_meeting`` names agenda items (by pk) that would be adopted and are
    taken up in a meeting instead; nothing can be adopted that the rules do not adopt.
    """
    meeting = _locked(meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    still_out(meeting)
    # Who answers holds the case: from here on no answer comes in between the counting and the closing.
    list(Case.objects.select_for_update(of=("self",)).filter(items__meeting=meeting).order_by("pk"))
    now = at or timezone.now()
    counted = Round(meeting, now)
    if meeting.takes_answers(now) and not counted.all_have_answered:
        raise NotAllowedNow(
            _("%(count)s have not answered, and the deadline is %(moment)s. It can be closed after that.")
            % {"count": len(counted.silent), "moment": wording.moment(meeting.answer_by)}
        )
    _call_the_roll(counted)
    for tally in counted.tallies:
        _resolve(tally, in_meeting=tally.item.pk in to_meeting)
    meeting.state = Meeting.State.HELD
    meeting.ends_at = max(now, (meeting.starts_at or now) + timedelta(minutes=1))
    meeting.chair = next((seat.person for seat in counted.seats if seat.is_chair), None)
    meeting = meetings.saved(meeting, "state", "ends_at", "chair")
    for item in meeting.items.filter(withdrawn=False).select_related("case__body__collaboration", "resolution"):
        running.conclude(item, by)
    meetings.ask_for_minutes(meeting, by=by)
    return meeting


@transaction.atomic
def assign_points(
    *, resolution: Resolution, assigned: Sequence[running.Point], version: int | None = None, by: Any
) -> Resolution:
    """Who follows up each point and by when; the points themselves stand as they were answered."""
    meeting = _locked(resolution.item.meeting, None)
    require(by, RIGHT, on=meeting.body.collaboration)
    resolution = Resolution.objects.select_for_update().get(pk=resolution.pk)
    check_version(resolution, version)
    if not meeting.written or not meeting.was_held or meeting.is_locked:
        raise NotAllowedNow(_("Who follows up is told after the treatment is closed, until the minutes are approved."))
    told = zip(resolution.points.all(), assigned, strict=True)
    running.write_points(resolution, [{**whom, "text": point.text} for point, whom in told])
    resolution.version += 1
    resolution.save(update_fields=["version"])
    attendance.told_anew(meeting, by)
    return resolution


def _call_the_roll(counted: Round) -> None:
    """Who answered is who took part."""
    status = Attendance.Status
    took_part = {answer.seat.pk for tally in counted.tallies for answer in tally.given}
    Attendance.objects.bulk_create(
        Attendance(
            meeting=counted.meeting, seat=seat, status=status.ANSWERED if seat.pk in took_part else status.SILENT
        )
        for seat in counted.seats
    )


def _resolve(tally: Tally, *, in_meeting: bool) -> Resolution:
    with translation.override("nb"):
        finding = tally.finding
        if in_meeting and finding.outcome == tally.case.usual_outcome:
            finding = Finding(Outcome.POSTPONED, _("The case is taken up in a meeting instead."))
    adopted = finding.outcome == tally.case.usual_outcome
    resolution = Resolution.objects.create(
        item=tally.item,
        outcome=finding.outcome,
        treatment=finding.reason,
        unanimous=adopted and tally.is_unanimous,
        votes_for=tally.number(Stance.SUPPORTS, Stance.WITH_REMARK),
        votes_against=tally.number(Stance.AGAINST),
        chair_decided=finding.by_chair,
        method=Resolution.Method.WRITTEN,
        present=tally.quorum.present,
        needed=tally.quorum.needed,
        postponed_to=_next_meeting(tally.item.meeting) if finding.outcome == Outcome.POSTPONED else None,
    )
    running.write_points(resolution, running.usual_points(tally.case, finding.outcome))
    return resolution


def _next_meeting(meeting: Meeting) -> Meeting | None:
    """Where a case that was not decided in writing comes up by itself; with no meeting planned it waits."""
    coming = Meeting.objects.filter(body=meeting.body, written=False, state=Meeting.State.PLANNED)
    return coming.filter(starts_at__gt=meeting.starts_at).order_by("starts_at").first()


def _locked(meeting: Meeting, version: int | None) -> Meeting:
    return meetings.locked(meeting, version)


def still_out(meeting: Meeting) -> None:
    """Refuse what can be done only with a written treatment that is not closed."""
    if not meeting.written:
        raise NotAllowedNow(_("This is a meeting, and no written treatment."))
    if meeting.state == Meeting.State.CANCELLED:
        raise NotAllowedNow(_("The written treatment is cancelled."))
    if not meeting.is_out_for_answers:
        raise NotAllowedNow(_("The written treatment is already closed."))


def _in_time(answer_by: datetime, now: datetime) -> None:
    if answer_by <= now:
        raise NotAllowedNow(
            _("The deadline %(moment)s is over. Choose a moment to come.") % {"moment": wording.moment(answer_by)}
        )
