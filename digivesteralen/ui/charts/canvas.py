"""A sheet to draw on: classes and theme colours on screen, fixed colours and font in print."""

from typing import Literal

from django.utils.html import escape

from digivesteralen.ui.charts import letters
from digivesteralen.ui.charts.palette import AXIS, FILLS, INK, MUTED, PAPER

Mode = Literal["css", "print"]
WIDE, NARROW = 760, 340
TEXT, SMALL = 14, 13
LINE = 18

_TEXT_HEX = {"label": INK, "muted": MUTED, "paper": PAPER}


def n(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Canvas:
    def __init__(self, mode: Mode = "css", *, narrow: bool = False) -> None:
        self.mode, self.narrow = mode, narrow
        self.width = NARROW if narrow else WIDE
        self.height = 0.0
        self.parts: list[str] = []

    def text(
        self, x: float, y: float, text: str, *, kind: str = "label", anchor: str = "start", size: int = TEXT
    ) -> None:
        paint = f'class="p-svg-{kind}"' if self.mode == "css" else f'fill="{_TEXT_HEX[kind.partition(" ")[0]]}"'
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        letter = "" if size == TEXT else f' font-size="{size}"'
        self.parts.append(f'<text {paint} x="{n(x)}" y="{n(y)}"{place}{letter}>{escape(text)}</text>')

    def lines(self, x: float, y: float, texts: list[str], *, anchor: str = "start") -> None:
        for index, text in enumerate(texts):
            self.text(x, y + index * LINE, text, anchor=anchor)

    def bar(
        self, x: float, y: float, width: float, height: float, color: str, says: str = "", *, faint: bool = False
    ) -> None:
        """A bar; a faint one is a ground that text can stand on."""
        shade = ' fill-opacity="0.15"' if faint else ""
        size = f'width="{n(max(width, 1))}" height="{n(height)}"'
        self._mark(f'rect x="{n(x)}" y="{n(y)}" {size} rx="2"{shade}', color, says)

    def dot(self, x: float, y: float, radius: float, color: str, says: str = "") -> None:
        self._mark(f'circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}"', color, says)

    def shape(self, points: list[tuple[float, float]], color: str, says: str = "") -> None:
        self._mark(f'polygon points="{" ".join(f"{n(x)},{n(y)}" for x, y in points)}"', color, says)

    def diamond(self, x: float, y: float, radius: float, color: str, says: str = "") -> None:
        self.shape([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], color, says)

    def _mark(self, tag: str, color: str, says: str) -> None:
        paint = f'class="p-fill-{color}"' if self.mode == "css" else f'fill="{FILLS[color]}"'
        name, _, rest = tag.partition(" ")
        title = f"<title>{escape(says)}</title>" if says else ""
        self.parts.append(f"<{name} {paint} {rest}>{title}</{name}>")

    def path(self, points: list[tuple[float, float]], color: str) -> None:
        """A line through the points in a series' colour."""
        stroke = f'class="p-stroke-{color}"' if self.mode == "css" else f'fill="none" stroke="{FILLS[color]}"'
        along = " ".join(f"{n(x)},{n(y)}" for x, y in points)
        self.parts.append(f'<polyline {stroke} stroke-width="2.5" points="{along}"/>')

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, kind: str = "axis", dashed: bool = False) -> None:
        """A thin line of the sheet itself: axis, grid, today."""
        color = AXIS if kind == "axis" else INK
        stroke = f'class="p-svg-{kind}"' if self.mode == "css" else f'stroke="{color}"'
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(f'<line {stroke} x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}"{dash}/>')

    def legend(self, names: list[tuple[str, str]], y: float = 0) -> float:
        """Colour and name of each series, wrapped; returns where the drawing below may start."""
        x = 0.0
        for name, color in names:
            step = 20 + letters.width(name, SMALL) + 18
            if x and x + step > self.width:
                x, y = 0.0, y + 22
            self.bar(x, y, 14, 14, color)
            self.text(x + 20, y + 12, name, size=SMALL)
            x += step
        return y + 30

    def svg(self, *, uid: str, title: str, description: str, kind: str = "") -> str:
        """The drawing with its words; in print all stand in the title, the only place PDF readers get them from."""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {n(self.height)}" '
        head += f'width="{self.width}" height="{n(self.height)}" role="img" font-size="{TEXT}" '
        if self.mode == "print":
            head += f'font-family="Inter, sans-serif" aria-labelledby="{uid}-t">'
            head += f'<title id="{uid}-t">{escape(f"{title}. {description}")}</title>'
        else:
            head += f'class="p-chart{kind}" aria-labelledby="{uid}-t" aria-describedby="{uid}-d">'
            head += f'<title id="{uid}-t">{escape(title)}</title><desc id="{uid}-d">{escape(description)}</desc>'
        return head + "".join(self.parts) + "</svg>"
