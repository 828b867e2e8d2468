"""How the candidates move from one saved ranking to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portfolio.models import Ranking


@dataclass(frozen=True)
class Moved:
    """One line of a saved ranking, beside where it stood in the one before."""

    key: str
    title: str
    area: str
    place: int
    before: int | None
    points: Decimal | None
    example: bool

    @property
    def by(self) -> int | None:
        """Places up (above nothing) or down (below nothing)."""
        return None if self.before is None else self.before - self.place

    @property
    def up(self) -> int:
        return max(self.by or 0, 0)

    @property
    def down(self) -> int:
        return max(-(self.by or 0), 0)


def earlier(ranking: Ranking) -> Ranking | None:
    """The ranking before it of the same: over all, or of the same focus area."""
    before = ranking.collaboration.rankings.filter(focus_area=ranking.focus_area_id, number__lt=ranking.number)
    return before.order_by("-number").first()


def lines(ranking: Ranking, before: Ranking | None) -> list[Moved]:
    places = {line["candidate"]: line["place"] for line in before.lines} if before else {}
    return [
        Moved(
            line["key"],
            line["title"],
            line["area"],
            line["place"],
            places.get(line["candidate"]),
            None if line["points"] is None else Decimal(line["points"]),
            line["example"],
        )
        for line in ranking.lines
    ]


def gone(ranking: Ranking, before: Ranking | None) -> list[str]:
    """What stood in the one before, and is not ranked any more."""
    if before is None:
        return []
    still = {line["candidate"] for line in ranking.lines}
    return [line["title"] for line in before.lines if line["candidate"] not in still]


def has_points(found: Sequence[Moved]) -> bool:
    return any(one.points is not None for one in found)
