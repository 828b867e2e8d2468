"""When the portal itself reminds of a deadline: 14 and 3 days before it, and the first day it is past, once each."""

from __future__ import annotations

from datetime import date, timedelta

# How many days before the deadline the portal itself reminds; the first day past it is told too.
DAYS_BEFORE = (14, 3)
# A portal that stood still for a weekend catches up.
CATCHES_UP = 2


def moment_of(asked_on: date, answer_by: date, today: date) -> str | None:
    """Which reminder is due; who was asked later than that is not reminded of it."""
    for days in DAYS_BEFORE:
        first = answer_by - timedelta(days=days)
        if first <= today <= min(first + timedelta(days=CATCHES_UP), answer_by) and asked_on < first:
            return str(days)
    past = answer_by + timedelta(days=1)
    return "past" if past <= today <= past + timedelta(days=CATCHES_UP) else None
