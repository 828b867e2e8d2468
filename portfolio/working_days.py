"""Working days in Norway: not Saturday, not Sunday, not a public holiday."""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)
# Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday; the Sundays are no working days anyway.
AROUND_EASTER = (-3, -2, 1, 39, 50)
FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))


def working_day(month: date, number: int) -> date:
    """The first, second, … working day of a month."""
    day = month.replace(day=1) - DAY
    while number:
        day += DAY
        number -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def _holidays(year: int) -> set[date]:
    sunday = easter(year)
    return {date(year, *fixed) for fixed in FIXED} | {sunday + days * DAY for days in AROUND_EASTER}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous computus."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    epact = (skipped + 19 * golden + 15) % 30
    moon = epact - epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    ahead = moon - weekday
    month = 3 + (ahead + 40) // 44
    return date(year, month, ahead + 28 - 31 * (month // 4))
