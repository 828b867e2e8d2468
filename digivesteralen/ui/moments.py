"""A day and a clock become a moment in Norwegian time (F18)."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _


def moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def is_turned(day: date, clock: time) -> bool:
    """Whether the clock is turned then: that hour comes twice, or not at all."""
    first = moment(day, clock)
    return first.utcoffset() != first.replace(fold=1).utcoffset()


def ask_about_turned_clocks(form: Any, **days: date | None) -> None:
    """In the clean of a form: the clock in the field of that name, on that day, must be one moment only."""
    for name, day in days.items():
        clock = form.cleaned_data.get(name)
        if day and clock and is_turned(day, clock):
            form.add_error(
                name, _("The clock is turned that night, so this hour comes twice or not at all. Choose another hour.")
            )
