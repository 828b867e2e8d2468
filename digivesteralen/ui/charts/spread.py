"""How far apart the municipalities are, and where one's own stands among them."""

from collections.abc import Sequence

from django.utils.translation import gettext

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.bars import GAP, Amount, label_beside, label_room
from digivesteralen.ui.charts.canvas import SMALL, TEXT, Canvas
from digivesteralen.ui.charts.chart import Chart, say

ROW = 26
Row = tuple[str, Amount, Amount, Amount, Amount]


def dot_range(
    title: str,
    rows: Sequence[Row],
    *,
    scale: tuple[float, float] = (1, 5),
    own_name: str = "",
    mean_name: str = "",
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """Rows of (label, lowest, mean, highest, own or None) on one scale."""
    mean_name = mean_name or gettext("Mean")
    head = [label or gettext("What"), gettext("Lowest"), mean_name, gettext("Highest")]
    return Chart(
        title=title,
        head=[*head, own_name] if own_name else head,
        rows=rows if own_name else [row[:4] for row in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, rows, scale, own_name, mean_name),
    )


def _draw(canvas: Canvas, rows: Sequence[Row], scale: tuple[float, float], own_name: str, mean_name: str) -> None:
    top = _legend(canvas, own_name, mean_name)
    left = label_room(canvas, [str(row[0]) for row in rows]) + 8
    said = max(letters.width(say(row[4]), TEXT) for row in rows) + 14 if own_name and rows else 10
    low, high = scale
    per = (canvas.width - left - said) / (high - low)

    def at(value: float) -> float:
        return left + (value - low) * per

    for step in range(int(low), int(high) + 1):
        canvas.text(at(step), top + 10, str(step), kind="muted", anchor="middle", size=SMALL)
    top += 20
    start, rulers = top, []
    marks_from = len(canvas.parts)
    for label, lowest, mean, highest, own in rows:
        y, row = label_beside(canvas, str(label), left - 8 if not canvas.narrow else 0, top, ROW)
        rulers.append((y, ROW))
        _marks(canvas, at, y + ROW / 2, str(label), (lowest, mean, highest), own if own_name else None)
        if own_name:
            words, kind = say(own), "label" if own is not None else "muted"
            canvas.text(canvas.width, y + ROW / 2 + 5, words, kind=kind, anchor="end")
        top += row + GAP
    marks = canvas.parts[marks_from:]
    del canvas.parts[marks_from:]
    # The scale goes behind the marks; where labels stand above, it keeps to the rows of marks.
    spans = rulers if canvas.narrow else [(start - 4, top - GAP - start + 4)]
    for y, height in spans:
        for step in range(int(low), int(high) + 1):
            canvas.rule(at(step), y, at(step), y + height)
    canvas.parts.extend(marks)
    canvas.height = top - GAP + 2


def _marks(canvas, at, y, label, spread, own) -> None:  # type: ignore[no-untyped-def]
    lowest, mean, highest = spread
    if mean is None:
        canvas.text(at(1) + 4, y + 5, say(None), kind="muted")
    else:
        if lowest is not None and highest is not None:
            says = f"{label}: {say(lowest)}–{say(highest)}"
            canvas.bar(at(float(lowest)) - 3, y - 3, at(float(highest)) - at(float(lowest)) + 6, 6, "neutral", says)
        canvas.bar(at(float(mean)) - 2, y - 10, 4, 20, "neutral", f"{label}: {say(mean)}")
    if own is not None:
        canvas.dot(at(float(own)), y, 8, "accent", f"{label}: {say(own)}")


def _legend(canvas: Canvas, own_name: str, mean_name: str) -> float:
    x = 0.0
    if own_name:
        canvas.dot(8, 8, 8, "accent")
        canvas.text(24, 13, own_name, size=SMALL)
        x = 24 + letters.width(own_name, SMALL) + 20
    canvas.bar(x + 4, -2 + 2, 4, 18, "neutral")
    canvas.text(x + 16, 13, mean_name, size=SMALL)
    x += 16 + letters.width(mean_name, SMALL) + 20
    words, y = gettext("Lowest to highest"), 0.0
    if x + 34 + letters.width(words, SMALL) > canvas.width:
        x, y = 0.0, 22.0
    canvas.bar(x, y + 5, 26, 6, "neutral")
    canvas.text(x + 34, y + 13, words, size=SMALL)
    return y + 34
