"""The parts are the amount, whatever is divided and however many share it."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from portfolio.splitting import ORE, split, split_units, units_of, whole


@pytest.mark.parametrize("seed", range(300))
def test_any_amount_over_any_weights_adds_up_and_nobody_is_more_than_one_ore_off(seed: int) -> None:
    draw = random.Random(seed)
    amount = Decimal(draw.randrange(0, 10 ** draw.randint(1, 12))) / 100
    weights = [draw.randrange(0, 10 ** draw.randint(1, 6)) for _place in range(draw.randint(1, 60))]
    weights[0] += 1
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(part >= 0 and part == part.quantize(ORE) for part in parts)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * weight / sum(weights)) < Fraction(1, 100)
        assert part == 0 or weight > 0


@pytest.mark.parametrize("seed", range(50))
def test_a_heavier_weight_never_pays_less_and_the_answer_is_the_same_every_time(seed: int) -> None:
    draw = random.Random(1000 + seed)
    weights = sorted(draw.randrange(1, 20_000) for _place in range(draw.randint(2, 47)))
    amount = Decimal(draw.randrange(1, 10**9)) / 100
    assert split(amount, weights) == split(amount, weights)
    assert split(amount, weights[::-1]) == sorted(split(amount, weights[::-1]), reverse=True)


def test_one_krone_among_three_gives_the_last_ore_to_the_first() -> None:
    assert split(Decimal(1), [1, 1, 1]) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert split_units(units_of(Decimal(1)), whole([1, 1, 1]))[1] == [0]


def test_the_last_ore_goes_to_the_one_that_lost_most_by_rounding() -> None:
    assert split(Decimal("0.10"), [1, 5]) == [Decimal("0.02"), Decimal("0.08")]
    assert split_units(units_of(Decimal("0.10")), whole([1, 5]))[1] == [0]


def test_hours_are_divided_in_tenths() -> None:
    assert split(Decimal("10.0"), [1, 1, 1], Decimal("0.1")) == [Decimal("3.4"), Decimal("3.3"), Decimal("3.3")]


def test_nothing_divided_is_nothing_and_nobody_pays_nothing() -> None:
    assert split(Decimal(0), [0, 0]) == [0, 0]
    assert split(Decimal(100), []) == []


@pytest.mark.parametrize(("amount", "weights"), [("-1", [1]), ("1", [1, -1]), ("1", [0, 0]), ("0.001", [1])])
def test_what_can_not_be_divided_is_refused(amount: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        split(Decimal(amount), weights)
