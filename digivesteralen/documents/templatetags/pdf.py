"""Tags for PDF templates: a list of contents with page numbers, and pictures that need no fetching."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def contents(headings: Sequence[tuple[str, str, int]]) -> SafeString:
    """A list of (anchor, text, level) with the page each stands on."""
    rows = format_html_join(
        "",
        '<li class="level-{}"><a href="#{}">{}</a></li>',
        ((level, anchor, text) for anchor, text, level in headings),
    )
    return format_html('<nav class="contents"><h2>{}</h2><ol>{}</ol></nav>', _("Contents"), rows)


@register.simple_tag
def picture(data: bytes, alt: str, mime: str = "image/png") -> SafeString:
    """A picture from our own storage, with the words for those who don't see it."""
    return format_html('<img alt="{}" src="data:{};base64,{}">', alt, mime, base64.b64encode(data).decode())
