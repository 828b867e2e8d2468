"""Dividing an amount so that the parts are the amount, to the last øre (rule 2). Pure arithmetic, knows no project."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

ORE = Decimal("0.01")

Weight = int | Decimal | Fraction


def split(amount: Decimal, weights: Sequence[Weight], unit: Decimal = ORE) -> list[Decimal]:
    """Parts in proportion to the weights. They add up to the amount exactly.

    Each first gets what it is owed rounded down; what is then left goes, one unit each, to those that lost most by
    the rounding. Where two lost equally much, the one that stands first gets it: the same answer every time.
    """
    return _divide(amount, weights, unit)[0]


def rounded_up(amount: Decimal, weights: Sequence[Weight], unit: Decimal = ORE) -> list[int]:
    """The places of those that carry one unit more than they would by rounding down."""
    return _divide(amount, weights, unit)[1]


def _divide(amount: Decimal, weights: Sequence[Weight], unit: Decimal) -> tuple[list[Decimal], list[int]]:
    units = Fraction(amount) / Fraction(unit)
    if units.denominator != 1:
        raise ValueError(f"{amount} is no whole number of {unit}.")
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Neither the amount nor a weight can be below zero.")
    if not weights:
        return [], []
    exact = [Fraction(weight) for weight in weights]
    total = sum(exact)
    if total == 0:
        if amount:
            raise ValueError("There is nothing to divide by: all weights are zero.")
        return [Decimal(0) for _weight in weights], []
    owed = [units * weight / total for weight in exact]
    parts = [int(share) for share in owed]
    left = int(units) - sum(parts)
    lost_most = sorted(range(len(owed)), key=lambda place: (parts[place] - owed[place], place))
    raised = sorted(lost_most[:left])
    for place in raised:
        parts[place] += 1
    return [unit * part for part in parts], raised
