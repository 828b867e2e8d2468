"""Lanes on one axis of time: what lasts as bars, what happens on a day as marks of different shape."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import dates
from django.utils.translation import gettext

from digivesteralen.ui import wording
from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.bars import GAP, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart

BAR, RADIUS, EDGE = 22, 7, 12
At = Callable[[date], float]


@dataclass(frozen=True)
class Span:
    """What lasts from a day to a day; none means that the end, or the beginning, is not known."""

    look: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Mark:
    """What happens on a day, with the words of the hover text."""

    look: str
    on: date
    says: str


@dataclass(frozen=True)
class Lane:
    """One row: its bars and marks, and what the table under the figure tells of it."""

    label: str
    cells: Sequence[Any]
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class LaneLooks:
    """Name and colour of each kind of bar; name, colour and shape of each kind of mark."""

    spans: dict[str, tuple[str, str]] = field(default_factory=dict)
    marks: dict[str, tuple[str, str, str]] = field(default_factory=dict)


def lanes(
    title: str,
    rows: Sequence[Lane],
    looks: LaneLooks,
    axis: tuple[date, date],
    *,
    head: Sequence[str],
    today: date,
    note: str = "",
    id: str = "",
) -> Chart:
    """Rows on the axis from the first day to the last; what lies outside of it is cut, and told by the table."""
    return Chart(
        title=title,
        head=head,
        rows=[(row.label, *row.cells) for row in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, rows, looks, axis, today),
    )


def _draw(canvas: Canvas, rows: Sequence[Lane], looks: LaneLooks, axis: tuple[date, date], today: date) -> None:
    first, last = axis
    left = label_room(canvas, [row.label for row in rows])
    per = (canvas.width - left - EDGE) / max((last - first).days, 1)

    def at(day: date) -> float:
        return left + min(max((day - first).days, 0), (last - first).days) * per

    start = _legend(canvas, rows, looks) + 48
    top: float = start
    places: list[tuple[float, float]] = []
    marks_from = len(canvas.parts)
    for row in rows:
        y, height = label_beside(canvas, row.label, left, top, BAR)
        places.append((y, y + BAR))
        _draw_lane(canvas, at, y, row, looks, axis)
        top += height + GAP
    canvas.height = top - GAP + 4
    drawn, canvas.parts = canvas.parts[marks_from:], canvas.parts[:marks_from]
    _ticks(canvas, at, axis, start, places if canvas.narrow else [(start - 8, top - GAP)])
    canvas.parts.extend(drawn)
    if first <= today <= last:
        _today(canvas, at(today), start, top - GAP)


def _legend(canvas: Canvas, rows: Sequence[Lane], looks: LaneLooks) -> float:
    """The kinds that are drawn, each by its look; returns where the drawing below may start."""
    used = {bar.look for row in rows for bar in row.spans} | {mark.look for row in rows for mark in row.marks}
    x, y = 0.0, 0.0
    for look, (name, color, *shape) in [*looks.spans.items(), *looks.marks.items()]:
        if look not in used:
            continue
        step = 26 + letters.width(name, SMALL) + 18
        if x and x + step > canvas.width:
            x, y = 0.0, y + 22
        if shape:
            SHAPES[shape[0]](canvas, x + 9, y + 8, color, "")
        else:
            canvas.bar(x, y + 1, 18, 14, color)
        canvas.text(x + 26, y + 13, name, size=SMALL)
        x += step
    return y + 22


def _draw_lane(canvas: Canvas, at: At, y: float, row: Lane, looks: LaneLooks, axis: tuple[date, date]) -> None:
    for bar in row.spans:
        name, color = looks.spans[bar.look]
        begins, ends = bar.first or bar.last, bar.last
        if begins is None or begins > axis[1] or (ends is not None and ends < axis[0]):
            continue
        until = wording.short_day(ends) if ends else "…"
        says = f"{row.label}: {name} {wording.short_day(bar.first) if bar.first else '…'}–{until}"
        x1, x2 = at(begins), at(ends or axis[1])
        canvas.bar(x1, y + 4, max(x2 - x1, 4), BAR - 8, color, says)
        if ends is None:
            canvas.shape([(x2, y + 2), (x2 + 10, y + BAR / 2), (x2, y + BAR - 2)], color, says)
    for mark in row.marks:
        if axis[0] <= mark.on <= axis[1]:
            _name, color, shape = looks.marks[mark.look]
            SHAPES[shape](canvas, at(mark.on), y + BAR / 2, color, f"{row.label}: {mark.says}")


def _ticks(
    canvas: Canvas, at: At, axis: tuple[date, date], start: float, places: Sequence[tuple[float, float]]
) -> None:
    """A line for each year, and for each quarter where there is room for its month."""
    per_year = 365 * (at(axis[1]) - at(axis[0])) / max((axis[1] - axis[0]).days, 1)
    every = max(1, math.ceil(40 / max(per_year, 1)))
    months = (1, 4, 7, 10) if per_year > 4 * 44 else (1,)
    for year in range(axis[0].year, axis[1].year + 1):
        for month in months if (year - axis[0].year) % every == 0 else ():
            day = date(year, month, 1)
            if not axis[0] <= day <= axis[1] or at(axis[1]) - at(day) < 2:
                continue
            for upper, lower in places:
                canvas.rule(at(day), upper, at(day), lower)
            words = str(year) if month == 1 else str(dates.MONTHS[month])[:3]
            if at(day) + letters.width(words, SMALL) < canvas.width:
                canvas.text(at(day) + 3, start - 12, words, kind="muted", size=SMALL)


def _today(canvas: Canvas, x: float, start: float, bottom: float) -> None:
    words = gettext("today")
    canvas.rule(x, start - 28, x, bottom, kind="today", dashed=True)
    fits = x + 4 + letters.width(words, SMALL) < canvas.width
    canvas.text(x + 4 if fits else x - 4, start - 30, words, anchor="start" if fits else "end", size=SMALL)


SHAPES: dict[str, Callable[[Canvas, float, float, str, str], None]] = {
    "diamond": lambda canvas, x, y, color, says: canvas.diamond(x, y, RADIUS + 1, color, says),
    "square": lambda canvas, x, y, color, says: canvas.bar(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, color, says),
    "dot": lambda canvas, x, y, color, says: canvas.dot(x, y, RADIUS, color, says),
    "triangle": lambda canvas, x, y, color, says: canvas.shape(
        [(x, y - RADIUS - 1), (x + RADIUS + 1, y + RADIUS), (x - RADIUS - 1, y + RADIUS)], color, says
    ),
}
