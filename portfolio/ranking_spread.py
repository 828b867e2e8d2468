"""How the directors rank, side by side, with how far apart they are; and who may see it when (rule 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts
from governance.actions import opinions
from governance.models import Organisation
from governance.quorum import answering_seats
from portfolio.models import OwnPlace, RankingRound, RankingRoundItem

MANAGE = "governance.manage_portfolio"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One candidate: where the secretariat and each director has it, and the spread of the directors."""

    item: RankingRoundItem
    places: Sequence[int | None]

    @property
    def title(self) -> str:
        return self.item.candidate.title

    @property
    def given(self) -> list[int]:
        return [place for place in self.places if place is not None]

    @property
    def mean(self) -> Decimal | None:
        if not self.given:
            return None
        return (Decimal(sum(self.given)) / len(self.given)).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def lowest(self) -> int | None:
        return min(self.given, default=None)

    @property
    def highest(self) -> int | None:
        return max(self.given, default=None)

    @property
    def deviation(self) -> Decimal | None:
        """Nothing where fewer than two have answered: one answer has no spread."""
        if len(self.given) < 2:
            return None
        return Decimal(pstdev(self.given)).quantize(HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Spread:
    """All of them: the columns are those who were asked, the silent too."""

    asked: Sequence[Organisation]
    answered: Sequence[bool]
    lines: Sequence[Line]

    @property
    def count(self) -> int:
        return sum(self.answered)

    @property
    def silent(self) -> list[Organisation]:
        return [place for place, given in zip(self.asked, self.answered, strict=True) if not given]


def spread(round: RankingRound) -> Spread:
    """Best mean first; before anybody has answered, as the secretariat has them."""
    said: dict[tuple[int, int], int] = {}
    answers = OwnPlace.objects.filter(own__round=round).values_list("item", "own__organisation", "place")
    for item, organisation, place in answers:
        said[item, organisation] = place
    answered = {organisation for _item, organisation in said}
    asked = _asked(round, answered)
    items = round.items.select_related("candidate__project", "candidate__idea")
    lines = [Line(item, [said.get((item.pk, place.pk)) for place in asked]) for item in items]
    lines.sort(key=lambda line: (line.mean is None, line.mean or 0, line.item.position))
    return Spread(asked, [place.pk in answered for place in asked], lines)


def _asked(round: RankingRound, answered: set[int]) -> list[Organisation]:
    """One for each seat that votes, and whoever has answered and has left the seat since."""
    seats = [seat.represents for seat in answering_seats(round.body) if seat.represents]
    gone = answered - {organisation.pk for organisation in seats}
    return [*seats, *Organisation.objects.filter(pk__in=gone).order_by("sort_key")]


def may_compare(user: Any, round: RankingRound) -> bool:
    """The secretariat always; a director when the own is sent, or when the round is over."""
    if holds(user, MANAGE, round.collaboration):
        return True
    own = [seat.represents_id for seat in opinions.seats_of(user, round.body)]
    if not own or not holds(user, opinions.RIGHT, round.body):
        return False
    return not round.is_open() or round.own_rankings.filter(organisation__in=own).count() == len(own)


def chart(found: Spread) -> charts.Chart | None:
    """Lowest, mean and highest place of each; nothing before somebody has answered."""
    if not found.count:
        return None
    return charts.dot_range(
        _("How the directors rank"),
        [(line.title, line.lowest, line.mean, line.highest, None) for line in found.lines],
        scale=(1, max(2, len(found.lines))),
        mean_name=_("Mean place"),
        note=_("1 is first. A view in the steering group, and no decision of any municipality."),
        label=_("Project or idea"),
        id="spredning",
        dots=[line.places for line in found.lines],
    )


def sheet(found: Spread) -> SheetSpec:
    header = [
        _("Project or idea"), _("The secretariat's place"), *(place.name for place in found.asked), _("Mean place"),
        _("Lowest"), _("Highest"), _("Standard deviation"), _("Example"),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [
            line.title, line.item.position, *line.places, line.mean, line.lowest, line.highest,
            line.deviation, _("yes") if line.item.round.example else "",
        ]
        for line in found.lines
    ]  # fmt: skip
    return SheetSpec(_("The directors' ranking"), header, rows)
