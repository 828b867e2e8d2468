"""The main menu and the user menu: each app says in its AppConfig.ready what it adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from digivesteralen.accounts.access import holds

Address = Callable[[Any], str]


@dataclass(frozen=True)
class Entry:
    """One entry of the main menu; its address depends on the collaboration one stands in, and may be empty."""

    label: Any
    url: Address
    right: str | None
    order: int


@dataclass(frozen=True)
class Link:
    """An entry as it is shown to one person on one page."""

    label: Any
    url: str
    current: bool


_entries: dict[int, Entry] = {}
_capacities: list[Callable[[Any], Sequence[Any]]] = []


def register(label: Any, url: Address, right: str | None = None, *, order: int) -> None:
    """Add an entry; two apps may not claim the same place."""
    if order in _entries and _entries[order].url is not url:
        raise ValueError(f"Place {order} in the menu is taken by {_entries[order].label!r}.")
    _entries[order] = Entry(label, url, right, order)


def capacities(function: Callable[[Any], Sequence[Any]]) -> None:
    """Say how to find on whose behalf a person acts: ``function(user) -> ["Sortland kommune, kommunedirektør"]``."""
    if function not in _capacities:
        _capacities.append(function)


def acting_for(user: Any) -> list[Any]:
    return [capacity for function in _capacities for capacity in function(user)]


def links(user: Any, collaboration: Model | None, path: str) -> list[Link]:
    """The entries this person may follow here; the one with the longest matching address is the current one."""
    shown = [
        (entry.label, address)
        for _, entry in sorted(_entries.items())
        if (address := entry.url(collaboration)) and _may(user, entry.right, collaboration)
    ]
    here = max((address for _, address in shown if _leads_to(address, path)), key=len, default=None)
    return [Link(label, address, address == here) for label, address in shown]


def _may(user: Any, right: str | None, collaboration: Model | None) -> bool:
    return right is None or (collaboration is not None and holds(user, right, collaboration))


def _leads_to(address: str, path: str) -> bool:
    address = address.partition("?")[0]
    return path == address if address == "/" else path.startswith(address)
