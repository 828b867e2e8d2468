"""How wide a text is in Inter, so that labels can be wrapped and placed without a browser."""

import json
from functools import cache
from pathlib import Path

WIDTHS = Path(__file__).resolve().parents[3] / "static" / "vendor" / "inter" / "widths.json"
SLACK = 1.03
WIDEST = 0.75


@cache
def _widths() -> dict[str, float]:
    return json.loads(WIDTHS.read_text())


def width(text: str, size: float) -> float:
    widths = _widths()
    return sum(widths.get(letter, WIDEST) for letter in text) * size * SLACK


def wrap(text: str, size: float, room: float) -> list[str]:
    """The whole text on as many lines as it takes; a word wider than the room is broken, nothing is cut off."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while width(word, size) > room and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n] + "-", size) <= room)
            lines.append(word[:fits] + "-")
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines or [""]
