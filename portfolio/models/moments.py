"""Days that are known only to the month, the season or the year: «høsten 2021» (N13, N16)."""

from __future__ import annotations

import calendar
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


def say(day: date | None, precision: str) -> str:
    """The moment in the words in which it is known."""
    if day is None:
        return ""
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.SEASON:
        return f"{season(day)} {day.year}"
    if precision == Precision.MONTH:
        return format_date(day, "F Y")
    return wording.day(day)


def season(day: date) -> str:
    return [gettext("winter"), gettext("spring"), gettext("summer"), gettext("autumn")][(day.month % 12) // 3]


def last_day(day: date, precision: str) -> date:
    """The last day of the moment: only then is it over."""
    if precision == Precision.DAY:
        return day
    month = {Precision.YEAR: 12, Precision.SEASON: _season_ends(day), Precision.MONTH: day.month}[Precision(precision)]
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def _season_ends(day: date) -> int:
    return 12 if day.month == 12 else day.month // 3 * 3 + 2
