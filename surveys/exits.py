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

# What a contract says of its days: all that is worked out here is worked out from these columns of a use.
TERMS = (
    "contract_end", "end_running", "binding_until", "notice_months", "notice_to", "options", "option_months",
    "renews_months",
)  # fmt: skip


class Missing(StrEnum):
    """Why nobody can tell when a contract can be left."""

    NO = ""
    UNKNOWN = "unknown"
    NOTICE = "notice"
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

    ``earliest`` is the end of the binding period, rounded up to what notice runs to; for a running contract, and one
    whose binding is over, today and the notice, rounded up; else the end. ``latest`` is the end with all options; none
    where the contract runs on. ``notice_on`` is the last day to give notice for the earliest exit, ``renews_on`` the
    day a contract renews itself next. Where nobody knows the notice, a contract that runs on or renews itself has no
    day to be left on, and one with an end is left on that day alone.
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
            return Way.NOTICE, shift(self._whole_period(on), -self.notice)
        return (Way.OPTION, self.end) if on > self.end else (Way.FREE, None)

    def _whole_period(self, on: date) -> date:
        """The end of the last period that notice can run to, on the day or before it; a renewal is its own."""
        return on if self.renews and self.end and on >= self.end else last_period_end(on, self.notice_to)


def exits(use: Mapping[str, Any], today: date) -> Exit:
    """When the contract of a use can be left, from the columns of the use."""
    notice, to = use["notice_months"] or 0, use["notice_to"] or ""
    soonest = period_end(add_months(today, notice), to)
    said = use["notice_months"] is not None
    if use["end_running"]:
        if not said:
            return Exit(missing=Missing.NOTICE)
        bound = use["binding_until"]
        earliest = max(soonest, period_end(bound, to)) if bound else soonest
        return Exit(
            earliest=earliest, soonest=soonest, notice=notice, notice_to=to,
            notice_on=shift(earliest, -notice),
        )  # fmt: skip
    if use["contract_end"] is None:
        return Exit(missing=Missing.UNKNOWN)
    renews = use["renews_months"] or 0
    end = next_end(use["contract_end"], renews, today)
    if end < today:
        return Exit(missing=Missing.PASSED, end=end)
    if renews and not said:
        return Exit(missing=Missing.NOTICE, end=end, renews_on=end, renews=renews)
    unbound = unbound_on(use, end)
    earliest = unbound if unbound >= today else min(soonest, end)
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


def unbound_on(use: Mapping[str, Any], end: date) -> date:
    """The first day on which a contract with an end can be left; the end where the notice to do so is not known."""
    bound = use["binding_until"]
    if bound is None or use["notice_months"] is None:
        return end
    return min(period_end(bound, use["notice_to"] or ""), end)


def next_end(end: date, renews: int, today: date, notice: int = 0) -> date:
    """The next end of a contract that renews itself for which notice can still be given; else the one it has."""
    if not renews:
        return end
    months = (today.year - end.year) * 12 + today.month - end.month
    times = max(months // renews, 0)
    while shift(shift(end, times * renews), -notice) < today:
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
