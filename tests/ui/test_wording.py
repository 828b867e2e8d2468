from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation

from digivesteralen.ui import wording


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1_200_000, "1 200 000 kr"),
        (Decimal("1200000.50"), "1 200 000,50 kr"),
        (Decimal("0.005"), "0,01 kr"),
        (0, "0 kr"),
        (Decimal("-412.00"), "−412 kr"),
    ],
)
def test_money_is_written_the_norwegian_way(amount: Decimal | int, written: str) -> None:
    assert plain(wording.money(amount)) == written


def test_money_in_english() -> None:
    with translation.override("en"):
        assert plain(wording.money(Decimal("1200000.5"))) == "NOK 1,200,000.50"


@pytest.mark.parametrize(("value", "written"), [(12, "12"), (Decimal("12.50"), "12,5"), (Decimal("1E+3"), "1 000")])
def test_numbers_carry_no_decimals_that_say_nothing(value: Decimal | int, written: str) -> None:
    assert plain(wording.number(value)) == written


def test_a_share_becomes_percent() -> None:
    assert plain(wording.percent(Decimal("0.125"), 1)) == "12,5 %"


def test_days_and_hours() -> None:
    assert wording.day(date(2026, 12, 12)) == "12. desember 2026"
    assert wording.weekday(date(2026, 12, 12)) == "lørdag 12. desember 2026"
    assert wording.short_day(date(2026, 3, 1)) == "01.03.2026"
    assert plain(wording.clock(time(9, 5))) == "kl. 09.05"


def test_a_moment_is_told_in_oslo_time() -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert plain(wording.moment(new_year)) == "1. januar 2027 kl. 00.30"
    assert wording.short_day(new_year) == "01.01.2027"


def test_sizes_beside_links() -> None:
    assert plain(wording.size(211_900)) == "212 kB"
    assert plain(wording.size(12)) == "1 kB"
    assert plain(wording.size(2_340_000)) == "2,3 MB"
