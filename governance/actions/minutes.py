"""The minutes: out for remarks, approved and locked, corrected by a new version."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance import notices
from governance.actions import meetings
from governance.models import Case, Meeting, MinutesCorrection, MinutesRemark, Person

RIGHT = "governance.prepare_meetings"


@transaction.atomic
def send_minutes(*, meeting: Meeting, by: Any, at: datetime | None = None) -> Meeting:
    """Send the minutes to the members, with the body's own number of days for remarks."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.from_before:
        raise NotAllowedNow(_("Who attended is not known, so there are no minutes to send."))
    if Meeting.State.REMARKS not in Meeting.NEXT[meeting.state]:
        raise NotAllowedNow(_("Minutes go out for remarks after the meeting is held, and before they are approved."))
    meeting.minutes_sent_at = at or timezone.now()
    meeting.remarks_by = timezone.localdate(meeting.minutes_sent_at) + timedelta(days=meeting.body.remark_days)
    meeting.state = Meeting.State.REMARKS
    meeting = meetings.saved(meeting, "state", "minutes_sent_at", "remarks_by")
    meetings.ask_for_minutes(meeting, by=by)
    notices.tell_members(meeting, "minutes", by=by)
    return meeting


@transaction.atomic
def remark_on_minutes(*, meeting: Meeting, approves: bool, text: str = "", by: Any) -> MinutesRemark:
    """A member approves the minutes, or says what is wrong in them, until the deadline."""
    meeting = meetings.locked(meeting)
    require(by, "governance.approve_minutes", on=meeting.body)
    if meeting.state != Meeting.State.REMARKS:
        raise NotAllowedNow(_("The minutes are not out for remarks."))
    if meeting.remarks_by and timezone.localdate() > meeting.remarks_by:
        raise NotAllowedNow(_("The deadline for remarks is over. Raise it in the next meeting."))
    person = Person.objects.get(user=by)
    remark, _new = MinutesRemark.objects.update_or_create(
        meeting=meeting,
        person=person,
        defaults={"approves": approves, "text": text, "given_at": timezone.now()},
    )
    return remark


@transaction.atomic
def approve_minutes(*, meeting: Meeting, by: Any, at: datetime | None = None) -> Meeting:
    """Nobody had a remark within the deadline: the minutes are approved, and locked from here on."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    _not_twice(meeting)
    now = at or timezone.now()
    if meeting.state != Meeting.State.REMARKS or meeting.remarks_by is None:
        raise NotAllowedNow(_("Send the minutes out for remarks before they are approved."))
    if timezone.localdate(now) <= meeting.remarks_by:
        raise NotAllowedNow(
            _("The members have until %(day)s to give remarks.") % {"day": meeting.remarks_by.strftime("%d.%m.%Y")}
        )
    if open_remarks(meeting).exists():
        raise NotAllowedNow(
            _("A member has a remark. Mend the minutes and send them out again, or let the next meeting approve them.")
        )
    return _approved(meeting, by, now)


@transaction.atomic
def approve_by_case(*, case: Case, by: Any) -> Meeting | None:
    """The body approved the minutes of an earlier meeting in a case; approved already is approved."""
    assert case.minutes_of is not None
    meeting = meetings.locked(case.minutes_of)
    if meeting.state not in (Meeting.State.HELD, Meeting.State.REMARKS):
        return None
    return _approved(meeting, by, timezone.now())


@transaction.atomic
def correct_minutes(*, meeting: Meeting, text: str, reason: str, by: Any) -> MinutesCorrection:
    """Tell what was wrong in approved minutes; they get a new version, and the old one stays (rule 7)."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if not meeting.is_locked or meeting.number_only:
        raise NotAllowedNow(_("Only approved minutes are corrected; before that they are changed."))
    correction = MinutesCorrection.objects.create(meeting=meeting, text=text, reason=reason, made_by=by)
    meetings.ask_for_minutes(meeting, by=by, reason=reason, edition=meeting.corrections.count())
    return correction


def open_remarks(meeting: Meeting) -> Any:
    """Remarks that say something is wrong, since the minutes last went out."""
    return meeting.remarks.filter(approves=False, given_at__gte=meeting.minutes_sent_at).select_related("person")


def _approved(meeting: Meeting, by: Any, at: datetime) -> Meeting:
    meeting.state = Meeting.State.APPROVED
    meeting.approved_at = at
    meeting = meetings.saved(meeting, "state", "approved_at")
    meetings.ask_for_minutes(meeting, by=by)
    return meeting


def _not_twice(meeting: Meeting) -> None:
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are already approved."))
