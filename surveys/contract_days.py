"""The days of a contract that its municipality is told of in time, and how long before (4.3).

A notice that is not given can't be given later, so it is told three times: half a year before, when a joint purchase
can still be thought of; a quarter before, when a council still has a meeting; a month before, when it is a letter.
A renewal and an end are told twice: half a year before, and when two months, or one, are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from surveys.exits import exits
from surveys.models import ContractAlert

Kind = ContractAlert.Kind
BEFORE = {Kind.NOTICE: (180, 90, 30), Kind.RENEWAL: (180, 60), Kind.END: (180, 30)}
COLUMNS = (
    "contract_end", "end_running", "binding_until", "notice_months", "notice_to", "options", "option_months",
    "renews_months",
)  # fmt: skip


def days_of(use: Mapping[str, Any], today: date) -> Iterator[tuple[Kind, date]]:
    """What happens with the contract, and when. A running contract has no such day: its notice counts from today."""
    found = exits(use, today)
    if found.missing or found.end is None:
        return
    if found.needs_notice and found.notice_on and found.notice_on >= today:
        yield Kind.NOTICE, found.notice_on
    yield (Kind.RENEWAL if found.renews_on else Kind.END), found.end


def alerts_due(use: Mapping[str, Any], today: date) -> Iterator[tuple[Kind, date, int]]:
    """The alerts that should stand today: of each day the nearest distance that is reached, however late one looks."""
    for kind, day in days_of(use, today):
        reached = [days for days in BEFORE[kind] if day - timedelta(days=days) <= today]
        if reached:
            yield kind, day, min(reached)
