"""Resolutions from before the portal: what was decided and when is known, who was there is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.actions import follow_up
from governance.actions.running import ask_municipalities
from governance.models import (
    AgendaItem,
    Body,
    Case,
    CaseCounter,
    Meeting,
    Organisation,
    Resolution,
    ResolutionPoint,
)


@transaction.atomic
def register_earlier_resolution(
    *,
    body: Body,
    day: date,
    title: str,
    points: list[str],
    by: Any,
    information: str = "",
    asks_municipalities: bool = False,
    question: Callable[[Organisation], tuple[str, str]] | None = None,
    responsible: str = "",
    deadline: date | None = None,
    example: bool = False,
) -> Resolution:
    """Write down a resolution from the time before the portal.

    When it went to the municipalities, the members of that day have one decision each to make or to register, asked on
    that day; none of them is changed by it (R1). `question` is what they were asked, when not the whole resolution.
    The meeting and the case get the body's next numbers of that year; the time of day and the attendance stay unknown.
    """
    require(by, "governance.prepare_meetings", on=body.collaboration)
    if day >= timezone.localdate():
        raise NotAllowedNow(
            _("An earlier resolution has a date in the past. Use a meeting for what is decided from now on.")
        )
    if asks_municipalities and not body.collaboration.members(day).exists():
        raise NotAllowedNow(_("The collaboration has no member municipality on that day. Register the members first."))
    meeting = _meeting(body, day, example)
    case = _case(body, day, title, information, points, asks_municipalities, example)
    item = AgendaItem.objects.create(
        meeting=meeting, case=case, position=(meeting.items.aggregate(last=Max("position"))["last"] or 0) + 1
    )
    outcome = Resolution.Outcome.RECOMMENDED if asks_municipalities else Resolution.Outcome.AS_PROPOSED
    resolution = Resolution.objects.create(item=item, outcome=outcome)
    for number, text in enumerate(points, 1):
        ResolutionPoint.objects.create(
            resolution=resolution,
            number=number,
            text=text,
            responsible=responsible,
            deadline=deadline,
            **follow_up.Names(body).meant_by(responsible),
        )
    if asks_municipalities:
        ask_municipalities(resolution, asked_on=day, question=question, by=by)
    return resolution


def _meeting(body: Body, day: date, example: bool) -> Meeting:
    """The meeting of that day, made when it is the first resolution from it."""
    Body.objects.select_for_update().get(pk=body.pk)
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    found = Meeting.objects.filter(body=body, starts_at=midnight, state=Meeting.State.HELD).first()
    if found:
        return found
    last = Meeting.objects.filter(body=body, year=day.year).aggregate(last=Max("number"))["last"] or 0
    return Meeting.objects.create(
        body=body,
        year=day.year,
        number=last + 1,
        starts_at=midnight,
        ends_at=midnight + timedelta(minutes=1),
        called_at=midnight,
        state=Meeting.State.HELD,
        example=example,
    )


def _case(
    body: Body, day: date, title: str, information: str, points: list[str], asks_municipalities: bool, example: bool
) -> Case:
    counter, _new = CaseCounter.objects.select_for_update().get_or_create(body=body, year=day.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Case.objects.create(
        body=body,
        year=day.year,
        sequence=counter.last,
        stage=Case.Stage.TREATED,
        title=title,
        information=information,
        proposal="\n".join(points),
        asks_municipalities=asks_municipalities,
        example=example,
    )
