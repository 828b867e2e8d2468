"""The minutes: out for remarks, approved and locked, corrected by a new version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, require
from governance import minutes_record, notices
from governance.actions import meetings
from governance.models import (
    Case,
    Meeting,
    MinutesCorrection,
    MinutesPublication,
    MinutesRemark,
    MinutesSignature,
    Person,
    RuleProfile,
)
from governance.quorum import Presence

RIGHT = "governance.prepare_meetings"
APPROVE = "governance.approve_minutes"
Way = RuleProfile.Approval
SIGNERS = 2


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
    meeting.remarks_by = timezone.localdate(meeting.minutes_sent_at) + timedelta(days=meeting.profile.remark_days)
    meeting.state = Meeting.State.REMARKS
    meeting = meetings.saved(meeting, "state", "minutes_sent_at", "remarks_by")
    # A signature belongs to the words that were signed.
    meeting.signatures.exclude(sha256=minutes_record.digest(meeting)).delete()
    meetings.ask_for_minutes(meeting, by=by)
    notices.tell_members(meeting, "minutes", by=by)
    return meeting


@transaction.atomic
def remark_on_minutes(*, meeting: Meeting, approves: bool, text: str = "", by: Any) -> MinutesRemark:
    """A member approves the minutes, or says what is wrong in them, until the deadline."""
    meeting = meetings.locked(meeting)
    require(by, APPROVE, on=meeting.body)
    if meeting.state != Meeting.State.REMARKS:
        raise NotAllowedNow(_("The minutes are not out for remarks."))
    if meeting.remarks_by and timezone.localdate() > meeting.remarks_by:
        raise NotAllowedNow(_("The deadline for remarks is over. Raise it in the next meeting."))
    person = Person.objects.get(user=by)
    anew = {"approves": approves, "text": "" if approves else text, "given_at": timezone.now()}
    untreated: dict[str, Any] = {"treatment": "", "answer": "", "treated_at": None, "treated_by": None}
    remark, _new = MinutesRemark.objects.update_or_create(
        meeting=meeting, person=person, defaults={**anew, **untreated}
    )
    return remark


@transaction.atomic
def treat_remark(*, remark: MinutesRemark, taken_in: bool, answer: str = "", by: Any) -> MinutesRemark:
    """The secretariat says whether a remark is taken in; why not is told to the one who made it."""
    meeting = meetings.locked(remark.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    remark = MinutesRemark.objects.select_for_update().get(pk=remark.pk)
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are approved and locked. Register a correction instead."))
    if remark.approves or remark.silent:
        raise NotAllowedNow(_("Only a remark that says something is wrong is treated."))
    if not taken_in and not answer.strip():
        raise NotAllowedNow(_("Write why the remark is not taken in."))
    told = MinutesRemark.Treatment
    remark.treatment, remark.answer = told.TAKEN_IN if taken_in else told.REFUSED, answer.strip()
    remark.treated_at, remark.treated_by = timezone.now(), by
    remark.save(update_fields=["treatment", "answer", "treated_at", "treated_by"])
    return remark


@transaction.atomic
def sign_minutes(*, meeting: Meeting, sha256: str, by: Any) -> MinutesSignature:
    """One who was there signs the words that were read; ``sha256`` is what the page showed (D11)."""
    meeting = meetings.locked(meeting)
    require(by, APPROVE, on=meeting.body)
    _not_twice(meeting)
    if meeting.profile.minutes_approval != Way.SIGNED:
        raise NotAllowedNow(_("The minutes of this body are not signed: its rules say how they are approved."))
    if meeting.state != Meeting.State.REMARKS:
        raise NotAllowedNow(_("The minutes are not out for remarks."))
    person = Person.objects.get(user=by)
    if person not in who_were_there(meeting):
        raise NotAllowedNow(_("Those who were in the meeting sign its minutes, and you were not."))
    if sha256 != minutes_record.digest(meeting):
        raise NotAllowedNow(_("The minutes have been changed since you opened them. Read them again, and then sign."))
    # What was signed is no longer what the minutes say: the signature fell, and the same person signs anew.
    meeting.signatures.filter(person=person).exclude(sha256=sha256).delete()
    if meeting.signatures.filter(person=person).exists():
        raise NotAllowedNow(_("You have already signed. Another who was there must be the second."))
    return MinutesSignature.objects.create(meeting=meeting, person=person, sha256=sha256)


@transaction.atomic
def remove_signature(*, signature: MinutesSignature, by: Any) -> None:
    """The one who signed takes it back, until the minutes are approved."""
    meeting = meetings.locked(signature.meeting)
    require(by, APPROVE, on=meeting.body)
    if signature.person.user_id != by.pk:
        raise NotAllowedNow(_("Only the one who signed can take the signature back."))
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are approved and locked. Register a correction instead."))
    signature.delete()


def may_sign(meeting: Meeting, user: Any) -> bool:
    """Whether the body waits for this person's signature: one who was there and has not signed these words."""
    if meeting.state != Meeting.State.REMARKS or meeting.profile.minutes_approval != Way.SIGNED:
        return False
    person = Person.objects.filter(user=user.pk).first()
    if person is None or not holds(user, APPROVE, meeting.body) or person not in who_were_there(meeting):
        return False
    return not meeting.signatures.filter(person=person, sha256=minutes_record.digest(meeting)).exists()


def who_were_there(meeting: Meeting) -> set[Person]:
    """Members and substitutes who sat in the meeting when it opened."""
    return {row.who_met for row in Presence(meeting).attendances if row.who_met is not None}


