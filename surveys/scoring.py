"""From answers to maturity: shares of a scale, weighted by people, never invented (S13, G14, R31).

Everything here is arithmetic on numbers already read. A score is a share from 0 (lowest step) to 1 (highest) until it
is shown; what is missing is None, which is never nought and never the middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Share = Decimal
_LEADING = re.compile(r"\s*(-?\d{1,3}(?:[.,]\d{1,2})?)(?![\d])")


def leading_number(text: str) -> Decimal | None:
    """The number that an answer begins with: «4 - Enig» is 4; words alone are no number."""
    found = _LEADING.match(text)
    return Decimal(found[1].replace(",", ".")) if found else None


def share_of(value: Decimal | None, low: Decimal, high: Decimal, *, from_the_other_end: bool = False) -> Share | None:
    """Where on its scale an answer stands; one outside the scale says nothing."""
    if value is None or not low <= value <= high:
        return None
    share = (value - low) / (high - low)
    return 1 - share if from_the_other_end else share


def on_scale(share: Share | None, low: Decimal, high: Decimal) -> Decimal | None:
    """Back on the scale people answered on."""
    return None if share is None else low + share * (high - low)


def of_one(shares: Sequence[Share | None]) -> Share | None:
    """One answer to a dimension: the mean of what was answered, if that is at least half of what was asked."""
    answered = [share for share in shares if share is not None]
    if not answered or 2 * len(answered) < len(shares):
        return None
    return sum(answered, Decimal(0)) / len(answered)


@dataclass(frozen=True)
class Score:
    """A municipality's share in one dimension, and what stands behind it."""

    mean: Share
    answers: int
    people: int
    deviation: Share
    lowest: Share
    highest: Share


def of_group(given: Iterable[tuple[Share | None, int]]) -> Score | None:
    """The mean over answers, each weighted by the people behind it; the spread is between the answers."""
    known = [(share, people) for share, people in given if share is not None]
    if not known:
        return None
    people = sum(count for _share, count in known)
    mean = sum((share * count for share, count in known), Decimal(0)) / people
    variance = sum(((share - mean) ** 2 * count for share, count in known), Decimal(0)) / people
    shares = [share for share, _count in known]
    # Division rounds in the last of 28 digits; a mean is never outside what it is made of.
    mean = min(max(mean, min(shares)), max(shares))
    return Score(mean, len(known), people, variance.sqrt(), min(shares), max(shares))


@dataclass(frozen=True)
class Region:
    """Several municipalities in one dimension: their mean, and how far apart they are."""

    mean: Share
    municipalities: int
    answers: int
    people: int
    deviation: Share
    lowest: Share
    highest: Share


def of_region(scores: Iterable[Score | None], *, by_people: bool = False) -> Region | None:
    """The unweighted mean of the municipalities, since each has one vote; by the people behind it only when asked.

    The spread is between the municipalities, and is never weighted: it tells how even they are.
    """
    known = [score for score in scores if score is not None]
    if not known:
        return None
    weights = [score.people if by_people else 1 for score in known]
    plain = sum((score.mean for score in known), Decimal(0)) / len(known)
    mean = sum((score.mean * weight for score, weight in zip(known, weights, strict=True)), Decimal(0)) / sum(weights)
    variance = sum(((score.mean - plain) ** 2 for score in known), Decimal(0)) / len(known)
    means = [score.mean for score in known]
    return Region(
        mean=min(max(mean, min(means)), max(means)),
        municipalities=len(known),
        answers=sum(score.answers for score in known),
        people=sum(score.people for score in known),
        deviation=variance.sqrt(),
        lowest=min(means),
        highest=max(means),
    )


@dataclass(frozen=True)
class Gap:
    """The smallest municipalities beside the largest: both means, and how many are in each."""

    smallest: Share
    largest: Share
    each: int

    @property
    def difference(self) -> Share:
        return self.largest - self.smallest


def gap_by_size(scores: Iterable[tuple[Share | None, int | None]]) -> Gap | None:
    """The third with the fewest inhabitants beside the third with the most; three are needed at least (S14, K10)."""
    known = sorted((size, share) for share, size in scores if share is not None and size is not None)
    each = len(known) // 3
    if not each:
        return None
    first, last = known[:each], known[-each:]
    return Gap(
        sum((share for _size, share in first), Decimal(0)) / each,
        sum((share for _size, share in last), Decimal(0)) / each,
        each,
    )
