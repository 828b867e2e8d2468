from typing import Any

from django import template
from django.db import models

from digivesteralen.audit import log
from digivesteralen.audit.wording import verb_in_words

register = template.Library()

# An address with this word asks for the whole history of one thing on the page.
WORD = "historikk"


@register.inclusion_tag("audit/history.html", takes_context=True)
def history(context: template.Context, thing: models.Model) -> dict[str, Any]:
    """``{% history meeting %}``: what has happened to a thing, folded away, and the way to all of it."""
    request, name = context.get("request"), f"{thing._meta.label_lower}-{thing.pk}"
    if request is not None and request.GET.get(WORD) == name:
        raise log.WholeHistoryAsked(thing, collaboration=context.get("collaboration"))
    entries = log.history(thing)
    last = next((entry for entry in entries if not entry.is_act), None)
    return {"entries": entries, "last": last, "whole": f"?{WORD}={name}" if request is not None else ""}


@register.filter
def in_words(verb: str) -> str:
    """An act as it is read: «took out the personal data»."""
    return verb_in_words(verb)
