"""Where an inventory has its pages: a municipality's under its number, an IT collaboration's under its own address."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from governance.models import Organisation


def own_url(owner: Organisation, name: str, *rest: Any) -> str:
    """The address of a page of the own inventory, as ``own_url(place, "system", use.pk)``."""
    if owner.kind == Organisation.Kind.IT_COLLABORATION:
        return reverse(f"it_{name}", args=[owner.pk, *rest])
    return reverse(name, args=[owner.number, *rest])
