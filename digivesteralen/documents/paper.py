"""The parts of a paper that leaves the portal both as Word and as PDF: said once, written in two forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

# So few lines stand on one page, whatever stands before them.
SHORT = 8


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Rich:
    """What people wrote with headings, lists and tables: the cleaned HTML, and the same block by block for Word."""

    html: str
    blocks: Sequence[Any]
    kind: ClassVar[str] = "rich"


@dataclass(frozen=True)
class Note:
    """A sentence that must not be overlooked."""

    text: str
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Blank:
    """Where whoever goes on writing puts in their own text; a PDF, where nobody writes, leaves it out."""

    text: str
    kind: ClassVar[str] = "blank"


@dataclass(frozen=True)
class Points:
    """Numbered from one."""

    items: Sequence[str]
    kind: ClassVar[str] = "points"

    @property
    def is_short(self) -> bool:
        return len(self.items) <= SHORT


@dataclass(frozen=True)
class Facts:
    """Names and values; a row without a value is for whoever goes on writing."""

    rows: Sequence[tuple[str, str]]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Column:
    """The head of a column, its part of the width in per cent (in steps of five), and whether it holds figures."""

    head: str
    width: int
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """The first column names the row; the last row is the sum where ``total`` is there."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    kind: ClassVar[str] = "table"

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= SHORT

    @property
    def lines(self) -> list[list[tuple[Column, str]]]:
        """Every row, the sum too, as cells with the column they stand in."""
        shown = [*self.rows, self.total] if self.total else self.rows
        return [list(zip(self.columns, row, strict=True)) for row in shown]


Part = Heading | Paragraph | Rich | Note | Blank | Points | Facts | Table
