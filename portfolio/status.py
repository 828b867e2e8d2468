"""When the status of the projects is wanted: before the next meeting of the steering group, or every month (D15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Body, Collaboration, Meeting
from portfolio.models import Habits
from portfolio.working_days import working_day

LAST_WORKING_DAY = 5
NOTHING = Q(pk=None)


@dataclass(frozen=True)
class Occasion:
    """What the next reports are for: until which day they are wanted, and which reports count."""

    counts: Q
    until: date | None = None
    meeting: Meeting | None = None
    month: date | None = None

    @property
    def is_wanted(self) -> bool:
        """Before a meeting that nobody has planned, nothing is missing."""
        return self.until is not None

    def __str__(self) -> str:
        if self.month:
            return _("status for %(month)s") % {"month": format_date(self.month, "F Y")}
        if self.meeting is None:
            return ""
        return _("status before %(meeting)s, %(day)s") % {
            "meeting": self.meeting,
            "day": wording.day(self.meeting.starts_at),
        }


def occasion_of(collaboration: Collaboration) -> Occasion:
    """The month in the full profile; in the small one the next meeting, for which counts what came after the last."""
    if Habits.objects.of(collaboration).is_full:
        month = timezone.localdate().replace(day=1)
        return Occasion(Q(reported_for__gte=month), until=working_day(month, LAST_WORKING_DAY), month=month)
    meeting = next_meeting(collaboration, timezone.now())
    if meeting is None:
        return Occasion(NOTHING)
    return Occasion(since(meeting), until=meeting.day, meeting=meeting)


def next_meeting(collaboration: Collaboration, at: datetime) -> Meeting | None:
    """The steering group's nearest meeting that is not over at the moment."""
    begins = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    of_group = _meetings().filter(body__collaboration=collaboration, body__kind=Body.Kind.STEERING)
    to_come = Q(state__in=[Meeting.State.PLANNED, Meeting.State.CALLED, Meeting.State.IN_PROGRESS])
    ahead = of_group.filter(to_come | Q(ends_at__gt=at), starts_at__gte=begins)
    return ahead.select_related("body__collaboration").order_by("starts_at", "pk").first()


def since(meeting: Meeting) -> Q:
    """What was published after the body's meeting before this one ended."""
    ended = end_of(meeting_before(meeting))
    return Q(published_at__gt=ended) if ended else Q()


def meeting_before(meeting: Meeting) -> Meeting | None:
    return _meetings().filter(body=meeting.body, starts_at__lt=meeting.starts_at).order_by("-starts_at", "-pk").first()


def end_of(meeting: Meeting | None) -> datetime | None:
    return (meeting.ends_at or meeting.starts_at) if meeting else None


def _meetings() -> Any:
    """Where people sit together: neither written treatments nor those known by their number alone, nor cancelled."""
    return Meeting.objects.filter(written=False, number_only=False).exclude(state=Meeting.State.CANCELLED)
