"""Several meetings by one rule, and what to look at before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil import relativedelta, rrule
from django.utils.translation import gettext, gettext_lazy

from governance.models import Body, Meeting

MONTHS = [
    ("1", gettext_lazy("every month")),
    ("2", gettext_lazy("every second month")),
    ("3", gettext_lazy("each quarter")),
    ("6", gettext_lazy("each half-year")),
]
SATURDAY = 5


@dataclass(frozen=True)
class Rule:
    """«The first Thursday each quarter», from a day until a day."""

    which: int
    weekday: int
    every: int
    since: date
    until: date

    def days(self) -> list[date]:
        found = rrule.rrule(
            rrule.MONTHLY,
            interval=self.every,
            byweekday=relativedelta.weekday(self.weekday, self.which),
            dtstart=datetime.combine(self.since.replace(day=1), time.min),
            until=datetime.combine(self.until, time.min),
        )
        return [one.date() for one in found if one.date() >= self.since]


def warnings(days: Iterable[date], body: Body) -> dict[date, list[str]]:
    """Norwegian holidays, weekends, and days when the body already meets; the secretary decides."""
    days = list(days)
    known = holidays_of({day.year for day in days})
    there = Meeting.objects.filter(body=body, year__in={day.year for day in days}).exclude(state="cancelled")
    meets = {meeting.day for meeting in there}
    told: dict[date, list[str]] = {day: [] for day in days}
    for day in days:
        if day in known:
            told[day].append(known[day])
        elif day.weekday() >= SATURDAY:
            told[day].append(gettext("weekend"))
        if day in meets:
            told[day].append(gettext("the body already meets this day"))
    return told


def holidays_of(years: set[int]) -> dict[date, str]:
    """Norway's holidays by name, with the two eves on which few work."""
    import holidays  # noqa: PLC0415 -- all the world's countries: slow to load

    known = dict(holidays.country_holidays("NO", years=years, language="no"))
    for year in years:
        known.setdefault(date(year, 12, 24), "Julaften")
        known.setdefault(date(year, 12, 31), "Nyttårsaften")
    return known
