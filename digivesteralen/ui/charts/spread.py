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
    dots: Sequence[Sequence[Amount]] = (),
    decimals: int | None = None,
) -> Chart:
    """Rows of (label, lowest, mean, highest, own or None) on one scale; ``dots`` gives each row one for everybody."""
    mean_name = mean_name or gettext("Mean")
    head = [label or gettext("What"), gettext("Lowest"), mean_name, gettext("Highest")]
    return Chart(
        title=title,
        head=[*head, own_name] if own_name else head,
        rows=rows if own_name else [row[:4] for row in rows],
        note=note,
        id=id,
        decimals=decimals,
        draw=lambda canvas: _draw(canvas, rows, scale, own_name, mean_name, dots or [()] * len(rows), decimals),
    )


def _draw(
    canvas: Canvas,
    rows: Sequence[Row],
    scale: tuple[float, float],
    own_name: str,
    mean_name: str,
    dots: Sequence[Sequence[Amount]],
    decimals: int | None,
) -> None:
    top = _legend(canvas, own_name, mean_name, dots=any(dots))
    left = label_room(canvas, [str(row[0]) for row in rows]) + 9
    said = max(letters.width(say(row[4], decimals=decimals), TEXT) for row in rows) + 14 if own_name and rows else 10
    low, high = scale
    per = (canvas.width - left - said) / (high - low)

    def at(value: float) -> float:
        return left + (value - low) * per

    for step in steps(scale):
        canvas.text(at(step), top + 10, say(step), kind="muted", anchor="middle", size=SMALL)
    top += 20
    start, rulers = top, []
    marks_from = len(canvas.parts)
    for (label, lowest, mean, highest, own), each in zip(rows, dots, strict=True):
        y, row = label_beside(canvas, str(label), left - 8 if not canvas.narrow else 0, top, ROW)
        rulers.append((y, ROW))
        spread, mine = (lowest, mean, highest), own if own_name else None
        _marks(canvas, at, (at(low), y + ROW / 2), str(label), spread, mine, each, decimals)
        if own_name:
            words, kind = say(own, decimals=decimals), "label" if own is not None else "muted"
            canvas.text(canvas.width, y + ROW / 2 + 5, words, kind=kind, anchor="end")
        top += row + GAP
    marks = canvas.parts[marks_from:]
    del canvas.parts[marks_from:]
    # The scale goes behind the marks; where labels stand above, it keeps to the rows of marks.
    spans = rulers if canvas.narrow else [(start - 4, top - GAP - start + 4)]
    for y, height in spans:
        for step in steps(scale):
            canvas.rule(at(step), y, at(step), y + height)
    canvas.parts.extend(marks)
    canvas.height = top - GAP + 2


def steps(scale: tuple[float, float]) -> list[float]:
    """The marks of a scale: every whole step of a short one, else five alike."""
    low, high = scale
    if float(low).is_integer() and float(high).is_integer() and 2 <= high - low <= 10:
        return [float(step) for step in range(int(low), int(high) + 1)]
    return [low + (high - low) * part / 4 for part in range(5)]


def _marks(canvas, at, start, label, spread, own, dots, decimals) -> None:  # type: ignore[no-untyped-def]
    (lowest, mean, highest), (left, y) = spread, start
    if mean is None:
        canvas.text(left + 4, y + 5, say(None), kind="muted")
    else:
        if dots:
            for value in dots:
                if value is not None:
                    canvas.dot(at(float(value)), y, 4, "neutral")
        elif lowest is not None and highest is not None:
            says = f"{label}: {say(lowest, decimals=decimals)}–{say(highest, decimals=decimals)}"
            canvas.bar(at(float(lowest)) - 3, y - 3, at(float(highest)) - at(float(lowest)) + 6, 6, "neutral", says)
        canvas.bar(at(float(mean)) - 2, y - 10, 4, 20, "neutral", f"{label}: {say(mean, decimals=decimals)}")
    if own is not None:
        canvas.dot(at(float(own)), y, 8, "accent", f"{label}: {say(own, decimals=decimals)}")


def _legend(canvas: Canvas, own_name: str, mean_name: str, *, dots: bool) -> float:
    x = 0.0
    if own_name:
        canvas.dot(8, 8, 8, "accent")
        canvas.text(24, 13, own_name, size=SMALL)
        x = 24 + letters.width(own_name, SMALL) + 20
    canvas.bar(x + 4, -2 + 2, 4, 18, "neutral")
    canvas.text(x + 16, 13, mean_name, size=SMALL)
    x += 16 + letters.width(mean_name, SMALL) + 20
    words, y = gettext("One municipality") if dots else gettext("Lowest to highest"), 0.0
    if x + 34 + letters.width(words, SMALL) > canvas.width:
        x, y = 0.0, 22.0
    if dots:
        canvas.dot(x + 13, y + 8, 4, "neutral")
    else:
        canvas.bar(x, y + 5, 26, 6, "neutral")
    canvas.text(x + 34, y + 13, words, size=SMALL)
    return y + 34
