"""What a PDF says, and whether it may go into an archive."""

from io import BytesIO

import page
from pypdf import PdfReader

FOR_EVERYBODY = (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1)
# What the fast checker takes for a fault and veraPDF does not: any filter of the metadata in PDF/A-2 and -3, and a
# stream whose last byte happens to be a carriage return, which it reads as a part of the line end behind it.
FALSE_ALARMS = ("METADATA-FILTER-001", "STREAM-LENGTH-001")


def text_of(pdf: bytes) -> str:
    """The words of all its pages, on one line."""
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages).split())


def faults(pdf: bytes, *profiles: page.ValidationProfile) -> list[str]:
    """What is wrong with it by these profiles; where none is named, for the archive and for everybody."""
    found = [
        one for profile in profiles or FOR_EVERYBODY for one in page.validate_pdf_bytes(pdf, profile=profile).failures
    ]
    return [f"{one.rule_id} {one.message}" for one in found if not one.rule_id.endswith(FALSE_ALARMS)]
