"""A year at a glance: twelve months, a row for each body, a mark for each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import dates
from django.utils.translation import gettext

from digivesteralen.ui import wording
from digivesteralen.ui.charts.bars import GAP, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart

ROW, HEAD, RADIUS = 26, 26, 7


@dataclass(frozen=True)
class YearRow:
    """What happens on which days, each with a word for it."""

    label: str
    days: Sequence[tuple[date, str]]


def year_strip(title: str, rows: Sequence[YearRow], *, year: int, today: date, note: str = "", id: str = "") -> Chart:
    """Rows on one axis from January to December, with a line through today."""
    return Chart(
        title=title,
        head=[gettext("Row"), gettext("Days")],
        rows=[(row.label, ", ".join(f"{wording.short_day(day)} ({word})" for day, word in row.days)) for row in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, rows, year, today),
    )


def _draw(canvas: Canvas, rows: Sequence[YearRow], year: int, today: date) -> None:
    left = label_room(canvas, [row.label for row in rows]) + RADIUS
    begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
    per = (canvas.width - left - RADIUS) / (ends - begins).days

    def at(day: date) -> float:
        return left + (day - begins).days * per

    top: float = HEAD
    spans: list[tuple[float, float]] = []
    marks_from = len(canvas.parts)
    for row in rows:
        y, height = label_beside(canvas, row.label, left, top, ROW)
        spans.append((y, y + ROW))
        for day, word in row.days:
            canvas.dot(at(day), y + ROW / 2, RADIUS, "accent", f"{row.label} {word}: {wording.short_day(day)}")
        top += height + GAP
    canvas.height = top - GAP + 4
    drawn, canvas.parts = canvas.parts[marks_from:], canvas.parts[:marks_from]
    for month in range(1, 13):
        x = at(date(year, month, 1))
        for upper, lower in spans:
            canvas.rule(x, upper, x, lower)
        name = str(dates.MONTHS[month])
        canvas.text(x + 3, HEAD - 12, name[:1].upper() if canvas.narrow else name[:3], kind="muted", size=SMALL)
    canvas.parts.extend(drawn)
    if begins <= today < ends:
        for upper, lower in spans:
            canvas.rule(at(today), upper - 4, at(today), lower + 4, kind="today", dashed=True)
