"""In which collaboration a thing stands. Governance, on a floor above, knows, and says so in its ready."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

OfThing = Callable[[Model], int | None]
ByWord = Callable[[str], int | None]

_finders: list[tuple[OfThing, ByWord]] = []


def known_by(of_thing: OfThing, by_word: ByWord) -> None:
    """``of_thing`` answers for a thing, ``by_word`` for the word of a collaboration in an address."""
    _finders[:] = [(of_thing, by_word)]


def of_thing(thing: Model | None) -> int | None:
    return next((find(thing) for find, _by_word in _finders), None) if thing is not None else None


def of_address(request: Any) -> int | None:
    """The collaboration whose page was asked for."""
    match = getattr(request, "resolver_match", None)
    word = match.kwargs.get("samarbeid") if match is not None else None
    return next((find(word) for _of_thing, find in _finders), None) if word else None
