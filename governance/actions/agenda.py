"""The agenda: putting cases on it, sending it, and what happens to it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance import notices
from governance.actions import cases, meetings
from governance.models import AgendaItem, Body, Case, CaseCounter, Meeting
from governance.quorum import voting_seats

RIGHT = "governance.prepare_meetings"


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, case: Case, by: Any) -> AgendaItem:
    """Add a case as the last; a late case when the agenda is already out.

    One that is still being prepared is proposed for an agenda that is not sent, and must be made ready before it is.
    """
    meeting = meetings.locked(meeting)
    case = cases.locked(case, None)
    require(by, RIGHT, on=meeting.body.collaboration)
    if case.body_id != meeting.body_id:
        raise NotAllowedNow(_("The case belongs to another body."))
    proposed = meeting.state == Meeting.State.PLANNED and case.stage == Case.Stage.DRAFT
    if case.stage != Case.Stage.READY and not proposed:
        raise NotAllowedNow(_("Only a case that is marked as ready can be put on an agenda."))
    if case.items.filter(withdrawn=False, meeting__state=Meeting.State.PLANNED).exists():
        raise NotAllowedNow(_("The case already stands on an agenda. Take it off there first."))
    if meeting.state == Meeting.State.PLANNED:
        item = _added(meeting, case)
        meetings.saved(meeting)
        return item
    if meeting.written:
        raise NotAllowedNow(_("The cases of a written treatment go out together. Send a new one for more cases."))
    if meeting.state in (Meeting.State.CALLED, Meeting.State.IN_PROGRESS):
        return _added_late(meeting, case, by)
    raise NotAllowedNow(_("The meeting takes no more cases."))


@transaction.atomic
def put_minutes_approval_on_agenda(*, meeting: Meeting, by: Any) -> AgendaItem:
    """The standing first case: approving the minutes of the meeting before."""
    meeting = meetings.locked(meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    earlier = minutes_to_approve(meeting)
    if earlier is None:
        raise NotAllowedNow(_("There are no minutes that wait for approval."))
    with translation.override("nb"):
        title = _("Approval of the minutes of meeting %(number)s") % {"number": earlier.label}
        proposal = _("The minutes are approved.")
    case = cases.make_case(
        body=meeting.body,
        kind=Case.Kind.APPROVAL,
        title=title,
        proposal=proposal,
        minutes_of=earlier,
        ready=True,
        example=meeting.example,
        by=by,
    )
    item = put_on_agenda(meeting=meeting, case=case, by=by)
    if not item.late:
        _place([item, *meeting.items.exclude(pk=item.pk)])
    return item


def minutes_to_approve(meeting: Meeting) -> Meeting | None:
    """The last meeting whose minutes wait for the body: not approved, or by silence alone, and no open case does it."""
    if meeting.starts_at is None:
        return None
    before = Meeting.objects.minuted_here().filter(body=meeting.body, starts_at__lt=meeting.starts_at)
    last = before.past().order_by("-starts_at").first()
    if last is not None and last.awaits_confirmation:
        return last
    earlier = before.filter(state__in=["held", "remarks"]).order_by("-starts_at").first()
    if earlier is None or earlier.approval_cases.open().exists():
        return None
    return earlier


@transaction.atomic
def take_off_agenda(*, item: AgendaItem, by: Any) -> None:
    """Take a case off an agenda that has not gone out; it is ready for another."""
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    _still_planned(meeting)
    if not meeting.items.filter(pk=item.pk).exists():
        raise NotAllowedNow(_("The case is no longer on the agenda."))
    case = cases.locked(item.case, None)
    item.delete()
    if case.stage == Case.Stage.ON_AGENDA:
        case.stage = Case.Stage.READY
        cases.saved(case, "stage")
    _place(list(meeting.items.all()))
    meetings.saved(meeting)


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, by: Any) -> None:
    """One place up or down."""
    meeting = meetings.locked(item.meeting)
    require(by, RIGHT, on=meeting.body.collaboration)
    _still_planned(meeting)
    items = list(meeting.items.all())
    here = next((index for index, other in enumerate(items) if other.pk == item.pk), None)
    if here is None:
        raise NotAllowedNow(_("The case is no longer on the agenda."))
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return
    items[here], items[there] = items[there], items[here]
    _place(items)
    meetings.saved(meeting)


@transaction.atomic
def change_sent(*, item: AgendaItem, how: str, reason: str, version: int | None = None, by: Any) -> Meeting:
    """Withdraw, put off or move a case on a sent agenda: marked there, and the members get a new edition (rule 7)."""
    meeting = meetings.locked(item.meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.state != Meeting.State.CALLED or meeting.written:
        raise NotAllowedNow(_("Only an agenda that is sent, to a meeting that has not begun, is supplemented here."))
    if not reason.strip():
        raise NotAllowedNow(_("Write why, so that the members know what is new."))
    item = meeting.items.select_related("case").get(pk=item.pk)
    if item.withdrawn:
        raise NotAllowedNow(_("The case is already out of this agenda."))
    act = {"withdraw": _taken_out, "postpone": _put_off, "up": _moved_up, "down": _moved_down}[how]
    touched = act(meeting, item, reason)
    meeting = meetings.saved(meeting)
    meetings.ask_for_summons(meeting, by=by, reason=reason, exempt=any(one.case.is_exempt for one in touched))
    notices.tell_members(meeting, "changed", by=by)
    return meeting


def _taken_out(meeting: Meeting, item: AgendaItem, reason: str, *, postponed: bool = False) -> list[AgendaItem]:
    case = cases.locked(item.case, None)
    item.withdrawn, item.postponed, item.reason = True, postponed, reason
    item.save(update_fields=["withdrawn", "postponed", "reason"])
    case.stage = Case.Stage.POSTPONED if postponed else Case.Stage.WITHDRAWN
    cases.saved(case, "stage")
    return [item]


def _put_off(meeting: Meeting, item: AgendaItem, reason: str) -> list[AgendaItem]:
    return _taken_out(meeting, item, reason, postponed=True)


def _moved_up(meeting: Meeting, item: AgendaItem, reason: str, *, by: int = -1) -> list[AgendaItem]:
    """Both that change places are marked; a reason that may tell of an exempt case stands on that alone (rule 8)."""
    items = list(meeting.items.select_related("case"))
    here = [other.pk for other in items].index(item.pk)
    if not 0 <= here + by < len(items):
        raise NotAllowedNow(_("The case already stands at that end of the agenda."))
    one, other = items[here], items[here + by]
    one.position, other.position = other.position, one.position
    screens = one.case.is_exempt or other.case.is_exempt
    with translation.override("nb"):
        neutral = _("Another order of the cases.")
    for changed in (one, other):
        changed.moved, changed.reason = True, neutral if screens and not changed.case.is_exempt else reason
    AgendaItem.objects.bulk_update([one, other], ["position", "moved", "reason"])
    return [one, other]


def _moved_down(meeting: Meeting, item: AgendaItem, reason: str) -> list[AgendaItem]:
    return _moved_up(meeting, item, reason, by=1)


@transaction.atomic
def send_agenda(*, meeting: Meeting, version: int | None = None, by: Any, at: datetime | None = None) -> Meeting:
    """Call the meeting: cases get their numbers in agenda order, the summons is frozen, the members are told."""
    meeting = meetings.locked(meeting, version)
    require(by, RIGHT, on=meeting.body.collaboration)
    _still_planned(meeting)
    # From here on nobody writes in a case that is about to go out.
    on_agenda = list(
        Case.objects.select_for_update(of=("self",)).filter(items__meeting=meeting).order_by("items__position")
    )
    if missing := lacks(meeting):
        raise NotAllowedNow(missing[0])
    _number(on_agenda, meeting)
    meeting.state = Meeting.State.CALLED
    meeting.called_at = at or timezone.now()
    meeting = meetings.saved(meeting, "state", "called_at")
    meetings.ask_for_summons(meeting, by=by)
    notices.tell_members(meeting, "summons", by=by)
    return meeting


def lacks(meeting: Meeting) -> list[str]:
    """What must be in place before the agenda can go out."""
    missing = []
    items = list(meeting.items.select_related("case"))
    if not items:
        missing.append(_("Put at least one case on the agenda."))
    if not voting_seats(meeting.body, meeting.day).exists():
        missing.append(_("Nobody has a seat in the body on the day of the meeting."))
    missing += [
        _("The case «%(title)s» is still being prepared. Mark it as ready, or take it off.")
        % {"title": item.case.title}
        for item in items
        if item.case.stage == Case.Stage.DRAFT
    ]
    missing += [
        _("Write the proposed resolution of the case «%(title)s».") % {"title": item.case.title}
        for item in items
        if item.case.stage != Case.Stage.DRAFT
        and item.case.kind in (Case.Kind.DECISION, Case.Kind.APPROVAL)
        and not item.case.proposed_points
    ]
    return missing


@dataclass(frozen=True)
class Check:
    """One line of the checklist: a sentence, and whether it is as it should be."""

    sentence: str
    good: bool


def checklist(meeting: Meeting) -> list[Check]:
    """What a secretary looks over before sending; only what ``lacks`` names stops the sending."""
    days = (meeting.day - timezone.localdate()).days if meeting.day else 0
    members = voting_seats(meeting.body, meeting.day).count()
    reached = notices.recipients(meeting).exclude(user__is_active=False).count()
    return [
        Check(_("%(count)s cases on the agenda") % {"count": meeting.items.count()}, meeting.items.exists()),
        Check(_("Time and place are set"), bool(meeting.place)),
        Check(_("%(days)s days until the meeting; members expect seven") % {"days": days}, days >= 7),
        Check(_("%(count)s seats vote on the day") % {"count": members}, members > 0),
        Check(_("%(count)s people get the summons by e-mail") % {"count": reached}, reached > 0),
        Check(_("The approval of the last minutes is on the agenda"), minutes_to_approve(meeting) is None),
    ]


def _added(meeting: Meeting, case: Case, *, late: bool = False) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(meeting=meeting, case=case, position=last + 1, late=late)
    if case.stage != Case.Stage.DRAFT:
        case.stage = Case.Stage.ON_AGENDA
        cases.saved(case, "stage")
    return item


def _added_late(meeting: Meeting, case: Case, by: Any) -> AgendaItem:
    if case.kind in (Case.Kind.DECISION, Case.Kind.APPROVAL) and not case.proposed_points:
        raise NotAllowedNow(_("Write the proposed resolution of the case «%(title)s».") % {"title": case.title})
    item = _added(meeting, case, late=True)
    _number([case], meeting)
    meeting = meetings.saved(meeting)
    meetings.ask_for_summons(meeting, by=by, reason=_("A case was added after the agenda was sent."))
    notices.tell_members(meeting, "late", by=by)
    return item


def _number(numbered: list[Case], meeting: Meeting) -> None:
    """Give the next numbers of the body's year; the counter's row is locked until this transaction ends (rule 4)."""
    counter = _counter(meeting.body, meeting.year)
    for case in numbered:
        counter.last += 1
        case.year, case.sequence = meeting.year, counter.last
        cases.saved(case, "year", "sequence")
    counter.save(update_fields=["last"])


def _counter(body: Body, year: int) -> CaseCounter:
    CaseCounter.objects.get_or_create(body=body, year=year)
    return CaseCounter.objects.select_for_update().get(body=body, year=year)


def _place(items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


def _still_planned(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.PLANNED:
        raise NotAllowedNow(_("The agenda has already been sent and stands as it is. Add what is new as a late case."))
