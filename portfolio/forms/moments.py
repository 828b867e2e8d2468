"""A day as it is known: «12.12.2026», «juni 2021», «høsten 2021» or «2021» (N13)."""

import re
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from digivesteralen.ui.numbers import whole
from portfolio.models import Precision

Moment = tuple[date | None, str]
NOT_KNOWN: Moment = (None, Precision.DAY)
# The first month of each season; winter is told by the year it ends in.
SEASONS = {"vinter": 1, "winter": 1, "vår": 3, "spring": 3, "sommer": 6, "summer": 6, "høst": 9, "autumn": 9}
LENGTH = {Precision.MONTH: 1, Precision.SEASON: 3, Precision.YEAR: 12}


class MomentField(forms.forms.CharField):
    """The cleaned value is (day, precision); of a month, season or year its first day, or its last for an end."""

    default_error_messages = {  # noqa: RUF012 -- the way of Django's fields
        "moment": _("Write a day (12.12.2026), a month (juni 2026), a season (høsten 2026) or a year."),
    }

    def __init__(self, *, last: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 12.12.2026, juni 2026, høsten 2026 or 2026."))
        super().__init__(**kwargs)
        self.last = last

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(super().to_python(value) or "").lower().split())
        if not text:
            return NOT_KNOWN
        found = _year(text) or _season(text) or _month(text)
        if found is None:
            return self._day(text), Precision.DAY
        first, precision = found
        months = 2 if precision == Precision.SEASON and first.month == 1 else LENGTH[precision]
        return (_end(first, months) if self.last else first), precision

    def _day(self, text: str) -> date | None:
        try:
            return forms.DateField().to_python(text)
        except ValidationError:
            raise ValidationError(self.error_messages["moment"], code="moment") from None

    def validate(self, value: Any) -> None:
        super().validate(None if value == NOT_KNOWN else value)

    def run_validators(self, value: Any) -> None:
        """Text validators have nothing to say about a day."""


def _year(text: str) -> tuple[date, Precision] | None:
    return (date(int(text), 1, 1), Precision.YEAR) if re.fullmatch(r"(19|20)\d\d", text) else None


def _season(text: str) -> tuple[date, Precision] | None:
    match = re.fullmatch(r"(vinter|winter|vår|spring|sommer|summer|høst|autumn)(?:en|ren)? ((?:19|20)\d\d)", text)
    return (date(int(match[2]), SEASONS[match[1]], 1), Precision.SEASON) if match else None


def _month(text: str) -> tuple[date, Precision] | None:
    names = {str(name).lower(): number for number, name in MONTHS.items()}
    match = re.fullmatch(r"(\w+)[ .]+((?:19|20)\d\d)", text)
    if not match:
        return None
    number = whole(match[1]) or names.get(match[1], 0)
    return (date(int(match[2]), number, 1), Precision.MONTH) if 1 <= number <= 12 else None


def _end(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, 12)
    return date(first.year + year, month + 1, 1) - timedelta(days=1)
