"""The pages about money and hours stand beside each other."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.models import Collaboration


def pages(collaboration: Collaboration, current: str) -> list[tuple[str, str, bool]]:
    """Text, address, and whether one is there."""
    named = {
        "financing": _("Financing"),
        "effort": _("Own effort"),
        "cofinancing": _("Who pays for what"),
        "invoices": _("Basis for invoices"),
    }
    return [(text, reverse(name, args=[collaboration.slug]), name == current) for name, text in named.items()]
