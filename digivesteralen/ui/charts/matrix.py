"""How likely and how grave, before and after the measure: two squares of five by five, beside or beneath each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.canvas import SMALL, Canvas
from digivesteralen.ui.charts.chart import Chart

STEPS = 5
LEFT, CELL_WIDTH, CELL_HEIGHT, GAP = 40, 60, 50, 3
GRID = LEFT + STEPS * CELL_WIDTH
STRIP = 5
TINY = 11
LABEL_LINES = 2

Place = tuple[int, int]


@dataclass(frozen=True)
class Placed:
    """One mark: its short label, what it is, and (up, right) in each of the two squares; none where nobody judged."""

    label: str
    text: str
    places: tuple[Place | None, Place | None]


@dataclass(frozen=True)
class Level:
    """A band of the product of both: up to how much, its word and its colour."""

    most: int
    word: str
    color: str


def matrix(
    title: str,
    rows: Sequence[Placed],
    *,
    names: tuple[str, str],
    axes: tuple[str, str],
    levels: Sequence[Level],
    note: str = "",
    label: str = "",
    id: str = "",
) -> Chart:
    """Each mark stands in its cell by its label; each cell bears its product, so that it is read without colours."""
    return Chart(
        title=title,
        head=[label or gettext("What"), *names],
        rows=[(f"{row.label} {row.text}", *(_told(place, levels) for place in row.places)) for row in rows],
        note=note,
        id=id,
        draw=lambda canvas: _draw(canvas, rows, names, axes, levels),
    )


def _told(place: Place | None, levels: Sequence[Level]) -> str:
    if place is None:
        return gettext("not assessed")
    up, right = place
    return f"{up} × {right} = {up * right}, {_level(up * right, levels).word}"


def _level(product: int, levels: Sequence[Level]) -> Level:
    return next(level for level in levels if product <= level.most)


def _draw(
    canvas: Canvas, rows: Sequence[Placed], names: tuple[str, str], axes: tuple[str, str], levels: Sequence[Level]
) -> None:
    top = canvas.legend([(level.word, level.color) for level in levels])
    bottom = top
    for number, name in enumerate(names):
        x = 0 if canvas.narrow else number * (canvas.width - GRID)
        start = bottom + 14 if canvas.narrow and number else top
        held: dict[Place, list[str]] = {}
        for row in rows:
            place = row.places[number]
            if place:
                held.setdefault(place, []).append(row.label)
        bottom = _square(canvas, x, start, name, axes, held, levels)
    canvas.height = bottom


def _square(
    canvas: Canvas,
    x: float,
    top: float,
    name: str,
    axes: tuple[str, str],
    held: dict[Place, list[str]],
    levels: Sequence[Level],
) -> float:
    """One of the two; returns where it ends."""
    canvas.text(x, top + 13, name)
    canvas.text(x, top + 33, f"↑ {axes[0]}", kind="muted", size=SMALL)
    top += 42
    for up in range(STEPS, 0, -1):
        y = top + (STEPS - up) * CELL_HEIGHT
        canvas.text(x + LEFT - 14, y + CELL_HEIGHT / 2 + 4, str(up), kind="muted", anchor="end", size=SMALL)
        for right in range(1, STEPS + 1):
            _cell(canvas, x + LEFT + (right - 1) * CELL_WIDTH, y, (up, right), held.get((up, right), []), levels)
    bottom = top + STEPS * CELL_HEIGHT
    for right in range(1, STEPS + 1):
        middle = x + LEFT + (right - 0.5) * CELL_WIDTH
        canvas.text(middle, bottom + 15, str(right), kind="muted", anchor="middle", size=SMALL)
    canvas.text(x + GRID, bottom + 34, f"{axes[1]} →", kind="muted", anchor="end", size=SMALL)
    return bottom + 40


def _cell(canvas: Canvas, x: float, y: float, place: Place, labels: list[str], levels: Sequence[Level]) -> None:
    width, height, product = CELL_WIDTH - GAP, CELL_HEIGHT - GAP, place[0] * place[1]
    level = _level(product, levels)
    says = f"{place[0]} × {place[1]} = {product}, {level.word}: {', '.join(labels) or gettext('none')}"
    canvas.bar(x, y, width, height, level.color, says, faint=True)
    canvas.bar(x, y + height - STRIP, width, STRIP, level.color)
    canvas.text(x + width - 4, y + 12, str(product), kind="muted", anchor="end", size=TINY)
    if not labels:
        return
    lines = letters.wrap(" ".join(labels), SMALL, width - 6)
    if len(lines) > LABEL_LINES:
        lines = [gettext("%(count)s in all") % {"count": len(labels)}]
    first = y + 26 if len(lines) == LABEL_LINES else y + 31
    for index, line in enumerate(lines):
        canvas.text(x + width / 2, first + index * 14, line, anchor="middle", size=SMALL)
