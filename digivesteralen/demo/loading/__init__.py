"""Loads the two demo collaborations through the same verbs as the pages; a second time changes nothing."""

from __future__ import annotations

from django.db import transaction

from digivesteralen.demo.loading import example, trondelag, vesteralen
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration

KNOWN = ("vesteralen", "trondelag")


def load(which: str = "all") -> list[str]:
    """Load the named collaborations that are not there yet; answers with those it loaded."""
    wanted = KNOWN if which == "all" else (which,)
    return [slug for slug in wanted if _load(slug)]


@transaction.atomic
def _load(slug: str) -> bool:
    if Collaboration.objects.filter(slug=slug).exists():
        return False
    cast = Cast()
    if slug == "vesteralen":
        vesteralen.load(cast)
        example.load(cast)
    else:
        trondelag.load(cast)
    return True
