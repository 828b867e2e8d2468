"""What was and what is, as two marks with a line between: which way it went, and how far."""

from collections.abc import Sequence
from decimal import Decimal

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.bars import GAP, Amount, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, TEXT, Canvas
from digivesteralen.ui.charts.chart import Chart, say
from digivesteralen.ui.charts.spread import steps

ROW = 24
Pair = tuple[str, Amount, Amount]


def dumbbell(
    title: str,
    rows: Sequence[Pair],
    names: tuple[str, str],
    *,
    scale: tuple[float, float] = (1, 5),
    note: str = "",
    label: str = "",
    id: str = "",
    decimals: int | None = None,
) -> Chart:
    """Rows of (label, before, after) on one scale; a pair that lacks one side is no movement and gets no line."""
    return Chart(
        title=title,
        head=[label, *names],
        rows=rows,
        note=note,
        id=id,
        decimals=decimals,
        draw=lambda canvas: _draw(canvas, rows, names, scale, decimals),
    )


def _draw(
    canvas: Canvas,
    rows: Sequence[Pair],
    names: tuple[str, str],
    scale: tuple[float, float],
    decimals: int | None,
) -> None:
    def told(value: Amount) -> str:
        return say(value, decimals=decimals)

    top = _legend(canvas, names)
    left = label_room(canvas, [str(row[0]) for row in rows]) + 9
    said = (
        max((letters.width(f"{told(before)} → {told(after)}", TEXT) for _label, before, after in rows), default=0) + 14
    )
    low, high = scale
    per = (canvas.width - left - said) / (high - low)

    def at(value: Amount) -> float:
        return left + (float(value or 0) - low) * per

    for step in steps(scale):
        canvas.text(at(Decimal(step)), top + 10, say(step), kind="muted", anchor="middle", size=SMALL)
    top += 20
    for label, before, after in rows:
        y, row = label_beside(canvas, str(label), left - 8 if not canvas.narrow else 0, top, ROW)
        middle = y + ROW / 2
        canvas.rule(left, middle, left + (high - low) * per, middle)
        if before is not None and after is not None:
            canvas.path([(at(before), middle), (at(after), middle)], "accent")
        if before is not None:
            canvas.diamond(at(before), middle, 7, "neutral", f"{label}, {names[0]}: {told(before)}")
        if after is not None:
            canvas.dot(at(after), middle, 7, "accent", f"{label}, {names[1]}: {told(after)}")
        canvas.text(canvas.width, middle + 5, f"{told(before)} → {told(after)}", anchor="end")
        top += row + GAP
    canvas.height = top - GAP + 2


def _legend(canvas: Canvas, names: tuple[str, str]) -> float:
    first, second = names
    canvas.diamond(8, 8, 7, "neutral")
    canvas.text(24, 13, first, size=SMALL)
    x, y = 24 + letters.width(first, SMALL) + 20, 0.0
    if x + 24 + letters.width(second, SMALL) > canvas.width:
        x, y = 0.0, 22.0
    canvas.dot(x + 8, y + 8, 7, "accent")
    canvas.text(x + 24, y + 13, second, size=SMALL)
    return y + 34
