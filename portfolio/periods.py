"""The periods that hours are told for: a month, or a half-year in profile *Enkel*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from portfolio.models import Effort

HALF_YEAR, MONTH = Effort.Span.HALF_YEAR, Effort.Span.MONTH
FIRST_YEAR, LAST_YEAR = 2000, 2100

HALF_YEAR_SAID = [
    re.compile(r"(?P<half>[12])\.?\s*(?:halvår|h)\.?\s*(?P<year>\d{4})"),
    re.compile(r"h(?P<half>[12])[\s/-]*(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[\s/-]*h(?:alvår)?\.?\s*(?P<half>[12])"),
    re.compile(r"(?P<half>first|second) half of (?P<year>\d{4})"),
]
MONTH_SAID = [
    re.compile(r"(?P<month>\d{1,2})[./-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})"),
    re.compile(r"1\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"01\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-01"),
]
# What stands in the sheets, whatever the language of the page is.
NORWEGIAN = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
             "desember")  # fmt: skip
MONTH_NAMED = re.compile(r"(?P<name>[^\W\d]{3,})\.?\s+(?P<year>\d{4})")


@dataclass(frozen=True, order=True)
class Period:
    """A month or a half-year, by its first day."""

    starts_on: date
    span: str

    @property
    def ends_before(self) -> date:
        return first_after(self.starts_on, self.span)

    @property
    def last_day(self) -> date:
        return self.ends_before - timedelta(days=1)

    @property
    def has_begun(self) -> bool:
        return self.starts_on <= timezone.localdate()

    @property
    def half_year(self) -> Period:
        """The half-year that the period is, or lies in."""
        return Period(date(self.starts_on.year, 1 if self.starts_on.month <= 6 else 7, 1), HALF_YEAR)

    @property
    def before(self) -> Period:
        months = 1 if self.span == MONTH else 6
        return Period(_moved(self.starts_on, -months), self.span)

    @property
    def key(self) -> str:
        """As addresses and fields name it: 2026-08 or 2026-h2."""
        if self.span == MONTH:
            return f"{self.starts_on:%Y-%m}"
        return f"{self.starts_on.year}-h{1 if self.starts_on.month == 1 else 2}"

    def __str__(self) -> str:
        if self.span == MONTH:
            return format_date(self.starts_on, "F Y")
        if self.starts_on.month == 1:
            return _("first half of %(year)s") % {"year": self.starts_on.year}
        return _("second half of %(year)s") % {"year": self.starts_on.year}


def first_after(starts_on: date, span: str) -> date:
    """The first day after the period."""
    return _moved(starts_on, 1 if span == MONTH else 6)


def _moved(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def half_years(year: int) -> list[Period]:
    return [Period(date(year, 1, 1), HALF_YEAR), Period(date(year, 7, 1), HALF_YEAR)]


def months(year: int) -> list[Period]:
    return [Period(date(year, month, 1), MONTH) for month in range(1, 13)]


def this_month() -> Period:
    return Period(timezone.localdate().replace(day=1), MONTH)


def month_of(text: str) -> Period | None:
    """2026-08, as addresses name a month; nothing for what is no month."""
    said = re.fullmatch(r"(\d{4})-(\d{2})", text)
    return _month(int(said[1]), int(said[2])) if said else None


def read(value: Any) -> Period | None:
    """A period as people write it in a sheet: «1. halvår 2026», «2026 H1», «august 2026», «08.2026», a day."""
    if isinstance(value, datetime | date):
        return _month(value.year, value.month)
    text = " ".join(str(value).casefold().split()).removesuffix(" 00:00:00")
    for pattern in HALF_YEAR_SAID:
        if said := pattern.fullmatch(text):
            year = int(said["year"])
            return half_years(year)[said["half"] in ("2", "second")] if FIRST_YEAR <= year <= LAST_YEAR else None
    for pattern in MONTH_SAID:
        if said := pattern.fullmatch(text):
            return _month(int(said["year"]), int(said["month"]))
    said = MONTH_NAMED.fullmatch(text)
    return _month(int(said["year"]), _number_of(said["name"])) if said else None


def _number_of(name: str) -> int:
    """The month that a name, or the beginning of one, means; nought for none."""
    for number, norwegian in enumerate(NORWEGIAN, 1):
        if any(whole.startswith(name) for whole in (norwegian, str(MONTHS[number]).casefold())):
            return number
    return 0


def _month(year: int, month: int) -> Period | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return Period(date(year, month, 1), MONTH)
