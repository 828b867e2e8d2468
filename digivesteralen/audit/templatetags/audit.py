from typing import Any

from django import template
from django.db import models

from digivesteralen.audit import log

register = template.Library()


@register.inclusion_tag("audit/history.html")
def history(thing: models.Model) -> dict[str, Any]:
    """``{% history meeting %}``: what has happened to a thing, folded away."""
    entries = log.history(thing)
    return {"entries": entries, "last": next((entry for entry in entries if not entry.is_act), None)}
