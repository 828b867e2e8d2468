"""HTML templates to PDF/A with PDF/UA: the only place that touches WeasyPrint, and nothing is ever fetched."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation

FONT = "vendor/inter/InterVariable-nordic.woff2"
STYLE = "pdf/pdf.css"
# Attachments carry a moment; a fixed one, so that a second run gives the same bytes.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# The same moment for the subset of the font, which fonttools would else stamp with now.
os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(EPOCH.timestamp())))
# Control characters have no glyph, and a missing glyph breaks PDF/A.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

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
    """HTML that stands on its own feet to PDF; whatever it asks to be fetched is refused."""
    import weasyprint  # noqa: PLC0415 -- three seconds to import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
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
    source = weasyprint.HTML(string=CONTROL.sub("", html), url_fetcher=fetcher)
    document = source.render(font_config=FontConfiguration(), **options)
    _say_that_it_is_accessible(document.metadata)
    content: bytes = document.write_pdf(pdf_identifier=b"digivesteralen", **options)
    return content


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
