"""Aksel's icons, written into the page so that they follow the text's colour."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

DRAWINGS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "icons" / "icons.json"


@cache
def _drawings() -> dict[str, str]:
    return json.loads(DRAWINGS.read_text())


def icon(name: str, label: str = "") -> SafeString:
    """An icon for the eye only, or with a label where the icon stands alone."""
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="ds-icon" viewBox="0 0 24 24" width="1em" height="1em" fill="none" focusable="false" {}>{}</svg>',
        speech,
        mark_safe(_drawings()[name]),  # noqa: S308 -- our own build of the package's files
    )
