"""Who is under whom: boxes side by side where there is room for them, else one under the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.canvas import LINE, SMALL, TEXT, Canvas
from digivesteralen.ui.charts.chart import Chart

NARROWEST, WIDEST, ALONE = 124, 230, 420
PAD, BESIDE, UNDER, INDENT, STACKED = 10, 14, 30, 22, 10


@dataclass(frozen=True)
class Node:
    """One box: its name, what more stands in it, and those below."""

    name: str
    lines: Sequence[str] = ()
    color: str = "accent"
    below: Sequence[Node] = field(default_factory=tuple)

    def walk(self, above: str = "") -> Iterator[tuple[Node, str]]:
        yield self, above
        for one in self.below:
            yield from one.walk(self.name)

    @property
    def leaves(self) -> int:
        return sum(one.leaves for one in self.below) or 1


def tree(title: str, roots: Sequence[Node], *, note: str = "", id: str = "") -> Chart:
    told = [found for root in roots for found in root.walk()]
    return Chart(
        title=title,
        head=[gettext("Box"), gettext("Under"), gettext("More")],
        rows=[(node.name, above or "–", ", ".join(node.lines) or "–") for node, above in told],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, roots),
    )


def _draw(canvas: Canvas, roots: Sequence[Node]) -> None:
    leaves = sum(root.leaves for root in roots)
    room = canvas.width / max(leaves, 1)
    canvas.height = _spread(canvas, roots, min(room, WIDEST)) if room >= NARROWEST else _stacked(canvas, roots)


def _spread(canvas: Canvas, roots: Sequence[Node], room: float) -> float:
    """Top down, each over the middle of those below it; one level stands in one row."""
    rows: list[list[Node]] = [list(roots)]
    while below := [one for node in rows[-1] for one in node.below]:
        rows.append(below)
    # Only what stands alone all the way from the top may be broader than its place.
    single = [all(len(above) == 1 for above in rows[: level + 1]) for level in range(len(rows))]
    widths = [(min(canvas.width, ALONE) if alone else room) - BESIDE for alone in single]
    tops, y = [], 1.0
    for row, width in zip(rows, widths, strict=True):
        tops.append(y)
        y += max(_height(node, width) for node in row) + UNDER
    left = (canvas.width - room * sum(root.leaves for root in roots)) / 2

    def place(node: Node, level: int, left: float) -> tuple[float, float]:
        width = widths[level]
        centre = left + node.leaves * room / 2
        bottom = tops[level] + _box(canvas, node, centre - width / 2, tops[level], width)
        middle = tops[level + 1] - UNDER / 2 if node.below else 0.0
        at, ends = left, []
        for one in node.below:
            ends.append(place(one, level + 1, at)[0])
            at += one.leaves * room
        if ends:
            canvas.rule(centre, bottom, centre, middle, kind="today")
            canvas.rule(min(*ends, centre), middle, max(*ends, centre), middle, kind="today")
        for end in ends:
            canvas.rule(end, middle, end, tops[level + 1], kind="today")
        return centre, bottom

    for root in roots:
        place(root, 0, left)
        left += root.leaves * room
    return y - UNDER + 2


def _stacked(canvas: Canvas, roots: Sequence[Node]) -> float:
    """One under the other, each in from the one it is under."""
    y = 1.0

    def place(node: Node, depth: int) -> float:
        nonlocal y
        left, top = depth * INDENT, y
        height = _box(canvas, node, left, top, min(canvas.width - left, ALONE))
        y += height + STACKED
        last = 0.0
        for one in node.below:
            last = place(one, depth + 1)
            canvas.rule(left + INDENT / 2, last, left + INDENT, last, kind="today")
        if node.below:
            canvas.rule(left + INDENT / 2, top + height, left + INDENT / 2, last, kind="today")
        return top + height / 2

    for root in roots:
        place(root, 0)
    return y - STACKED + 2


def _words(node: Node, width: float) -> tuple[list[str], list[str]]:
    name = letters.wrap(node.name, TEXT, width - 2 * PAD)
    return name, [part for line in node.lines for part in letters.wrap(line, SMALL, width - 2 * PAD)]


def _height(node: Node, width: float) -> float:
    name, more = _words(node, width)
    return (len(name) + len(more)) * LINE + 2 * PAD


def _box(canvas: Canvas, node: Node, left: float, top: float, width: float) -> float:
    name, more = _words(node, width)
    height = _height(node, width)
    canvas.bar(left, top, width, height, node.color, ", ".join([node.name, *node.lines]))
    y = top + PAD + 13
    for text, size in [*((one, TEXT) for one in name), *((one, SMALL) for one in more)]:
        canvas.text(left + PAD, y, text, kind="paper", size=size)
        y += LINE
    return height
