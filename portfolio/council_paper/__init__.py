"""«Saksframlegg»: what a municipality lays before its own council, in its own language form (D13, X3)."""

from portfolio.council_paper.files import (
    EXEMPT,
    OPEN,
    collaboration_of,
    key_of,
    kind_of,
    make,
    municipality_of,
    pdf_file,
    word_file,
)

__all__ = [
    "EXEMPT",
    "OPEN",
    "collaboration_of",
    "key_of",
    "kind_of",
    "make",
    "municipality_of",
    "pdf_file",
    "word_file",
]
