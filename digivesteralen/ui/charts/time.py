"""Development over time, and what lasts from when to when."""

import math
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext

from digivesteralen.ui import wording
from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.bars import GAP, Amount, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart, say

Series = tuple[str, str, Sequence[Amount]]
Period = tuple[str, date | None, date | None, str]
BAR = 22


def line(
    title: str,
    points: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str = "",
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """One line per series over the same points; a point nobody knows leaves a gap."""
    return Chart(
        title=title,
        head=[label or gettext("When"), *(str(name) for name, _, _ in series)],
        rows=[(point, *(values[index] for _, _, values in series)) for index, point in enumerate(points)],
        unit=unit,
        note=note,
        id=id,
        draw=lambda canvas: _draw_line(canvas, points, series, unit),
    )


def _draw_line(canvas: Canvas, points: Sequence[str], series: Sequence[Series], unit: str) -> None:
    top = (canvas.legend([(str(name), color) for name, color, _ in series]) if len(series) > 1 else 4) + 16
    known = [float(value) for _, _, values in series for value in values if value is not None]
    step = _nice(max([*known, 0]) / 4)
    highest = step * max(1, math.ceil(max([*known, 0]) / step))
    room, left = 200, max(letters.width(say(step * k, unit), SMALL) for k in range(5)) + 10
    across = (canvas.width - left - 40 - _end_room(series, unit)) / max(len(points) - 1, 1)

    def at(index: int, value: float) -> tuple[float, float]:
        return left + 20 + index * across, top + room - value / highest * room

    for k in range(round(highest / step) + 1):
        y = at(0, step * k)[1]
        canvas.rule(left, y, at(len(points) - 1, 0)[0] + 20, y)
        canvas.text(left - 8, y + 4, say(_tidy(step * k), unit), kind="muted", anchor="end", size=SMALL)
    every = max(1, math.ceil(max(letters.width(p, SMALL) for p in points) * 1.2 / max(across, 1)))
    for index, point in enumerate(points):
        if index % every == 0:
            canvas.text(at(index, 0)[0], top + room + 22, point, kind="muted", anchor="middle", size=SMALL)
    for number, (name, color, values) in enumerate(series):
        _draw_series(canvas, at, points, (str(name), color, values), unit, number, alone=len(series) == 1)
    if len(series) > 1:
        _draw_ends(canvas, at, series, unit)
    canvas.height = top + room + 28


def _last(values: Sequence[Amount]) -> int | None:
    return max((index for index, value in enumerate(values) if value is not None), default=None)


def _end_room(series: Sequence[Series], unit: str) -> float:
    """Several lines carry their last value at the right end; one line carries all its values above the points."""
    if len(series) < 2:
        return 0
    return max(letters.width(say(value, unit), SMALL) for _, _, values in series for value in values)


def _draw_ends(canvas, at, series, unit) -> None:  # type: ignore[no-untyped-def]
    """The last known value of each line, moved apart where lines end close together."""
    ends = [(values, last) for _, _, values in series if (last := _last(values)) is not None]
    placed = sorted((*at(last, float(values[last])), values[last]) for values, last in ends)
    free = 0.0
    for x, y, value in sorted(placed, key=lambda end: end[1]):
        free = max(free, y + 4)
        canvas.text(x + 12, free, say(value, unit), size=SMALL)
        free += 15


def _draw_series(canvas, at, points, series, unit, number, *, alone) -> None:  # type: ignore[no-untyped-def]
    name, color, values = series
    run: list[tuple[float, float]] = []
    for value, index in [*zip(values, range(len(values)), strict=True), (None, 0)]:
        if value is not None:
            run.append(at(index, float(value)))
            continue
        if len(run) > 1:
            canvas.path(run, color)
        run = []
    for index, value in enumerate(values):
        if value is None:
            continue
        x, y = at(index, float(value))
        _MARKERS[number % len(_MARKERS)](canvas, x, y, color, f"{name}, {points[index]}: {say(value, unit)}")
        if alone:
            canvas.text(x, y - 12, say(value, unit), anchor="middle", size=SMALL)


_MARKERS = (
    lambda canvas, x, y, color, says: canvas.dot(x, y, 5, color, says),
    lambda canvas, x, y, color, says: canvas.bar(x - 5, y - 5, 10, 10, color, says),
    lambda canvas, x, y, color, says: canvas.diamond(x, y, 7, color, says),
    lambda canvas, x, y, color, says: canvas.shape([(x, y - 6), (x + 6, y + 5), (x - 6, y + 5)], color, says),
)


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20, … so that the axis reads easily."""
    if step <= 0:
        return 1
    power = 10 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step)


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 6)


def timeline(
    title: str,
    rows: Sequence[Period],
    *,
    today: date | None = None,
    color: str = "accent",
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """Rows of (label, from or None, to or None, words) on one axis of years."""
    head = [label or gettext("What"), gettext("From"), gettext("To"), gettext("Note")]
    return Chart(
        title=title,
        head=head,
        rows=[(name, start, end, str(words)) for name, start, end, words in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw_timeline(canvas, rows, today, color),
    )


def _draw_timeline(canvas: Canvas, rows: Sequence[Period], today: date | None, color: str) -> None:
    days = [day for _, start, end, _ in rows for day in (start, end, today) if day]
    first, last = (min(days).year, max(days).year + 1) if days else (0, 1)
    left = label_room(canvas, [str(row[0]) for row in rows])
    per = (canvas.width - left - 12) / max((date(last, 1, 1) - date(first, 1, 1)).days, 1) if days else 0

    def at(day: date) -> float:
        return left + (day - date(first, 1, 1)).days * per

    start_of_rows = 48
    top: float = start_of_rows
    spans = []
    for name, start, end, words in rows:
        y, row = label_beside(canvas, str(name), left, top, BAR)
        spans.append((y, y + BAR))
        _draw_period(canvas, at, y, (str(name), start, end, str(words)), (left, canvas.width), color)
        top += row + GAP
    canvas.height = top - GAP + 2
    marks, canvas.parts = canvas.parts, []
    every = max(1, math.ceil((last - first) * 44 / (canvas.width - left)))
    # The years go behind the marks; where labels stand above, they keep to the rows of marks.
    spans = spans if canvas.narrow else [(start_of_rows - 10, top - GAP)]
    for year in range(first, last + 1 if days else first, every):
        for upper, lower in spans:
            canvas.rule(at(date(year, 1, 1)), upper, at(date(year, 1, 1)), lower)
        if year < last:
            canvas.text(at(date(year, 1, 1)) + 3, start_of_rows - 14, str(year), kind="muted", size=SMALL)
    if today and days:
        words = gettext("today")
        x = at(today)
        canvas.rule(x, 16, x, top - GAP, kind="today", dashed=True)
        fits = x + 4 + letters.width(words, SMALL) < canvas.width
        canvas.text(x + 4 if fits else x - 4, 14, words, anchor="start" if fits else "end", size=SMALL)
    canvas.parts.extend(marks)


def _draw_period(canvas, at, y, period, edges, color) -> None:  # type: ignore[no-untyped-def]
    name, start, end, words = period
    left, right = edges
    if start is None and end is None:
        canvas.text(left + 8, y + 16, words or say(None), kind="muted")
        return
    said = f"{name}: {wording.short_day(start) or '…'}–{wording.short_day(end) or '…'} {words}".strip()
    if start is None:
        canvas.diamond(at(end), y + BAR / 2, 9, color, said)
        x1, x2 = at(end) - 9, at(end) + 9
    elif end is None:
        x1, x2 = at(start), right - 10
        canvas.shape([(x1, y), (x2, y), (x2 + 9, y + BAR / 2), (x2, y + BAR), (x1, y + BAR)], color, said)
    else:
        x1, x2 = at(start), at(end)
        canvas.bar(x1, y, x2 - x1, BAR, color, said)
    _words(canvas, y + 16, words, (x1, x2), edges)


def _words(canvas, y, words, span, edges) -> None:  # type: ignore[no-untyped-def]
    """The words beside the mark: inside it, else right of it, else left of it."""
    long, (x1, x2), (left, right) = letters.width(words, SMALL), span, edges
    if long + 12 < x2 - x1:
        canvas.text(x1 + 8, y, words, kind="paper", size=SMALL)
    elif x2 + 8 + long < right:
        canvas.text(x2 + 8, y, words, kind="label p-svg-halo", size=SMALL)
    elif x1 - 8 - long > left:
        canvas.text(x1 - 8, y, words, kind="label p-svg-halo", anchor="end", size=SMALL)
    else:
        # Nowhere free: the hover text and the table carry the words.
        return
