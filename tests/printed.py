"""What a PDF says."""

from io import BytesIO

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The words of all its pages, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
