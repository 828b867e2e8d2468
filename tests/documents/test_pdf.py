"""PDFs can be read by everybody, kept for ever, made again byte for byte, and fetch nothing."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import translation

from digivesteralen.documents import apps, pdf
from tests.documents import papers
from tests.printed import faults


def text(content: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.fixture(scope="module")
def everything() -> bytes:
    return pdf.write(papers.html())


@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1])
def test_it_is_for_the_archive_and_for_everybody(everything: bytes, profile: page.ValidationProfile) -> None:
    assert faults(everything, profile) == []


@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1])
def test_with_its_data_inside(profile: page.ValidationProfile) -> None:
    data = pdf.Attachment("tall.csv", "Kommune;Pris\nBø;1\n".encode(), "text/csv", "Tallene i rapporten")
    content = pdf.write(papers.html(), variant="pdf/a-3a", attachments=[data])
    assert faults(content, profile) == []
    assert pypdf.PdfReader(io.BytesIO(content)).attachments["tall.csv"] == [data.content]


def test_the_check_finds_a_fault() -> None:
    import weasyprint  # noqa: PLC0415 -- slow import

    plain = weasyprint.HTML(string="<p>x</p>").write_pdf()
    assert faults(plain, page.ValidationProfile.PDF_UA_1)


def test_the_same_again_is_the_same_file(everything: bytes) -> None:
    assert pdf.write(papers.html()) == everything


def test_title_language_and_bookmarks(everything: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(everything))
    about: Any = reader.metadata
    assert (about.title, reader.root_object["/Lang"]) == ("Sluttrapport", "nb")
    assert [mark["/Title"] for mark in reader.outline if isinstance(mark, dict)] == ["Sluttrapport"]


def test_every_letter_is_there(everything: bytes) -> None:
    assert "Æ Ø Å æ ø å – «sitat» Č Đ Ŋ Š Ŧ Ž" in " ".join(text(everything)).replace("\n", " ")


def test_pages_are_numbered_and_the_table_head_comes_again(everything: bytes) -> None:
    sheets = text(everything)
    assert f"3 / {len(sheets)}" in sheets[2]
    assert sum("Kommune" in sheet and "Pris" in sheet for sheet in sheets) >= 2


def test_the_contents_name_the_pages(everything: bytes) -> None:
    contents = text(everything)[1]
    assert "Innhold" in contents
    assert "Systemer" in contents


@pytest.mark.parametrize("example", [True, False])
def test_what_is_made_up_says_so_on_every_page(example: bool) -> None:
    sheets = text(pdf.write(papers.html(example=example)))
    with translation.override("nb"):
        word = translation.gettext("Example")
    assert all((word in sheet) is example for sheet in sheets)


def test_text_from_people_is_text() -> None:
    evil = (
        '<h1>Vedtatt</h1><style>*{display:none}</style><a href="javascript:alert(1)">x</a>{{ 7|add:7 }}\x0b\x07\ufffe'
    )
    content = pdf.write(papers.paper("<p>{{ text }}</p>", text=evil))
    assert '<h1>Vedtatt</h1><style>*{display:none}</style><a href="javascript' in text(content)[0].replace("\n", "")
    assert not pypdf.PdfReader(io.BytesIO(content)).pages[0].get("/Annots")
    assert faults(content, page.ValidationProfile.PDF_A_2A) == []


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000))
                    connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", asked
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_nothing_is_fetched_from_the_net(listener: tuple[str, list[bytes]]) -> None:
    address, asked = listener
    for vector in papers.vectors(address):
        pdf.write(papers.paper(vector))
    assert asked == []


def test_no_file_of_this_machine_gets_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("very-secret-word")
    for vector in papers.vectors(secret.as_uri()):
        content = pdf.write(papers.paper(vector))
        reader = pypdf.PdfReader(io.BytesIO(content))
        assert "very-secret-word" not in "".join(text(content))
        assert not reader.attachments
        assert b"very-secret-word" not in content


@pytest.mark.parametrize(
    "scheme", ["http://127.0.0.1/", "file:///etc/passwd", "FILE:///etc/passwd", "ftp://a/", "a.png"]
)
def test_what_is_asked_for_is_refused_by_the_fetcher_itself(scheme: str) -> None:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- slow import

    fetcher = pdf.fetcher()
    assert isinstance(fetcher, URLFetcher)
    with pytest.raises(ValueError, match="not opened"):
        fetcher.fetch(scheme)


def test_what_a_document_brings_along_has_a_largest_size() -> None:
    fetcher = pdf.fetcher()
    assert fetcher.fetch("data:text/plain,abc").read() == b"abc"
    with pytest.raises(ValueError, match="not opened: data:text"):
        fetcher.fetch("data:text/plain," + "a" * pdf.LARGEST_INSIDE)


def test_a_profile_of_colours_that_is_refused_stops_the_document() -> None:
    """The one refusal that WeasyPrint does not read past."""
    from weasyprint.urls import URLFetchingError  # noqa: PLC0415 -- slow import

    style = '<style>@color-profile --a { src: url("file:///etc/passwd") }</style>'
    with pytest.raises(URLFetchingError, match="not opened"):
        pdf.write(papers.paper(style))


def test_the_portal_does_not_start_with_an_older_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    assert apps.weasyprint_is_new_enough() == []
    monkeypatch.setattr(apps, "version", lambda name: "69.9")
    with pytest.raises(SystemCheckError, match="WeasyPrint 69.9 is older than 70"):
        call_command("check")


@pytest.mark.parametrize(("strange", "told"), [("\u6f22", 1), ("\u0378", 1), ("\ue000", 0), ("\U0010fffd", 0)])
def test_a_letter_that_no_font_has_is_written_by_its_number(
    strange: str, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Those for private use are nobody's, whatever a font has; the others are looked for, and told when not found."""
    content = pdf.write(papers.paper("<p>{{ text }}</p>", text=f"Vedtatt {strange} av alle"))
    assert f"Vedtatt [U+{ord(strange):04X}] av alle" in text(content)[0]
    assert faults(content) == []
    assert [f"[U+{ord(strange):04X}]" in record.getMessage() for record in caplog.records] == [True] * told


