"""Formatted text is cleaned by an allow-list when it is stored and again when it is shown (security T10-T13)."""

import io
import time
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as some

from digivesteralen.documents import pdf, word
from digivesteralen.documents.paper import Rich
from digivesteralen.ui import forms, richtext
from tests.documents import papers

WORD = (Path(__file__).parents[1] / "files/word-paste.html").read_text()


def test_what_comes_out_of_word_is_cleaned() -> None:
    cleaned = richtext.clean(WORD)
    for gone in ("mso", "style", "class", "colspan", "width", "<o:", "<!--", "xml", "span", "file:", "AllowPNG"):
        assert gone not in cleaned, gone
    for kept in (
        "<h3>Bakgrunn</h3>",
        "<strong>ulike</strong>",
        "<em>innlogging</em>",
        '<a href="https://example.org/rapport">',
    ):
        assert kept in cleaned, kept
    assert richtext.clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<p onclick="x">a</p><img src=x onerror=alert(1)>', "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="http://a.no">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="mailto:a@b.no" target=x>a</a></p>', '<p><a href="mailto:a@b.no">a</a></p>'),
        ("<svg><use href=#a></use></svg><p>a</p>", "<p>a</p>"),
        (
            '<table><tr><td colspan="1000000" rowspan=9>a</td></tr></table>',
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<p>a\x00\x0b\x1f\ufffeb</p>", "<p>ab</p>"),
        ("<h4>Lite</h4><h3>Stort</h3><h4>Lite</h4>", "<h3>Lite</h3><h3>Stort</h3><h4>Lite</h4>"),
        ("<p> </p>", ""),
        ("a < b & c\r\nd", "a < b & c\nd"),
    ],
)  # fmt: skip
def test_only_what_is_let_through_is_stored(written: str, stored: str) -> None:
    assert richtext.clean(written) == stored


@given(some.text(alphabet="<>/apbulith3 \"'=&;:\n\x00", max_size=80))
def test_whatever_is_written_is_clean_the_second_time_too(written: str) -> None:
    shown = str(richtext.shown(written))
    assert "<script" not in shown and "\x00" not in shown
    cleaned = richtext.clean(written)
    assert str(richtext.shown(cleaned)) == shown


def test_plain_text_is_shown_as_paragraphs_and_stored_as_it_was_written() -> None:
    assert richtext.shown("En <b linje\nto\n\nNy") == "<p>En &lt;b linje<br>to</p><p>Ny</p>"
    assert richtext.clean("En\n\nNy") == "En\n\nNy"
    assert richtext.shown("") == richtext.shown(None) == ""


def test_what_no_page_can_bear_is_refused_when_stored_and_only_words_when_shown() -> None:
    deep = "<ul><li>" * 12 + "x" + "</li></ul>" * 12
    for wrong in (deep, "<p>" + "x" * richtext.LONGEST + "</p>"):
        with pytest.raises(richtext.TooMuch):
            richtext.clean(wrong)
        assert "<ul>" not in richtext.shown(wrong)

    class Form(forms.DsForm):
        text = forms.RichField(label="Tekst")

    assert Form({"text": deep}).errors["text"]


GROUPS = "".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
HEAVY = {
    "a cell over a million columns": '<table><tr><td colspan="1000000">a</td></tr></table>',
    "flex boxes in flex boxes": '<div style="display:flex">' * 15 + "a" + "</div>" * 15 + "<p>b</p>",
    "a drawing that multiplies": f"<svg>{GROUPS}</svg><p>a</p>",
    "boxes three thousand deep": "<div>" * 3000 + "a" + "</div>" * 3000 + "<p>b</p>",
    "lists three thousand deep": "<ul><li>" * 3000 + "a" + "</li></ul>" * 3000,
    "a word of a megabyte": "<p>" + "x" * 1_000_000 + "</p>",
    "five hundred page breaks": '<p style="break-before:page">a</p>' * 500,
    "tags that never end": "<p" * 60_000 + ">",
}


@pytest.mark.parametrize("heavy", HEAVY.values(), ids=HEAVY)
def test_what_would_hang_a_renderer_is_taken_away(heavy: str) -> None:
    """T13: nothing of it is left on a page or in a PDF, which is made of few sheets."""
    shown = richtext.shown(heavy)
    for gone in ("colspan", "style", "<svg", "<use", "<div"):
        assert gone not in shown.replace("&lt;", "")
    assert shown.count("<ul>") <= richtext.DEEPEST
    assert len(shown) < 2 * richtext.LONGEST
    began = time.process_time()
    content = pdf.write(papers.paper("{{ text }}", text=shown))
    assert time.process_time() - began < 10  # the row's own number; it takes one
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) < 50


def test_the_words_alone_and_the_blocks_for_word() -> None:
    cleaned = richtext.clean("<h3>A</h3><p>b <strong>c</strong></p><ol><li>d<ul><li>e</li></ul></li><li>f</li></ol>"
                             "<table><tr><th>g</th><th>h</th></tr><tr><td>i</td><td>j</td></tr></table>")  # fmt: skip
    assert richtext.plain(cleaned) == "A\nb c\nd\ne\nf\ng\th\ni\tj"
    told = [(block.kind, block.text, block.level, block.number) for block in richtext.blocks(cleaned)]
    assert told[:5] == [
        ("heading", "A", 1, 0),
        ("paragraph", "b c", 0, 0),
        ("item", "d", 1, 1),
        ("item", "e", 2, 0),
        ("item", "f", 1, 2),
    ]
    assert richtext.paragraphs("En\n\nTo") == ["En", "To"]


def test_a_word_file_holds_the_headings_lists_and_tables() -> None:
    cleaned = richtext.clean(WORD)
    content = word.render("portfolio/council_paper.docx", {}, [Rich(cleaned, richtext.blocks(cleaned))])
    document = docx.Document(io.BytesIO(content))
    by_style = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert by_style["Bakgrunn"] == "Heading 2"
    assert [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold] == ["ulike"]
    assert [cell.text for row in document.tables[0].rows for cell in row.cells] == ["Kommune", "", "Sortland", "10 514"]
