"""When a contract can be left, worked out from what it says: binding, notice, options and renewal (R26, 8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from surveys.months import add_months, last_period_end, period_end, shift

FAR = date.max
# How far ahead the ends of a contract that renews itself are counted.
HORIZON = 120

Span = tuple[date, date]


class Missing(StrEnum):
    """Why nobody can tell when a contract can be left."""

    NO = ""
    UNKNOWN = "unknown"
    PASSED = "passed"


class Way(StrEnum):
    """What it takes to be out of a contract on a given day, the easiest first."""

    FREE = "free"
    NOTICE = "notice"
    OPTION = "option"
    LATE = "late"
    BOUND = "bound"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Exit:
    """When one contract can be left.

    ``earliest`` is the end of the binding period; for a running contract today and the notice, rounded up; else the
    end. ``latest`` is the end with all options; none where the contract runs on. ``notice_on`` is the last day to give
    notice for the earliest exit, ``renews_on`` the day a contract renews itself next.
    """

    missing: Missing = Missing.NO
    earliest: date = FAR
    latest: date | None = None
    end: date | None = None
    notice_on: date | None = None
    renews_on: date | None = None
    soonest: date = FAR
    notice: int = 0
    notice_to: str = ""
    renews: int = 0

    @property
    def needs_notice(self) -> bool:
        """Whether anybody has to say something for the contract to end on the earliest day."""
        return self.end is None or self.earliest < self.end or bool(self.renews)

    def notice_passed(self, today: date) -> bool:
        return self.needs_notice and self.notice_on is not None and self.notice_on < today

    def spans(self, today: date, *, options: bool = True, too_late: bool = False) -> list[Span]:
        """The days on which the contract can end; with ``too_late`` also those whose notice date has passed."""
        if self.missing:
            return []
        if self.end is None:
            return [(self.earliest, FAR)]
        first = self.earliest if too_late else max(self.earliest, min(self.soonest, self.end))
        last = (self.latest or self.end) if options else self.end
        if not self.renews:
            return [(first, last)]
        limit = add_months(today, HORIZON)
        later = (shift(self.end, months) for months in range(self.renews, HORIZON + self.renews, self.renews))
        days = [self.end, *(day for day in later if day <= limit)]
        in_time = [day for day in days if too_late or shift(day, -self.notice) >= today]
        if first == self.end and not too_late and shift(self.end, -self.notice) < today:
            first += timedelta(days=1)
        before = [(first, last)] if first <= last and (first, last) != (self.end, self.end) else []
        return [*before, *((day, day) for day in in_time if not before or day > last)]

    def way_out(self, on: date, today: date) -> tuple[Way, date | None]:
        """What it takes to be out on that day, and by when it must be done."""
        if not within(on, self.spans(today)):
            late = within(on, self.spans(today, too_late=True))
            over = self.latest is not None and on > self.latest and not self.renews
            way = Way.LATE if late else Way.OVER if over else Way.BOUND
            return way, shift(self._whole_period(on), -self.notice) if late else None
        if self.end is None or on < self.end or (self.renews and within(on, self.spans(today, options=False))):
            return Way.NOTICE, self._notice_by(on)
        return (Way.OPTION, self.end) if on > self.end else (Way.FREE, None)

    def _notice_by(self, on: date) -> date:
        whole = self._whole_period(on)
        return shift(whole if whole >= self.earliest else on, -self.notice)

    def _whole_period(self, on: date) -> date:
        """The end of the last period that notice can run to, on the day or before it; a renewal is its own."""
        return on if self.renews and self.end and on >= self.end else last_period_end(on, self.notice_to)


def exits(use: Mapping[str, Any], today: date) -> Exit:
    """When the contract of a use can be left, from the columns of the use."""
    notice, to = use["notice_months"] or 0, use["notice_to"] or ""
    soonest = period_end(add_months(today, notice), to)
    said = use["notice_months"] is not None
    if use["end_running"]:
        bound = use["binding_until"]
        earliest = max(soonest, period_end(bound, to)) if bound else soonest
        return Exit(
            earliest=earliest, soonest=soonest, notice=notice, notice_to=to,
            notice_on=shift(earliest, -notice) if said else None,
        )  # fmt: skip
    if use["contract_end"] is None:
        return Exit(missing=Missing.UNKNOWN)
    renews = use["renews_months"] or 0
    end = _next_end(use["contract_end"], renews, today)
    if end < today:
        return Exit(missing=Missing.PASSED, end=end)
    bound = use["binding_until"]
    earliest = end
    if bound and bound < end:
        earliest = bound if bound >= today else min(soonest, end)
    return Exit(
        earliest=earliest,
        latest=shift(end, (use["options"] or 0) * (use["option_months"] or 0)),
        end=end,
        notice_on=shift(earliest, -notice) if said else None,
        renews_on=end if renews else None,
        soonest=soonest,
        notice=notice,
        notice_to=to,
        renews=renews,
    )


def _next_end(end: date, renews: int, today: date) -> date:
    """The end that lies ahead: a contract that renews itself has done so."""
    if not renews or end >= today:
        return end
    months = (today.year - end.year) * 12 + today.month - end.month
    times = max(months // renews, 1)
    while shift(end, times * renews) < today:
        times += 1
    return shift(end, times * renews)


def within(day: date, spans: list[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)


def in_both(some: list[Span], others: list[Span]) -> list[Span]:
    """The days that are in both lists of spans; each list is in order and without overlap."""
    found = []
    left = right = 0
    while left < len(some) and right < len(others):
        first = max(some[left][0], others[right][0])
        last = min(some[left][1], others[right][1])
        if first <= last:
            found.append((first, last))
        if some[left][1] < others[right][1]:
            left += 1
        else:
            right += 1
    return found
