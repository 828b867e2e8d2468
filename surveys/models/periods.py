"""When something was done, said as exactly as it is known: «mai–juni 2021» (N13)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    SEASON = "season", _("season")
    YEAR = "year", _("year")


def say(since: date | None, until: date | None, precision: str) -> str:
    """A period in the words in which it is known; what both ends share is said once."""
    if since is None and until is None:
        return ""
    first, last = (_moment(day, precision) if day else "" for day in (since, until))
    if first == last:
        return first
    if since and until and precision == Precision.MONTH and since.year == until.year:
        first = format_date(since, "F")
    return f"{first}–{last}" if precision != Precision.DAY else f"{first} – {last}".strip()


def _moment(day: date, precision: str) -> str:
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.SEASON:
        seasons = [gettext("winter"), gettext("spring"), gettext("summer"), gettext("autumn")]
        return f"{seasons[(day.month % 12) // 3]} {day.year}"
    return format_date(day, "F Y") if precision == Precision.MONTH else wording.day(day)
