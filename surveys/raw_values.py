"""What stands in a cell of an imported file, as people write it: kept as JSON, shown with the days of the page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from digivesteralen.ui import wording

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?")


def is_moment(text: str) -> bool:
    """Whether it is a day or a moment as a row of an import keeps it."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def shown(value: Any) -> str:
    """«18.05.2021 kl. 10.08» for a moment, «30.06.2027» for a day; anything else as it stands."""
    text = str(value)
    if not is_moment(text):
        return text
    moment = datetime.fromisoformat(text)
    day = wording.short_day(moment)
    return f"{day} {wording.clock(moment)}" if (moment.hour, moment.minute) != (0, 0) else day
