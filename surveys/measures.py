"""The measures that were kept of how alike the municipalities were, over time (surveys.md 8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, Sum
from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from governance.models import Collaboration
from surveys.convergence import FOUR, Whole
from surveys.models import ConvergenceMeasure


@dataclass(frozen=True)
class Point:
    """All areas together on a day."""

    on: date
    index: Decimal | None
    coverage: Decimal
    title: str = ""
    example: bool = False


def history(collaboration: Collaboration, level: str) -> list[Point]:
    """The measures that were kept, the oldest first; one read."""
    this = Q(areas__level=level)
    measures = ConvergenceMeasure.objects.filter(collaboration=collaboration).annotate(
        mean=Avg("areas__index", filter=this),
        answered=Sum("areas__answered", filter=this),
        asked=Count("areas", filter=this),
    )
    return [_point(one) for one in measures]


def _point(measure: Any) -> Point:
    asked = measure.asked * measure.members
    coverage = (Decimal(measure.answered or 0) / asked).quantize(FOUR) if asked else Decimal(0)
    mean = None if measure.mean is None else measure.mean.quantize(FOUR)
    return Point(measure.on, mean, coverage, measure.title, measure.example)


def with_today(points: list[Point], today: date, now: Whole) -> list[Point]:
    """What was kept, and at the end how it stands now, unless that was kept today."""
    if points and points[-1].on == today:
        return points
    return [*points, Point(today, now.index, now.coverage, _("today"))]


def development(points: list[Point]) -> str:
    """«From 0,15 to 0,40», with the coverage of both."""
    known = [point for point in points if point.index is not None]
    if len(known) < 2:  # noqa: PLR2004 -- it takes two to tell of a change
        return ""
    first, last = known[0], known[-1]
    return _(
        "From %(before)s on %(first)s (%(then)s of the questions answered) to %(after)s on %(last)s (%(now)s answered)."
    ) % {
        "before": wording.number(first.index, 2),
        "first": wording.day(first.on),
        "then": wording.percent(first.coverage),
        "after": wording.number(last.index, 2),
        "last": wording.day(last.on),
        "now": wording.percent(last.coverage),
    }


def chart(points: list[Point]) -> charts.Chart | None:
    """The index over time with the coverage beside it, both as shares."""
    if len(points) < 2:  # noqa: PLR2004
        return None
    rounded = [[_two(point.index) for point in points], [_two(point.coverage) for point in points]]
    return charts.line(
        _("How alike the municipalities are, over time"),
        [wording.short_day(point.on) for point in points],
        [(_("Convergence"), "accent", rounded[0]), (_("Share of the questions answered"), "neutral", rounded[1])],
        label=_("Date"),
        note=_("0 is all different, 1 is all the same. Read it with the share that had answered."),
        id="likhet",
    )


def _two(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))