def test_a_letter_that_cannot_be_written_at_all_is_named() -> None:
    with translation.override("en"), pytest.raises(pdf.Unwritable) as refused:
        pdf.write(papers.paper("<p>&#x6f22;</p>"))
    assert "U+6F22" in refused.value.sentence


def test_only_one_module_knows_weasyprint() -> None:
    root = Path(pdf.__file__).resolve().parents[2]
    sources = [
        path
        for folder in ("digivesteralen", "governance", "surveys", "portfolio")
        for path in (root / folder).rglob("*.py")
    ]
    knowing = {path.relative_to(root).as_posix() for path in sources if "import weasyprint" in path.read_text()}
    # The worker imports it early, so that no child has to.
    assert knowing == {"digivesteralen/documents/pdf.py", "digivesteralen/celery.py"}


def test_a_long_table_stays_quick() -> None:
    content = pdf.write(papers.html(rows=range(500)))
    assert len(text(content)) > 10


def test_a_word_file_is_filled_with_text_and_nothing_else(tmp_path: Path, settings: Any) -> None:
    import docx  # noqa: PLC0415

    from digivesteralen.documents import word  # noqa: PLC0415

    template = docx.Document()
    template.add_paragraph("Sak: {{ title }}")
    template.save(str(tmp_path / "sak.docx"))
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    content = word.render("sak.docx", {"title": "Bø & <Sortland> {{ 7*7 }}"})
    assert docx.Document(io.BytesIO(content)).paragraphs[0].text == "Sak: Bø & <Sortland> {{ 7*7 }}"
