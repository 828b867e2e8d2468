"""Counting in months as contracts do: the last day of a month stays the last day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cache, lru_cache

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


@cache
def last_of(year: int, month: int) -> int:
    """How many days the month has."""
    return monthrange(year, month)[1]


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; where the month is too short, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, last_of(year, month + 1)))


@lru_cache(maxsize=2**15)
def shift(day: date, months: int) -> date:
    """As a contract counts: from the last day of a month to the last day of another, else as ``add_months``.

    Backwards it gives the last day on which notice can be given: the last day D with ``add_months(D, n) <= day``.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    last = last_of(year, month + 1)
    ends = day.day == last_of(day.year, day.month)
    return date(year, month + 1, last if ends else min(day.day, last))


def period_end(day: date, period: str) -> date:
    """The last day of the month, quarter or year that the day is in; without a period the day itself."""
    if not period:
        return day
    length = MONTHS_IN[period]
    month = (day.month - 1) // length * length + length
    return date(day.year, month, last_of(day.year, month))


def last_period_end(day: date, period: str) -> date:
    """The latest end of a month, quarter or year on the day or before it; without a period the day itself."""
    end = period_end(day, period)
    if end == day:
        return day
    return shift(end, -MONTHS_IN[period])
