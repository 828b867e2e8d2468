"""Bars: one per row, parts of a whole, or several beside each other."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.canvas import LINE, SMALL, TEXT, Canvas
from digivesteralen.ui.charts.chart import Chart, say

Amount = int | float | Decimal | None
BAR, GAP = 24, 12
LABELS = 0.42  # of the width, at most


def bars(
    title: str,
    rows: Sequence[tuple[str, Amount]],
    *,
    unit: str = "",
    maximum: Amount = None,
    color: str = "accent",
    note: str = "",
    label: str = "",
    value: str = "",
    id: str = "",
) -> Chart:
    """One bar per row with its number printed; unknown is written, not drawn as nought."""
    series = [(title, color)]
    return Chart(
        title=title,
        head=[label or gettext("What"), value or unit or gettext("How many")],
        rows=rows,
        unit=unit,
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, [(str(name), [amount]) for name, amount in rows], series, unit, maximum),
    )


def grouped(
    title: str,
    rows: Sequence[tuple[str, Sequence[Amount]]],
    series: Sequence[tuple[str, str]],
    *,
    unit: str = "",
    maximum: Amount = None,
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """Several bars per row, one per series, for comparing."""
    return Chart(
        title=title,
        head=[label or gettext("What"), *(str(name) for name, _ in series)],
        rows=[(name, *amounts) for name, amounts in rows],
        unit=unit,
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, [(str(n), list(a)) for n, a in rows], series, unit, maximum, thin=True),
    )


def stacked_bars(
    title: str,
    rows: Sequence[tuple[str, Sequence[Amount]]],
    series: Sequence[tuple[str, str]],
    *,
    unit: str = "",
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """Parts of a whole beside each other, the sum at the end."""
    return Chart(
        title=title,
        head=[label or gettext("What"), *(str(name) for name, _ in series), gettext("Total")],
        rows=[(name, *amounts, sum(amount or 0 for amount in amounts)) for name, amounts in rows],
        unit=unit,
        note=note,
        id=id,
        draw=lambda canvas: _draw_stacked(canvas, rows, series, unit),
    )


def _draw(
    canvas: Canvas,
    rows: Sequence[tuple[str, Sequence[Amount]]],
    series: Sequence[tuple[str, str]],
    unit: str,
    maximum: Amount,
    *,
    thin: bool = False,
) -> None:
    top = canvas.legend([(str(name), color) for name, color in series]) if thin else 6
    height = 18 if thin else BAR
    said = max((letters.width(say(a, unit), TEXT) for _, amounts in rows for a in amounts), default=0)
    left = label_room(canvas, [label for label, _ in rows])
    most = float(maximum or max((a for _, amounts in rows for a in amounts if a is not None), default=0) or 1)
    scale = (canvas.width - left - said - 14) / most
    start = top
    for label, amounts in rows:
        y, row = label_beside(canvas, label, left, top, (height + 2) * len(amounts) - 2)
        for (name, color), amount in zip(series, amounts, strict=True):
            words = f"{label}, {name}: {say(amount, unit)}" if thin else f"{label}: {say(amount, unit)}"
            _bar(canvas, left, y, height, amount, scale, color, unit, words)
            y += height + 2
        top += row + GAP
    canvas.height = top - GAP + 2
    if not canvas.narrow:
        canvas.rule(left, start - 4, left, top - GAP + 2)


def _bar(
    canvas: Canvas, x: float, y: float, height: float, amount: Amount, scale: float, color: str, unit: str, words: str
) -> None:
    middle = y + height / 2 + 5
    if amount is None:
        canvas.text(x + 8, middle, say(None), kind="muted")
        return
    length = max(float(amount), 0) * scale
    if length:
        canvas.bar(x, y, length, height, color, words)
    canvas.text(x + length + 8, middle, say(amount, unit))


def _draw_stacked(
    canvas: Canvas, rows: Sequence[tuple[str, Sequence[Amount]]], series: Sequence[tuple[str, str]], unit: str
) -> None:
    top = canvas.legend([(str(name), color) for name, color in series])
    left = label_room(canvas, [str(label) for label, _ in rows])
    sums = [sum(amount or 0 for amount in amounts) for _, amounts in rows]
    said = max((letters.width(say(total, unit), TEXT) for total in sums), default=0)
    scale = (canvas.width - left - said - 14) / float(max(sums, default=0) or 1)
    start = top
    for (label, amounts), total in zip(rows, sums, strict=True):
        y, row = label_beside(canvas, str(label), left, top, BAR)
        x = left
        for (name, color), amount in zip(series, amounts, strict=True):
            if not amount:
                continue
            length = float(amount) * scale
            canvas.bar(x, y, length - 2, BAR, color, f"{label}, {name}: {say(amount, unit)}")
            if letters.width(say(amount), SMALL) + 6 < length:
                canvas.text(x + length / 2 - 1, y + 17, say(amount), kind="paper", anchor="middle", size=SMALL)
            x += length
        unknown = all(amount is None for amount in amounts)
        canvas.text(x + 8, y + 17, say(None if unknown else total, unit), kind="muted")
        top += row + GAP
    canvas.height = top - GAP + 2
    if not canvas.narrow:
        canvas.rule(left, start - 4, left, top - GAP + 2)


def label_room(canvas: Canvas, labels: Sequence[str]) -> float:
    """Where the marks begin: right of the labels, or at the edge where the labels stand above."""
    if canvas.narrow:
        return 0
    longest = max((letters.width(label, TEXT) for label in labels), default=0)
    return min(longest, canvas.width * LABELS) + 12


def label_beside(canvas: Canvas, label: str, left: float, top: float, height: float) -> tuple[float, float]:
    """Write the whole label; returns where the mark's top is, and how high the row became."""
    if canvas.narrow:
        texts = letters.wrap(label, TEXT, canvas.width)
        canvas.lines(0, top + 13, texts)
        above = len(texts) * LINE + 2
        return top + above, above + height
    texts = letters.wrap(label, TEXT, left - 12)
    row = max(height, len(texts) * LINE)
    canvas.lines(left - 10, top + (row - len(texts) * LINE) / 2 + 14, texts, anchor="end")
    return top + (row - height) / 2, row
