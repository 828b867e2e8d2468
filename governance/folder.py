"""All papers of a meeting as one PDF: the summons, each case with its attachments, an outline and page numbers.

The summons alone keeps PDF/A. This file takes in other people's PDFs, so it can't promise that, and the page says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from digivesteralen.documents import files
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance import papers, summons
from governance.models import Meeting


@dataclass(frozen=True)
class Attachment:
    """One file of a case: its pages where it is a PDF that can be taken in, else named with its checksum."""

    title: str
    document: Document
    pdf: bytes | None


def make(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=False)


def make_public(job: Job, report: Report) -> Made:
    return _made(papers.meeting_of(job.subject), report, job.arguments.get("reason", ""), public=True)


def render(meeting: Meeting, report: Report, *, public: bool) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    report(10, _("Reading the attachments"))
    context = summons.context(meeting, public=public)
    entries = context["entries"]
    held = [
        [Attachment(one.title, one.document, _readable(one.document)) for one in entry.attachments] for entry in entries
    ]
    taken_in = {one.document.pk for attached in held for one in attached if one.pdf is not None}
    context |= {"folder": True, "taken_in": taken_in}
    report(30, _("Setting the pages"))
    with translation.override("nb"):
        own = PdfReader(io.BytesIO(pdf.render("pdf/summons.html", context, title=title(meeting), lang="nb")))
        report(70, _("Putting the papers together"))
        return _bound(own, entries, held, meeting, example=meeting.example)


def title(meeting: Meeting) -> str:
    return _("Papers of %(body)s %(number)s") % {"body": meeting.body.name_in_text, "number": meeting.label}


def _made(meeting: Meeting, report: Report, reason: str, *, public: bool) -> Made:
    made_from = {"meeting": meeting.pk, "state": meeting.state, "version": meeting.version, "reason": reason}
    made_from |= papers.withheld(meeting) if public else {}
    content = render(meeting, report, public=public)
    with translation.override("nb"):
        name = papers.file_name("motepapirer", meeting, public=public)
        return Made(content, name, "application/pdf", title(meeting), made_from, reason)


def _readable(document: Document) -> bytes | None:
    if document.mime != "application/pdf":
        return None
    content = files.content(document)
    return content if readable(content) else None


def readable(content: bytes) -> bool:
    """A PDF that opens without a password; what is broken or locked stays beside."""
    try:
        reader = PdfReader(io.BytesIO(content))
        return not reader.is_encrypted and len(reader.pages) > 0
    except (PyPdfError, ValueError, KeyError, RecursionError):
        return False


def _bound(
    own: PdfReader, entries: list[papers.Entry], held: list[list[Attachment]], meeting: Meeting, *, example: bool
) -> bytes:
    """The summons cut where each case begins, with the attachments of the case after it."""
    writer = PdfWriter()
    starts = list(_case_pages(own, len(entries)))
    ends = [*starts[1:], len(own.pages)]
    _take(writer, own, 0, starts[0] if starts else len(own.pages))
    writer.add_outline_item(title=_("Summons and agenda"), page_number=0)
    for entry, attached, first, last in zip(entries, held, starts, ends, strict=True):
        here = len(writer.pages)
        _take(writer, own, first, last)
        bookmark = writer.add_outline_item(title=f"{entry.case.number} {entry.title}".strip(), page_number=here)
        for one in attached:
            if one.pdf is not None:
                there = len(writer.pages)
                foreign = PdfReader(io.BytesIO(one.pdf))
                _take(writer, foreign, 0, len(foreign.pages), foreign=True)
                writer.add_outline_item(title=one.title, page_number=there, parent=bookmark)
    _number_pages(writer, meeting, example=example)
    writer.add_metadata({"/Title": title(meeting)})
    writer.page_mode = "/UseOutlines"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _case_pages(own: PdfReader, count: int) -> Iterator[int]:
    """Each case has one heading of the second level, and begins on a page of its own."""
    first = own.outline[1] if len(own.outline) > 1 and isinstance(own.outline[1], list) else []
    headings = [one for one in first if not isinstance(one, list)]
    assert len(headings) == count, "one heading for each case"
    for heading in headings:
        number = own.get_destination_page_number(heading)
        assert number is not None
        yield number


def _take(writer: PdfWriter, reader: PdfReader, first: int, last: int, *, foreign: bool = False) -> None:
    for page in reader.pages[first:last]:
        added = writer.add_page(page)
        if foreign:
            added.transfer_rotation_to_content()
            _tame(added)


def _tame(page: PageObject) -> None:
    """A stranger's page brings what is read, and nothing that acts: no scripts, forms, files or outward links."""
    for name in ("/AA", "/Annots", "/Metadata"):
        page.pop(NameObject(name), None)


def _number_pages(writer: PdfWriter, meeting: Meeting, *, example: bool) -> None:
    total = len(writer.pages)
    for number, page in enumerate(writer.pages, 1):
        words = _("Papers %(label)s, page %(number)s of %(total)s") % {
            "label": meeting.label,
            "number": number,
            "total": total,
        }
        _stamp(page, f"{_('Example')} - {words}" if example else words)


def _stamp(page: PageObject, words: str) -> None:
    """A line at the top right, over whatever the page holds."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    left, bottom = float(page.mediabox.left), float(page.mediabox.bottom)
    over = PageObject.create_blank_page(width=width, height=height)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    names = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    over[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/Stamp"): names})}
    )
    stream = DecodedStreamObject()
    text = words.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    # Helvetica's letters are about half as wide as high.
    x, y = left + width - 57 - 0.5 * 8 * len(words), bottom + height - 24
    stream.set_data(b"q BT 0.25 g /Stamp 8 Tf %.1f %.1f Td (%s) Tj ET Q" % (x, y, text))
    over[NameObject("/Contents")] = stream
    over[NameObject("/Annots")] = ArrayObject()
    page.merge_page(over)
