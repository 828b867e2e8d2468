"""Dividing an amount so that the parts are the amount, to the last øre (rule 2). Pure arithmetic, knows no project."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

ORE = Decimal("0.01")

Weight = int | Decimal | Fraction


def split(amount: Decimal, weights: Sequence[Weight], unit: Decimal = ORE) -> list[Decimal]:
    """Parts in proportion to the weights. They add up to the amount exactly.

    Each first gets what it is owed rounded down; what is then left goes, one unit each, to those that lost most by
    the rounding. Where two lost equally much, the one that stands first gets it: the same answer every time.
    """
    parts, _raised = split_units(units_of(amount, unit), whole(weights))
    return [unit * part for part in parts]


def units_of(amount: Decimal, unit: Decimal = ORE) -> int:
    """How many øre (or other units) an amount is; it has to be a whole number of them."""
    units = Fraction(amount) / Fraction(unit)
    if units.denominator != 1:
        raise ValueError(f"{amount} is no whole number of {unit}.")
    return int(units)


def whole(weights: Sequence[Weight]) -> list[int]:
    """The same proportions in whole numbers."""
    exact = [Fraction(weight) for weight in weights]
    together = lcm(*(weight.denominator for weight in exact)) if exact else 1
    return [int(weight * together) for weight in exact]


def split_units(units: int, weights: Sequence[int]) -> tuple[list[int], list[int]]:
    """The parts in whole units, and the places of those that carry one unit more than rounding down gives."""
    if units < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Neither the amount nor a weight can be below zero.")
    if not weights:
        return [], []
    total = sum(weights)
    if total == 0:
        if units:
            raise ValueError("There is nothing to divide by: all weights are zero.")
        return [0] * len(weights), []
    owed = [units * weight for weight in weights]
    parts = [much // total for much in owed]
    left = units - sum(parts)
    if not left:
        return parts, []
    # What each lost by rounding down is its remainder; the largest first, the first listed of equals first.
    lost = [much % total for much in owed]
    raised = sorted(sorted(range(len(lost)), key=lost.__getitem__, reverse=True)[:left])
    for place in raised:
        parts[place] += 1
    return parts, raised
