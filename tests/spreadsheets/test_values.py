"""What Norwegians write in cells."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from digivesteralen.spreadsheets import values


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2026", date(2026, 2, 1)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 13, 5), date(2026, 12, 31)),  # noqa: DTZ001 -- Excel knows no time zones
        (date(2026, 12, 31), date(2026, 12, 31)),
        (46387, date(2026, 12, 31)),
        ("46387", date(2026, 12, 31)),
        ("Q4 2026", date(2026, 12, 31)),
        ("4. kvartal 2026", date(2026, 12, 31)),
        ("Q1 2026", date(2026, 3, 31)),
        ("2026", date(2026, 12, 31)),
        (2026, date(2026, 12, 31)),
        (" 31.12.2026\xa0", date(2026, 12, 31)),
        ("", None),
        (None, None),
    ],
)
def test_dates(said: Any, meant: date | None) -> None:
    assert values.date(said) == meant


@pytest.mark.parametrize("said", ["12/31/2026", "03/04/2026", "løpende", "31.02.2026", "12 uker", "99999999", "-5"])
def test_what_is_no_date(said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        values.date(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("12 500,50", "12500.50"),
        ("12\xa0500,50", "12500.50"),
        ("1.250,5", "1250.5"),
        ("1 200 000", "1200000"),
        ("12500.5", "12500.5"),
        (12500, "12500"),
        (0.1, "0.1"),
        ("-3", "-3"),
        (Decimal("7.25"), "7.25"),
    ],
)
def test_numbers(said: Any, meant: str) -> None:
    assert values.number(said) == Decimal(meant)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("kr 300.000,-", "300000"), ("300 000 kr", "300000"), ("NOK 1 000,50", "1000.50"), ("0", "0"), (99.5, "99.5")],
)
def test_amounts(said: Any, meant: str) -> None:
    assert values.money(said) == Decimal(meant)


@pytest.mark.parametrize("said", ["ca 250 000", "gratis", "kr", "1,2,3", "nan", "1e9", "∞"])
def test_what_is_no_amount(said: str) -> None:
    with pytest.raises(ValueError, match=said):
        values.money(said)


@pytest.mark.parametrize("nothing", [None, "", " ", "\xa0"])
def test_nothing_stays_nothing(nothing: Any) -> None:
    assert values.number(nothing) is None
    assert values.money(nothing) is None
    assert values.date(nothing) is None
    assert values.yes_no(nothing) is values.EMPTY


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Ja", True), ("J", True), ("x", True), ("nei", False), ("NEI.", False), ("Vet ikke", None), (True, True)],
)
def test_yes_no_and_not_known(said: Any, meant: bool | None) -> None:
    assert values.yes_no(said) is meant


def test_another_word_is_an_error_and_never_no() -> None:
    with pytest.raises(ValueError, match="kanskje"):
        values.yes_no("kanskje")


@pytest.mark.parametrize(("said", "meant"), [("1870", "1870"), (1870, "1870"), (1870.0, "1870"), (301, "0301")])
def test_municipality_numbers(said: Any, meant: str) -> None:
    assert values.municipality_number(said) == meant


@pytest.mark.parametrize("said", ["Sortland", "18700", "", None, "18-70"])
def test_what_is_no_municipality_number(said: Any) -> None:
    with pytest.raises(ValueError, match="four digits|fire sifre|fire siffer"):
        values.municipality_number(said)
