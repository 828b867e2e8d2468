"""The days of a contract that its municipality is told of in time, and how long before (4.3).

A notice that is not given can't be given later, so it is told three times: half a year before, when a joint purchase
can still be thought of; a quarter before, when a council still has a meeting; a month before, when it is a letter.
A renewal and an end are told twice: half a year before, and when two months, or one, are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from surveys.exits import Missing, exits, next_end, unbound_on
from surveys.models import ContractAlert
from surveys.months import shift

Kind = ContractAlert.Kind
BEFORE = {Kind.NOTICE: (180, 90, 30), Kind.RENEWAL: (180, 60), Kind.END: (180, 30)}


def days_of(use: Mapping[str, Any], today: date) -> Iterator[tuple[Kind, date]]:
    """What happens with the contract, and when: days that the contract itself fixes, never one that moves with today.

    A running contract has none: its notice counts from the day it is given. Nor has one whose binding is over, but for
    the last day before it renews itself: that of the next renewal, when it is too late for the nearest.
    """
    found = exits(use, today)
    if found.end is None or found.missing == Missing.PASSED:
        return
    for day in sorted(set(_notice_days(use, found.end, today))):
        if day >= today:
            yield Kind.NOTICE, day
    yield (Kind.RENEWAL if found.renews_on else Kind.END), found.end


def _notice_days(use: Mapping[str, Any], end: date, today: date) -> Iterator[date]:
    notice, renews = use["notice_months"], use["renews_months"]
    if notice is None:
        return
    unbound = unbound_on(use, end)
    if unbound < end:
        yield shift(unbound, -notice)
    if renews:
        yield shift(next_end(use["contract_end"], renews, today, notice), -notice)


def alerts_due(use: Mapping[str, Any], today: date) -> Iterator[tuple[Kind, date, int]]:
    """The alerts that should stand today: of each day the nearest distance that is reached, however late one looks."""
    for kind, day in days_of(use, today):
        reached = [days for days in BEFORE[kind] if day - timedelta(days=days) <= today]
        if reached:
            yield kind, day, min(reached)
