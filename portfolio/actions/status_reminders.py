"""Reminding the project leaders who have not told how their projects stand: one e-mail to each (D15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration, Person
from portfolio.models import Project
from portfolio.status import Occasion, occasion_of
from portfolio.working_days import working_day

RIGHT = "governance.manage_portfolio"
KIND = "portfolio.status_reminder"
# Days before the meeting; working days of the month.
BEFORE_MEETING, OF_MONTH = (7, 2), (1, 5)
WEEK = timedelta(days=7)


@transaction.atomic
def remind(*, collaboration: Collaboration, by: Any) -> list[Job]:
    """The secretariat asks those who have not reported; each gets one e-mail a day at most."""
    require(by, RIGHT, on=collaboration)
    occasion = occasion_of(collaboration)
    if not occasion.is_wanted:
        raise NotAllowedNow(_("No meeting of the steering group is planned, so no status is missing. Plan it first."))
    return _ask(collaboration, occasion, mark=f"asked:{timezone.localdate()}", by=by)


@transaction.atomic
def remind_when_due(*, collaboration: Collaboration) -> list[Job]:
    """What the portal does by itself: 7 and 2 days before the meeting, or the 1st and 5th working day of the month."""
    occasion = occasion_of(collaboration)
    mark = _mark(occasion, timezone.localdate())
    return _ask(collaboration, occasion, mark=mark, by=None) if mark else []


def leaders_missing(collaboration: Collaboration, occasion: Occasion) -> QuerySet[Person]:
    """Those with an e-mail address who lead a project that has not reported."""
    missing = projects_missing(collaboration, occasion).led_by_somebody()
    return Person.objects.filter(led_projects__in=missing).exclude(email="").order_by("pk").distinct()


def without_leader(collaboration: Collaboration) -> Any:
    """Projects that nobody can be asked about."""
    missing = projects_missing(collaboration, occasion_of(collaboration))
    reached = missing.led_by_somebody().exclude(leader__email="")
    return missing.exclude(pk__in=reached.values("pk")).order_by("number")


def projects_missing(collaboration: Collaboration, occasion: Occasion) -> Any:
    if not occasion.is_wanted:
        return Project.objects.none()
    return Project.objects.filter(collaboration=collaboration).under_way().not_reported(occasion.counts)


def _ask(collaboration: Collaboration, occasion: Occasion, *, mark: str, by: Any) -> list[Job]:
    return [
        jobs.ask(
            KIND,
            collaboration.pk,
            by=by,
            arguments={"leader": leader.pk},
            key=f"{KIND}:{collaboration.pk}:{mark}:{leader.pk}",
        )
        for leader in leaders_missing(collaboration, occasion)
    ]


def _mark(occasion: Occasion, today: date) -> str:
    """The name of the reminder that is due; one that a stopped portal missed is sent when it runs again."""
    if occasion.month:
        due = [number for number in OF_MONTH if working_day(occasion.month, number) <= today]
        late = due and today > working_day(occasion.month, due[-1]) + WEEK
        return f"month:{occasion.month:%Y-%m}:{due[-1]}" if due and not late else ""
    if occasion.meeting is None:
        return ""
    left = (occasion.meeting.day - today).days
    due = [days for days in BEFORE_MEETING if left <= days]
    return f"meeting:{occasion.meeting.pk}:{occasion.meeting.day}:{due[-1]}" if due else ""
