"""Word files that a municipality edits further: a template with docxtpl's words, filled with plain text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import TemplateDoesNotExist, engines


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """Fill ``templates/<template>`` (.docx); values are escaped, so text can hold no markup."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 -- slow import

    document = DocxTemplate(_path(template))
    document.render(dict(context), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _path(template: str) -> Path:
    """Found where the other templates are; Django's own loaders read text only."""
    for engine in engines.all():
        for folder in engine.template_dirs:
            path = Path(folder) / template
            if path.is_file():
                return path
    raise TemplateDoesNotExist(template)
