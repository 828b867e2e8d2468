"""A strip of the calendar for each row: what binds, what is open, what can be prolonged, and a day all look at."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from digivesteralen.ui import wording
from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.bars import GAP, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart

BAR, HEAD = 22, 66
# A single day is drawn this wide, as high as the row.
POINT = 6


@dataclass(frozen=True)
class Stretch:
    """Days from and to (none: without end); its look is told by the legend of the strip."""

    look: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Strip:
    """One row: its stretches, its marked days, words where there is nothing to draw, and what the table says."""

    label: str
    cells: Sequence[Any] = ()
    stretches: Sequence[Stretch] = ()
    marks: Sequence[date] = ()
    words: str = ""


@dataclass(frozen=True)
class Looks:
    """What the stretches and marks of a strip are called, and their colours; each has a height of its own too."""

    stretches: dict[str, tuple[str, str]] = field(default_factory=dict)
    mark: str = ""
    day: str = ""


# Told apart without colour: the first look fills the row, each further one is thinner.
HEIGHTS = (BAR, 14, 6)


def calendar_strip(
    title: str,
    rows: Sequence[Strip],
    looks: Looks,
    *,
    head: Sequence[str],
    on: date | None = None,
    today: date,
    note: str = "",
    id: str = "",
) -> Chart:
    """Rows of stretches on one axis of years from today, with a line through the day ``on``."""
    return Chart(
        title=title,
        head=head,
        rows=[(row.label, *row.cells) for row in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, rows, looks, on, today),
    )


def _draw(canvas: Canvas, rows: Sequence[Strip], looks: Looks, on: date | None, today: date) -> None:
    begins, ends = date(today.year, 1, 1), _end(rows, on, today)
    left = label_room(canvas, [row.label for row in rows])
    per = (canvas.width - left - 14) / (ends - begins).days

    def at(day: date) -> float:
        return left + min(max((day - begins).days, 0), (ends - begins).days) * per

    start = _legend(canvas, looks) + HEAD - 26
    top: float = start
    spans = []
    marks_from = len(canvas.parts)
    for row in rows:
        y, height = label_beside(canvas, row.label, left, top, BAR)
        spans.append((y, y + BAR))
        _draw_row(canvas, at, y, row, looks, (left, ends))
        top += height + GAP
    canvas.height = top - GAP + 4
    drawn, canvas.parts = canvas.parts[marks_from:], canvas.parts[:marks_from]
    _years(canvas, at, (begins, ends), start, spans if canvas.narrow else [(start - 8, top - GAP)])
    canvas.parts.extend(drawn)
    if on:
        _day(canvas, at(on), start, top - GAP + 4, f"{looks.day} {wording.short_day(on)}".strip())


def _end(rows: Sequence[Strip], on: date | None, today: date) -> date:
    """The end of the axis: a year past what is drawn; what has no end runs to the edge."""
    days = [day for row in rows for stretch in row.stretches for day in (stretch.first, stretch.last) if day]
    known = [day for day in [*days, *(day for row in rows for day in row.marks), on, today] if day]
    return date(max(known).year + 1, 12, 31) if known else date(today.year + 1, 12, 31)


def _legend(canvas: Canvas, looks: Looks) -> float:
    x, y = 0.0, 0.0
    entries = [*looks.stretches.values(), (looks.mark, "mark")] if looks.mark else [*looks.stretches.values()]
    for number, (name, color) in enumerate(entries):
        step = 34 + letters.width(name, SMALL) + 18
        if x and x + step > canvas.width:
            x, y = 0.0, y + 22
        if color == "mark":
            canvas.diamond(x + 11, y + 8, 8, "danger")
        else:
            height = HEIGHTS[number] * 14 / BAR
            canvas.bar(x, y + 8 - height / 2, 26, height, color)
        canvas.text(x + 34, y + 13, name, size=SMALL)
        x += step
    return y + 26


def _years(canvas: Canvas, at: Any, axis: tuple[date, date], start: float, spans: list[tuple[float, float]]) -> None:
    first, last = axis[0].year, axis[1].year
    every = max(1, math.ceil(44 / max(at(date(first + 1, 1, 1)) - at(axis[0]), 1)))
    for year in range(first, last + 1, every):
        for upper, lower in spans:
            canvas.rule(at(date(year, 1, 1)), upper, at(date(year, 1, 1)), lower)
        canvas.text(at(date(year, 1, 1)) + 3, start - 12, str(year), kind="muted", size=SMALL)


def _day(canvas: Canvas, x: float, start: float, bottom: float, words: str) -> None:
    canvas.rule(x, start - 30, x, bottom, kind="today", dashed=True)
    fits = x + 4 + letters.width(words, SMALL) < canvas.width
    canvas.text(x + 4 if fits else x - 4, start - 28, words, anchor="start" if fits else "end", size=SMALL)


def _draw_row(canvas: Canvas, at: Any, y: float, row: Strip, looks: Looks, edge: tuple[float, date]) -> None:
    left, ends = edge
    if not row.stretches:
        canvas.text(left + 8, y + 16, row.words or gettext("unknown"), kind="muted", size=SMALL)
    order = list(looks.stretches)
    for stretch in row.stretches:
        name, color = looks.stretches[stretch.look]
        until = wording.short_day(stretch.last) if stretch.last else "…"
        says = f"{row.label}: {name} {wording.short_day(stretch.first)}–{until}"
        height = HEIGHTS[order.index(stretch.look)]
        x1, x2 = at(stretch.first), at(stretch.last or ends)
        middle = y + BAR / 2
        if x2 - x1 < POINT:
            x1, x2, height = (x1 + x2 - POINT) / 2, (x1 + x2 + POINT) / 2, BAR
        canvas.bar(x1, middle - height / 2, x2 - x1, height, color, says)
        if stretch.last is None:
            canvas.shape([(x2, middle - 9), (x2 + 11, middle), (x2, middle + 9)], color, says)
    for day in row.marks:
        canvas.diamond(at(day), y + BAR / 2, 8, "danger", f"{row.label}: {looks.mark} {wording.short_day(day)}")
