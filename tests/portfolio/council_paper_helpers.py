"""What a council paper says, as Word and as PDF, to a municipality that writes nynorsk."""

import io
import re
from typing import Any

import docx
import pytest

from governance.models import (
    Adoption,
    Organisation,
)
from portfolio import council_paper
from tests.printed import text_of


def word(adoption: Adoption) -> Any:
    return docx.Document(io.BytesIO(council_paper.word_file(adoption).content))


def said(adoption: Adoption) -> str:
    """All that the Word file says, on one line."""
    document = word(adoption)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " | ".join([*[paragraph.text for paragraph in document.paragraphs], *cells]))


def printed(adoption: Adoption) -> str:
    """All that the PDF says, on one line."""
    return text_of(council_paper.pdf_file(adoption).content)


@pytest.fixture
def nynorsk(sortland: Organisation) -> Organisation:
    sortland.language_form = "nn"
    sortland.save()
    return sortland
