"""A secretariat's full-time positions on a day and over time, against the least that was agreed (B17, R18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance.models import Body, Position

FULL = 100


@dataclass(frozen=True)
class Staffing:
    """The positions of one body on a day."""

    body: Body
    day: date
    positions: list[Position]

    @property
    def fte(self) -> Decimal:
        """Also vacant positions are there; ``filled`` counts those that somebody is in."""
        return _sum(self.positions)

    @property
    def filled(self) -> Decimal:
        return _sum([one for one in self.positions if one.person_id is not None])

    @property
    def is_below(self) -> bool:
        return self.body.fte_minimum is not None and self.filled < self.body.fte_minimum

    @property
    def warning(self) -> str:
        """«1,5 årsverk er besatt, minst 2 er avtalt.»"""
        if not self.is_below:
            return ""
        return _("%(filled)s full-time positions are filled, at least %(least)s are agreed.") % {
            "filled": wording.number(self.filled),
            "least": wording.number(self.body.fte_minimum),
        }


def staffing_on(body: Body, day: date) -> Staffing:
    held = Position.objects.active(day).filter(body=body).select_related("person", "employer")
    held = held.select_related("resolution__item__meeting__body", "resolution__item__case__body")
    return Staffing(body, day, list(held.prefetch_related("competences__competence")))


def over_time(body: Body) -> list[tuple[date, Decimal]]:
    """The sum from each day on which it changes (R18)."""
    positions = list(body.positions.all())
    days = {one.since for one in positions} | {one.until + timedelta(days=1) for one in positions if one.until}
    return [(day, _sum([one for one in positions if _holds(one, day)])) for day in sorted(days)]


def _holds(position: Position, day: date) -> bool:
    return position.since <= day and (position.until is None or position.until >= day)


def _sum(positions: list[Position]) -> Decimal:
    return Decimal(sum(one.share for one in positions)) / FULL
