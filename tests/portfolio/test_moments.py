"""A day is written as it is known, and shown the same way again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from portfolio.forms.moments import NOT_KNOWN, MomentField


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("12.12.2026", "day", date(2026, 12, 12), date(2026, 12, 12)),
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31)),
        ("høsten 2021", "season", date(2021, 9, 1), date(2021, 11, 30)),
        ("Vår 2024", "season", date(2024, 3, 1), date(2024, 5, 31)),
        ("vinteren 2024", "season", date(2024, 1, 1), date(2024, 2, 29)),
        ("sommeren 2022", "season", date(2022, 6, 1), date(2022, 8, 31)),
        ("februar 2023", "month", date(2023, 2, 1), date(2023, 2, 28)),
        ("06.2023", "month", date(2023, 6, 1), date(2023, 6, 30)),
        ("desember 2023", "month", date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_a_start_is_the_first_day_and_an_end_the_last(text: str, precision: str, first: date, last: date) -> None:
    with translation.override("nb"):
        assert MomentField().clean(text) == (first, precision)
        assert MomentField(last=True).clean(text) == (last, precision)


def test_nothing_written_is_not_known() -> None:
    assert MomentField(required=False).clean("") == NOT_KNOWN
    with pytest.raises(ValidationError):
        MomentField().clean("")


@pytest.mark.parametrize(
    "text", ["snart", "13.2026", "høsten", "31.02.2026", "høsten 21", "². 2026", "9" * 5000 + ". 2026"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with translation.override("nb"), pytest.raises(ValidationError):
        MomentField().clean(text)
