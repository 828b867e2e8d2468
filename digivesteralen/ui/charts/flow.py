"""What leads to what: a column for each step, and a line from each box to those it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.canvas import LINE, SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart

Chain = Sequence[str]
# From what is done, over what changes, to what is won; no colour that warns.
COLORS = ("neutral", "info", "accent", "brand1", "success", "neutral")
PAD, BESIDE, UNDER, INDENT = 7, 22, 10, 18


@dataclass
class _Column:
    """One step that is in use: its heading, and its boxes from the top, each once."""

    head: str
    color: str
    boxes: list[str] = field(default_factory=list)
    tops: dict[str, tuple[float, float]] = field(default_factory=dict)


def flow(title: str, heads: Sequence[str], chains: Sequence[Chain], *, note: str = "", id: str = "") -> Chart:
    """Each chain runs from left to right, and may leave a step out; the same words in a step are one box."""
    return Chart(
        title=title,
        head=list(heads),
        rows=[[text or "–" for text in chain] for chain in chains],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, heads, chains),
    )


def _draw(canvas: Canvas, heads: Sequence[str], chains: Sequence[Chain]) -> None:
    if canvas.narrow:
        _stacked(canvas, heads, chains)
    else:
        _beside(canvas, heads, chains)


def _beside(canvas: Canvas, heads: Sequence[str], chains: Sequence[Chain]) -> None:
    columns = [_Column(head, COLORS[number % len(COLORS)]) for number, head in enumerate(heads)]
    for chain in chains:
        for column, text in zip(columns, chain, strict=True):
            if text and text not in column.boxes:
                column.boxes.append(text)
    used = [column for column in columns if column.boxes]
    room = (canvas.width + BESIDE) / max(len(used), 1)
    width = room - BESIDE
    headings = [letters.wrap(column.head, SMALL, width) for column in used]
    top = max((len(lines) for lines in headings), default=0) * LINE + 6
    places = {id(column): number * room for number, column in enumerate(used)}
    for column, lines in zip(used, headings, strict=True):
        for number, text in enumerate(lines):
            canvas.text(places[id(column)], 13 + number * LINE, text, kind="muted", size=SMALL)
        y = float(top)
        for box in column.boxes:
            height = _height(box, width)
            column.tops[box] = (y, y + height / 2)
            y += height + UNDER
        canvas.height = max(canvas.height, y)
    drawn: set[tuple[float, float, float, float]] = set()
    for chain in chains:
        told = [(column, text) for column, text in zip(columns, chain, strict=True) if text]
        for (left, begins), (right, ends) in zip(told, told[1:], strict=False):
            start, end = places[id(left)] + width, places[id(right)]
            one = (start, left.tops[begins][1], end, right.tops[ends][1])
            if one not in drawn:
                drawn.add(one)
                canvas.rule(*one, kind="today")
    for column in used:
        for box in column.boxes:
            _box(canvas, places[id(column)], column.tops[box][0], width, box, column)


def _stacked(canvas: Canvas, heads: Sequence[str], chains: Sequence[Chain]) -> None:
    """On a phone each chain is read by itself, step under step."""
    y = 0.0
    for chain in chains:
        last = None
        for number, (head, text) in enumerate(zip(heads, chain, strict=True)):
            if not text:
                continue
            column = _Column(head, COLORS[number % len(COLORS)])
            if last is not None:
                canvas.rule(INDENT, last, INDENT, y, kind="today")
            canvas.text(0 if last is None else INDENT + 8, y + 13, head, kind="muted", size=SMALL)
            y += LINE
            _box(canvas, 0, y, canvas.width, text, column)
            y += _height(text, canvas.width)
            last = y
            y += UNDER
        y += UNDER
    canvas.height = y


def _height(text: str, width: float) -> float:
    return len(letters.wrap(text, SMALL, width - 2 * PAD)) * LINE + 2 * PAD


def _box(canvas: Canvas, left: float, top: float, width: float, text: str, column: _Column) -> None:
    canvas.bar(left, top, width, _height(text, width), column.color, f"{column.head}: {text}")
    for number, part in enumerate(letters.wrap(text, SMALL, width - 2 * PAD)):
        canvas.text(left + PAD, top + PAD + 13 + number * LINE, part, kind="paper", size=SMALL)
