"""The cases that come back every year, and the agenda made from the one before."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance import exemption
from governance.actions import agenda, cases
from governance.actions import follow_up as follow_ups
from governance.models import AgendaItem, Body, Case, FixedItem, Meeting

RIGHT = "governance.prepare_meetings"
FACTS = ("month", "nth", "kind", "title", "proposal")


@transaction.atomic
def fix_case(*, body: Body, by: Any, example: bool = False, **facts: Any) -> FixedItem:
    """Let a case stand on the agenda every year; meetings that are made from now on get it."""
    require(by, RIGHT, on=body.collaboration)
    return FixedItem.objects.create(
        body=body, example=example, **{name: facts[name] for name in FACTS if name in facts}
    )


@transaction.atomic
def change_fixed(*, fixed: FixedItem, version: int | None = None, by: Any, **facts: Any) -> FixedItem:
    """Change what comes back; cases that were already made from it stand as they are."""
    fixed = _locked(fixed, version)
    require(by, RIGHT, on=fixed.body.collaboration)
    for name in FACTS:
        if name in facts:
            setattr(fixed, name, facts[name])
    fixed.version += 1
    fixed.save()
    return fixed


@transaction.atomic
def stop_fixed(*, fixed: FixedItem, by: Any) -> None:
    """The case comes back no more; what was made from it stands."""
    fixed = _locked(fixed, None)
    require(by, RIGHT, on=fixed.body.collaboration)
    fixed.delete()


@transaction.atomic
def put_fixed_on_agenda(*, meeting: Meeting, by: Any) -> list[AgendaItem]:
    """The fixed cases of this meeting that are not there yet, as drafts."""
    require(by, RIGHT, on=meeting.body.collaboration)
    return [_put(meeting, fixed, by) for fixed in missing_fixed(meeting)]


def missing_fixed(meeting: Meeting) -> list[FixedItem]:
    fixed = FixedItem.objects.filter(body=meeting.body).exclude(items__meeting=meeting)
    return [one for one in fixed if one.belongs_to(meeting)] if meeting.state == Meeting.State.PLANNED else []


@transaction.atomic
def copy_from_last(*, meeting: Meeting, chosen: list[AgendaItem], follow_up: bool = False, by: Any) -> list[AgendaItem]:
    """Cases of the agenda before, as drafts on this one; a postponed case comes back and points to the old one (D2).

    With the follow-up of resolutions, when something is open.
    """
    require(by, RIGHT, on=meeting.body.collaboration)
    if meeting.state != Meeting.State.PLANNED:
        raise NotAllowedNow(_("The agenda has already been sent and stands as it is. Add what is new as a late case."))
    if follow_up:
        follow_ups.follow_up_case(meeting=meeting, by=by)
    return [
        agenda.put_on_agenda(meeting=meeting, case=_again(meeting, item.case, by), by=by)
        for item in sorted(chosen, key=lambda item: item.position)
    ]


def last_agenda(meeting: Meeting) -> list[AgendaItem]:
    """What stood on the body's agenda before this, but the approval of minutes, which has its own way."""
    before = Meeting.objects.filter(body=meeting.body, starts_at__lt=meeting.starts_at, items__isnull=False)
    last = before.exclude(pk=meeting.pk).order_by("-starts_at").first()
    if last is None:
        return []
    items = last.items.exclude(case__kind=Case.Kind.APPROVAL).select_related("case__body").order_by("position")
    return [item for item in items if item.case.stage != Case.Stage.POSTPONED or not item.case.continued_by.exists()]


def _again(meeting: Meeting, case: Case, by: Any) -> Case:
    if case.stage == Case.Stage.POSTPONED:
        return cases.bring_back(case=case, by=by)
    return cases.make_case(
        body=meeting.body,
        kind=case.kind,
        title=case.title,
        proposal=case.proposal,
        **exemption.marks_of(case),
        example=meeting.example,
        by=by,
    )


def _put(meeting: Meeting, fixed: FixedItem, by: Any) -> AgendaItem:
    case = cases.make_case(
        body=meeting.body,
        kind=fixed.kind,
        title=fixed.title,
        proposal=fixed.proposal,
        example=meeting.example or fixed.example,
        by=by,
    )
    item = agenda.put_on_agenda(meeting=meeting, case=case, by=by)
    item.fixed = fixed
    item.save(update_fields=["fixed"])
    return item


def _locked(fixed: FixedItem, version: int | None) -> FixedItem:
    fixed = FixedItem.objects.select_for_update(of=("self",)).select_related("body__collaboration").get(pk=fixed.pk)
    check_version(fixed, version)
    return fixed
