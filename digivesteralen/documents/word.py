"""Word files that a municipality edits further: a template with docxtpl's words, and the parts of a paper after it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.template import TemplateDoesNotExist, engines

from digivesteralen.documents.paper import Blank, Facts, Heading, Note, Paragraph, Part, Points, Rich, Table

LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}


def render(template: str, context: Mapping[str, Any], parts: Sequence[Part] = (), *, lang: str = "nb") -> bytes:
    """Fill ``templates/<template>`` (.docx) and write the parts after what stands in it.

    Values are escaped, so text can hold no markup. The template has the styles «Title», «Heading 1» to «Heading 3»,
    «Caption», «List Number», «Note», «Blank», «Cell» and «Table Grid».
    """
    import docx  # noqa: PLC0415 -- slow import
    from docxtpl import DocxTemplate  # noqa: PLC0415 -- slow import

    filled = DocxTemplate(_path(template))
    filled.render(dict(context), autoescape=True)
    document = docx.Document(_saved(filled))
    _speak(document, LANGUAGES[lang])
    for part in parts:
        _write(document, part)
    return _saved(document).getvalue()


def _saved(document: Any) -> io.BytesIO:
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return out


def _path(template: str) -> Path:
    """Found where the other templates are; Django's own loaders read text only."""
    for engine in engines.all():
        for folder in engine.template_dirs:
            path = Path(folder) / template
            if path.is_file():
                return path
    raise TemplateDoesNotExist(template)


def _speak(document: Any, language: str) -> None:
    """The language that Word spells in and a screen reader speaks."""
    from docx.oxml.ns import qn  # noqa: PLC0415 -- slow import

    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
    document.core_properties.language = language


def _write(document: Any, part: Part) -> None:
    match part:
        case Heading():
            document.add_heading(part.text, part.level)
        case Paragraph():
            document.add_paragraph(part.text)
        case Rich():
            _rich(document, part)
        case Note():
            document.add_paragraph(part.text, style="Note")
        case Blank():
            document.add_paragraph(part.text, style="Blank")
        case Points():
            _points(document, part)
        case Facts():
            _facts(document, part)
        case Table():
            _table(document, part)


def _points(document: Any, part: Points) -> None:
    number = _counter(document, "List Number")
    for item in part.items:
        _count(document.add_paragraph(item, style="List Number"), number)


def _counter(document: Any, style: str) -> int:
    """Each list begins at one; Word would else go on counting from the list before it."""
    numbering = document.part.numbering_part.element
    usual = document.styles[style].element.pPr.numPr.numId.val
    number = numbering.add_num(numbering.num_having_numId(usual).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _count(paragraph: Any, number: int) -> None:
    place = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    place.get_or_add_ilvl().val = 0
    place.get_or_add_numId().val = number


def _rich(document: Any, part: Rich) -> None:
    """Block by block; the rows of one table stand together."""
    counters: dict[str, int] = {}
    for rows, block in _tables(part.blocks):
        if rows:
            _rich_table(document, rows)
        elif block.kind == "heading":
            document.add_heading(block.text, min(block.level + 1, 3))
        else:
            style = _style(block)
            paragraph = document.add_paragraph(style=style)
            _runs(paragraph, block)
            if block.number:
                if block.number == 1 or style not in counters:
                    counters[style] = _counter(document, style)
                _count(paragraph, counters[style])


def _tables(blocks: Sequence[Any]) -> Iterator[tuple[list[Any], Any]]:
    for is_row, together in groupby(blocks, key=lambda block: block.kind == "row"):
        if is_row:
            yield list(together), None
        else:
            yield from (([], block) for block in together)


def _style(block: Any) -> str:
    """Word's own lists go three levels in."""
    if block.kind != "item":
        return "Normal"
    name = "List Number" if block.number else "List Bullet"
    level = min(block.level, 3)
    return name if level == 1 else f"{name} {level}"


def _runs(paragraph: Any, block: Any) -> None:
    """Bold and italic as they were written; the address of a link stands behind its words."""
    for run in block.runs:
        told = f"{run.text} ({run.href})" if run.href and run.href != run.text else run.text
        made = paragraph.add_run(told)
        made.bold, made.italic = run.bold or None, run.italic or None


def _rich_table(document: Any, rows: Sequence[Any]) -> None:
    width = max(len(row.cells) for row in rows)
    table = _grid(document, [100 // width] * width)
    for number, row in enumerate(rows):
        for cell, text in zip(_row(table, repeats=not number and row.head), row.cells, strict=False):
            _fill(cell, text, bold=row.head)
    document.add_paragraph()


def _facts(document: Any, part: Facts) -> None:
    table = _grid(document, [32, 68])
    for name, value in part.rows:
        cells = _row(table)
        _fill(cells[0], name, bold=True)
        _fill(cells[1], value)
    document.add_paragraph()


def _table(document: Any, part: Table) -> None:
    document.add_paragraph(part.caption, style="Caption").paragraph_format.keep_with_next = True
    table = _grid(document, [column.width for column in part.columns])
    _tell(table._tbl.tblPr, "w:tblCaption", part.caption)
    for cell, column in zip(_row(table, repeats=True), part.columns, strict=True):
        _fill(cell, column.head, bold=True, right=column.figures)
    for number, line in enumerate(part.lines):
        is_total = number == len(part.rows)
        for cell, (column, text) in zip(_row(table), line, strict=True):
            _fill(cell, text, bold=is_total, right=column.figures)
    if part.is_short:
        _stay_together(table)
    document.add_paragraph()


def _stay_together(table: Any) -> None:
    """Every row but the last keeps the next one on its page."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _grid(document: Any, widths: Sequence[int]) -> Any:
    """A table without rows, as wide as the text, its columns fixed: Word must not guess from the content."""
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = room * width // 100
    return table


def _row(table: Any, *, repeats: bool = False) -> Sequence[Any]:
    """A row that is not broken over two pages; the heads are shown again on each."""
    row = table.add_row()
    settings = row._tr.get_or_add_trPr()
    _tell(settings, "w:cantSplit")
    if repeats:
        _tell(settings, "w:tblHeader")
    cells: Sequence[Any] = row.cells
    for cell, column in zip(cells, table.columns, strict=True):
        cell.width = column.width
    return cells


def _fill(cell: Any, text: str, *, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 -- slow import

    paragraph = cell.paragraphs[0]
    # By its key: looking a style up by name takes most of the time of a long table.
    paragraph._p.style = "Cell"
    paragraph.add_run(text).bold = bold or None
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _tell(settings: Any, name: str, value: str = "") -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- slow import
    from docx.oxml.ns import qn  # noqa: PLC0415 -- slow import

    element = OxmlElement(name)
    if value:
        element.set(qn("w:val"), value)
    settings.append(element)
