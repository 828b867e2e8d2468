"""Text with headings, lists and tables: what may be in it, and how it is read. A text without tags is plain.

The allow-list is that of the editor (``ui/editor/schema.js``). What comes in is cleaned before it is stored, and once
more each time it is shown, so that no other way into the database can put anything else on a page or in a PDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import ClassVar

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"}
LONGEST = 200_000
DEEPEST = 10
MARKUP = re.compile(r"</[a-z][\w:]*\s*>|<br\s*/?>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# What others call the same.
_NAMES = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_OTHERS = re.compile(rf"<(/?)({'|'.join(_NAMES)})(?=[\s/>])", re.IGNORECASE)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title", "xml", "object", "svg", "math", "template", "iframe"},
    attributes={"a": {"href"}},
    url_schemes={"https", "mailto"},
    # The first row of a table names its columns, for those who hear the page or the PDF read.
    set_tag_attribute_values={"th": {"scope": "col"}},
    link_rel=None,
    strip_comments=True,
)


class TooMuch(ValueError):
    """The text is longer, or nested deeper, than a page or a PDF can bear; says so to whoever wrote it."""


def is_markup(text: str) -> bool:
    return MARKUP.search(text) is not None


def clean(text: str) -> str:
    """What is stored: plain text as it was written, or the tags that are let through."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    if len(text) > LONGEST:
        raise TooMuch(_("The text is too long. Move parts of it to an attachment."))
    if not is_markup(text):
        return text
    cleaned = _CLEANER.clean(_OTHERS.sub(lambda found: f"<{found[1]}{_NAMES[found[2].lower()]}", text))
    cleaned = _from_the_top(cleaned)
    if _depth(cleaned) > DEEPEST:
        raise TooMuch(_("The lists or tables are nested too deep. Use fewer levels."))
    return cleaned if plain(cleaned) else ""


def shown(text: str | None) -> SafeString:
    """For a page or a PDF; what cannot be borne is shown as the words that are in it."""
    if not text:
        return SafeString("")
    try:
        cleaned = clean(text)
    except TooMuch:
        cleaned = plain(text[:LONGEST])
    return mark_safe(cleaned if is_markup(cleaned) else _paragraphed(cleaned))  # noqa: S308 -- cleaned right above


def plain(text: str | None) -> str:
    """The words alone, a line for each paragraph, item and row: for search, e-mail and cells of a table."""
    return "\n".join(block.text for block in blocks(text or "") if block.text)


@dataclass(frozen=True)
class Run:
    """A stretch of text that is written alike."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading (``level`` 1 or 2), an item (``level`` from 1) or a row of a table."""

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    number: int = 0
    cells: tuple[str, ...] = ()
    head: bool = False

    ROW: ClassVar[str] = "row"

    @property
    def text(self) -> str:
        if self.kind == self.ROW:
            return "\t".join(self.cells)
        return "".join(run.text for run in self.runs).strip()


def blocks(text: str) -> list[Block]:
    """The text as a document is built of it: for Word, and for what knows no HTML."""
    if not is_markup(text):
        return [Block("paragraph", (Run(line.strip()),)) for line in text.splitlines() if line.strip()]
    reader = _Reader()
    reader.feed(text[:LONGEST])
    reader.close()
    return reader.finished()


def paragraphs(text: str) -> list[str]:
    """Each paragraph, item and row in words."""
    return [block.text for block in blocks(text) if block.text]


class _Reader(HTMLParser):
    """Reads cleaned HTML block by block; an unknown tag is read past."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Block] = []
        self.runs: list[Run] = []
        self.lists: list[list[int]] = []
        self.cells: list[str] | None = None
        self.head = False
        self.kind, self.level, self.number = "paragraph", 0, 0
        self.bold = self.italic = 0
        self.href = ""
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.skipped += 1
        elif tag == "br":
            self.handle_data("\n")
        elif tag in ("strong", "b"):
            self.bold += 1
        elif tag in ("em", "i"):
            self.italic += 1
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""
        elif tag in ("td", "th"):
            self._end()
            self.head = self.head or tag == "th"
        elif tag == "tr":
            self._end()
            self.cells, self.head = [], False
        elif tag in ("ul", "ol"):
            self._end()
            self.lists.append([0, int(tag == "ol")])
        elif tag == "li":
            self._end()
            self._begin_item()
        elif tag in ("h3", "h4"):
            self._end()
            self.kind, self.level = "heading", int(tag[1]) - 2
        elif tag == "p":
            self._end()

    def _begin_item(self) -> None:
        if self.lists:
            self.lists[-1][0] += 1
        self.kind, self.level = "item", max(len(self.lists), 1)
        self.number = self.lists[-1][0] if self.lists and self.lists[-1][1] else 0

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.skipped = max(self.skipped - 1, 0)
        elif tag in ("strong", "b"):
            self.bold = max(self.bold - 1, 0)
        elif tag in ("em", "i"):
            self.italic = max(self.italic - 1, 0)
        elif tag == "a":
            self.href = ""
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag in ("ul", "ol"):
            self._end()
            if self.lists:
                self.lists.pop()
        elif tag in ("p", "li", "h3", "h4"):
            self._end()

    def handle_data(self, data: str) -> None:
        if not self.skipped and data:
            self.runs.append(Run(data, bool(self.bold), bool(self.italic), self.href))

    def _end(self) -> None:
        """A paragraph in a cell is a line of the cell; everything else is a block of its own."""
        if self.cells is not None:
            if self.runs and "".join(run.text for run in self.runs).strip():
                self.runs.append(Run("\n"))
            return
        if "".join(run.text for run in self.runs).strip():
            self.found.append(Block(self.kind, tuple(self.runs), self.level, self.number))
        self.runs = []
        self.kind, self.level, self.number = "paragraph", 0, 0

    def _end_cell(self) -> None:
        if self.cells is not None:
            self.cells.append("".join(run.text for run in self.runs).strip())
            self.runs = []

    def _end_row(self) -> None:
        if self.cells is None:
            return
        if self.cells:
            self.found.append(Block(Block.ROW, cells=tuple(self.cells), head=self.head))
        self.cells, self.runs = None, []

    def finished(self) -> list[Block]:
        self._end_row()
        self._end()
        return self.found


class _Depth(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.now += 1
            self.most = max(self.most, self.now)

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            self.now -= 1


def _depth(html: str) -> int:
    reader = _Depth()
    reader.feed(html)
    return reader.most


def _from_the_top(html: str) -> str:
    """A subheading without a heading above it is a heading: a page and a PDF skip no level."""
    before, first, after = html.partition("<h3>")
    return re.sub(r"(</?)h4>", r"\1h3>", before) + first + after


def _paragraphed(text: str) -> str:
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part)