@transaction.atomic
def approve_minutes(*, meeting: Meeting, by: Any, at: datetime | None = None) -> Meeting:
    """Approve by silence or by two signatures, as the body's rules say: the minutes are locked from here on."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    now = at or timezone.now()
    may_be_approved(meeting, now)
    if meeting.profile.minutes_approval == Way.SILENCE:
        _record_silence(meeting, now)
    return _approved(meeting, meeting.profile.minutes_approval, by, now)


def may_be_approved(meeting: Meeting, at: datetime | None = None) -> None:
    """Refused in a sentence while something is missing, and when it is done already."""
    _not_twice(meeting)
    if refusal := why_not_approved(meeting, at):
        raise NotAllowedNow(refusal)


def why_not_approved(meeting: Meeting, at: datetime | None = None) -> str:
    """What is still missing before the secretariat may approve; empty when nothing is."""
    if meeting.profile.minutes_approval == Way.MEETING:
        return _("This body approves its minutes in the next meeting: put their approval on its agenda.")
    if meeting.state != Meeting.State.REMARKS or meeting.remarks_by is None:
        return _("Send the minutes out for remarks before they are approved.")
    if not _days_are_over(meeting, timezone.localdate(at)):
        return _("The members have until %(day)s to give remarks.") % {"day": meeting.remarks_by.strftime("%d.%m.%Y")}
    remarks = list(open_remarks(meeting))
    if any(remark.treatment == MinutesRemark.Treatment.TAKEN_IN for remark in remarks):
        return _("A remark is taken in. Mend the minutes and send them out again.")
    if any(remark.is_open for remark in remarks):
        return _(
            "A member has a remark. Mend the minutes and send them out again, or let the next meeting approve them."
        )
    if meeting.profile.minutes_approval == Way.SIGNED and _signed_by(meeting) < SIGNERS:
        return _("Two who were there must sign the minutes. Signed so far: %(count)s.") % {"count": _signed_by(meeting)}
    return ""


@transaction.atomic
def approve_by_case(*, case: Case, by: Any) -> Meeting | None:
    """The body approved the minutes of an earlier meeting in a case; what silence approved is thereby confirmed."""
    assert case.minutes_of is not None
    meeting = meetings.locked(case.minutes_of)
    if meeting.state not in (Meeting.State.HELD, Meeting.State.REMARKS):
        return None
    return _approved(meeting, Way.MEETING, by, timezone.now())


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


@transaction.atomic
def publish_minutes(*, meeting: Meeting, by: Any) -> MinutesPublication:
    """Put approved minutes on the public pages, without what is exempt (rule 8)."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    if not meeting.body.collaboration.public_pages:
        raise NotAllowedNow(_("The collaboration has no public pages. Turn them on where the collaboration is edited."))
    if not meeting.is_locked or meeting.number_only or meeting.from_before:
        raise NotAllowedNow(_("Only approved minutes are published. Let them be approved first."))
    if meeting.publications.filter(withdrawn_at=None).exists():
        raise NotAllowedNow(_("The minutes are already published."))
    meetings.ask_for_minutes(meeting, by=by, edition=meeting.corrections.count())
    return MinutesPublication.objects.create(meeting=meeting, published_by=by)


@transaction.atomic
def take_down_minutes(*, meeting: Meeting, reason: str, by: Any) -> MinutesPublication:
    """Take the minutes off the public pages, with the reason; that they stood there is never deleted."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    published = meeting.publications.filter(withdrawn_at=None).first()
    if published is None:
        raise NotAllowedNow(_("The minutes are not published, so there is nothing to take down."))
    if not reason.strip():
        raise NotAllowedNow(_("Write why the minutes are taken down."))
    published.withdrawn_at, published.withdrawn_by, published.reason = timezone.now(), by, reason.strip()
    published.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    return published


def open_remarks(meeting: Meeting) -> Any:
    """Remarks that say something is wrong, since the minutes last went out."""
    given = meeting.remarks.filter(approves=False, silent=False, given_at__gte=meeting.minutes_sent_at)
    return given.select_related("person")


def _days_are_over(meeting: Meeting, today: date) -> bool:
    """The deadline is past, or all who were to answer have said that the minutes are right."""
    assert meeting.remarks_by is not None
    if today > meeting.remarks_by or meeting.profile.remark_days == 0:
        return True
    said = {remark.person_id for remark in _answers(meeting) if remark.approves}
    return bool(said) and {row.seat.person_id for row in Presence(meeting).attendances} <= said


def _answers(meeting: Meeting) -> Any:
    return meeting.remarks.filter(given_at__gte=meeting.minutes_sent_at)


def _record_silence(meeting: Meeting, at: datetime) -> None:
    """Who held a seat and said nothing is recorded as silent: never as one who agreed (rule 5)."""
    heard = {remark.person_id for remark in _answers(meeting)}
    members = {row.seat.person_id for row in Presence(meeting).attendances}
    for person in members - heard:
        MinutesRemark.objects.update_or_create(
            meeting=meeting,
            person_id=person,
            defaults={
                "silent": True, "approves": False, "text": "", "given_at": at,
                "treatment": "", "answer": "", "treated_at": None, "treated_by": None,
            },
        )  # fmt: skip


def _signed_by(meeting: Meeting) -> int:
    return meeting.signatures.filter(sha256=minutes_record.digest(meeting)).count()


def _approved(meeting: Meeting, way: str, by: Any, at: datetime) -> Meeting:
    meeting.state = Meeting.State.APPROVED
    meeting.approved_at, meeting.approved_way = at, way
    meeting.content_sha256 = minutes_record.digest(meeting)
    meeting = meetings.saved(meeting, "state", "approved_at", "approved_way", "content_sha256")
    meetings.ask_for_minutes(meeting, by=by)
    return meeting


def _not_twice(meeting: Meeting) -> None:
    if meeting.is_locked:
        raise NotAllowedNow(_("The minutes are already approved. Register a correction if something is wrong."))
