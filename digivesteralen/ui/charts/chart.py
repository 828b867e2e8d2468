import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from digivesteralen.ui import wording
from digivesteralen.ui.charts.canvas import Canvas, Mode

Draw = Callable[[Canvas], None]
Value = Any


@dataclass(frozen=True)
class Chart:
    """A figure: how it is drawn, and the same numbers as a table and as a sentence."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    draw: Draw = field(repr=False)
    unit: str = ""
    note: str = ""
    id: str = ""
    decimals: int | None = None

    @property
    def uid(self) -> str:
        """The same chart always gets the same id, so that a document is the same byte for byte."""
        seed = f"{self.title}{self.rows!r}".encode()
        return self.id or "figur-" + hashlib.sha256(seed).hexdigest()[:8]

    @property
    def description(self) -> str:
        """Every number in words, for those who cannot see the marks."""
        parts = []
        for label, *values in self.rows:
            names = self.head[1:] if len(values) > 1 else [""]
            said = [f"{name} {self.say(value)}".strip() for name, value in zip(names, values, strict=False)]
            parts.append(f"{label}: {', '.join(said)}")
        return "; ".join(parts) + "."

    def say(self, value: Value) -> str:
        return say(value, self.unit, self.decimals)

    def svg(self, mode: Mode = "css", *, narrow: bool = False) -> SafeString:
        canvas = Canvas(mode, narrow=narrow)
        self.draw(canvas)
        uid = f"{self.uid}-smal" if narrow else self.uid
        kind = " p-chart--narrow" if narrow else " p-chart--wide"
        drawn = canvas.svg(uid=uid, title=self.title, description=self.description, kind=kind)
        return mark_safe(drawn)  # noqa: S308 -- the canvas escapes every text it is given

    @property
    def svg_wide(self) -> SafeString:
        return self.svg("css")

    @property
    def svg_narrow(self) -> SafeString:
        return self.svg("css", narrow=True)

    @property
    def svg_print(self) -> SafeString:
        return self.svg("print")

    def table(self) -> dict[str, Any]:
        """The numbers as they are said, for the table under the figure."""
        return {"head": list(self.head), "rows": [[row[0], *map(self.say, row[1:])] for row in self.rows]}


def say(value: Value, unit: str = "", decimals: int | None = None) -> str:
    """A value with its unit; what nobody knows is said, never drawn as nought."""
    if value is None:
        return gettext("unknown")
    if isinstance(value, str):
        return value
    if hasattr(value, "year"):
        return wording.short_day(value)
    if unit == "kr":
        return wording.money(value)
    text = wording.number(value, decimals)
    return f"{text}{wording.NO_BREAK}{unit}" if unit else text
