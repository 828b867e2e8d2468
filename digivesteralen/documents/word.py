"""Word files that a municipality edits further: a template with docxtpl's words, filled with plain text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.template import engines
from django.template.loader import get_template


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """Fill ``templates/<template>`` (.docx); values are escaped, so text can hold no markup."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 -- slow import

    document = DocxTemplate(_path(template))
    document.render(dict(context), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _path(template: str) -> str:
    for engine in engines.all():
        for folder in engine.template_dirs:
            path = folder / template if hasattr(folder, "joinpath") else None
            if path is not None and path.exists():
                return str(path)
    return str(get_template(template).origin.name)  # type: ignore[attr-defined]
