"""HTML templates to PDF/A with PDF/UA: the only place that touches WeasyPrint, and nothing is ever fetched."""

from __future__ import annotations

import base64
import logging
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

FONT = "vendor/inter/InterVariable-nordic.woff2"
STYLE = "pdf/pdf.css"
# Attachments carry a moment; a fixed one, so that a second run gives the same bytes.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# The same moment for the subset of the font, which fonttools would else stamp with now.
os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(EPOCH.timestamp())))
# Control characters have no glyph, and a missing glyph breaks PDF/A.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

# Letters that somebody has made up for their own use; what they look like is known to nobody else.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Our font is the largest thing that a document brings along, 0.3 MB; a picture may be larger.
LARGEST_INSIDE = 20_000_000

# PDF/UA-1 beside PDF/A needs its identification and the schema that declares it (veraPDF-library#1456).
PDF_UA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Which part of ISO 14289 is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


@dataclass(frozen=True)
class Attachment:
    """A file inside a PDF/A-3: the data that the document was made from."""

    name: str
    content: bytes
    mime: str
    description: str


class Unwritable(Exception):
    """A document holds letters that can't be written; the sentence names them."""

    def __init__(self, letters: set[str]) -> None:
        super().__init__(letters)
        named = ", ".join(_named(letter) for letter in sorted(letters))
        self.sentence = _("No font has these characters, so the document can't be made: %(characters)s.") % {
            "characters": named
        }


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    lang: str = "nb",
    variant: str = "pdf/a-2a",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The template as a tagged PDF, byte for byte the same for the same context."""
    with translation.override(lang):
        html = render_to_string(template, {**context, "title": title, "lang": lang, "pdf_style": _style()})
    return write(html, variant=variant, attachments=attachments)


def write(html: str, *, variant: str = "pdf/a-2a", attachments: Sequence[Attachment] = ()) -> bytes:
    """HTML that stands on its own feet to PDF; whatever it asks to be fetched is refused.

    A letter that no font has would make the file worthless in an archive: its number is written instead (T19).
    """
    html = PRIVATE.sub(lambda found: _named(found[0]), CONTROL.sub("", html))
    content, missing = _written(html, variant, attachments)
    if missing:
        logger.warning("written by their numbers, for want of a font: %s", ", ".join(map(_named, sorted(missing))))
        html = html.translate({ord(letter): _named(letter) for letter in missing})
        content, missing = _written(html, variant, attachments)
    if missing:
        raise Unwritable(missing)
    return content


def _named(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def _written(html: str, variant: str, attachments: Sequence[Attachment]) -> tuple[bytes, set[str]]:
    """The PDF, and the letters that it lacks."""
    import weasyprint  # noqa: PLC0415 -- three seconds to import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    options: dict[str, Any] = {"pdf_variant": variant, "pdf_tags": True}
    if attachments:
        options["attachments"] = [
            weasyprint.Attachment(
                string=one.content,
                name=one.name,
                description=one.description,
                created=EPOCH,
                modified=EPOCH,
                relationship="Data",
            )
            for one in attachments
        ]
    with _missing_letters() as missing:
        source = weasyprint.HTML(string=html, url_fetcher=fetcher())
        document = source.render(font_config=FontConfiguration(), **options)
        _say_that_it_is_accessible(document.metadata)
        content: bytes = document.write_pdf(pdf_identifier=b"digivesteralen", **options)
    return content, missing


def fetcher() -> Any:
    """Opens what is written inside the document, up to a size, and nothing else: no net, no file, no redirect."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- slow, as above

    class InsideOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url[:5].lower() == "data:" or len(url) > LARGEST_INSIDE:
                raise ValueError(f"not opened: {url[:60]}")
            return super().fetch(url, headers)

    return InsideOnly(allowed_protocols={"data"}, allow_redirects=False)


@contextmanager
def _missing_letters() -> Iterator[set[str]]:
    """WeasyPrint tells its log, and nobody else, that a letter has no glyph in any font."""
    missing: set[str] = set()
    here = threading.get_ident()

    def listen(record: logging.LogRecord) -> bool:
        if ".notdef" not in str(record.msg):
            return True
        if record.thread == here and isinstance(record.args, tuple):
            missing.add(str(record.args[0]))
        return False

    log = logging.getLogger("weasyprint")
    log.addFilter(listen)
    try:
        yield missing
    finally:
        log.removeFilter(listen)


def _say_that_it_is_accessible(metadata: Any) -> None:
    plain = metadata.generate_rdf_metadata

    def with_accessibility(*arguments: Any) -> bytes:
        rdf: bytes = plain(*arguments)
        if not rdf.endswith(b"</rdf:RDF>"):
            raise RuntimeError("WeasyPrint writes its metadata in another way; PDF/UA can't be declared.")
        return rdf.removesuffix(b"</rdf:RDF>") + PDF_UA

    metadata.generate_rdf_metadata = with_accessibility
    include = metadata.include_in_pdf

    def in_plain_text(*arguments: Any) -> None:
        """An archive reads the metadata without unpacking it: the last argument is «compress»."""
        include(*arguments[:-1], False)

    metadata.include_in_pdf = in_plain_text


@lru_cache(maxsize=1)
def _style() -> str:
    """The print style sheet with the font inside it."""
    font = base64.b64encode(_static(FONT)).decode()
    face = f"@font-face{{font-family:Inter;src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    return face + _static(STYLE).decode()


def _static(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise ImproperlyConfigured(f"static/{name} is missing: run «make install».")
    return Path(str(found)).read_bytes()
