"""What the floors above show on the page of a municipality's matter: the paper it may take to its own council."""

from collections.abc import Callable
from typing import Any

from governance.models import Adoption

_panels: list[Callable[[Any, Adoption], str]] = []


def register(panel: Callable[[Any, Adoption], str]) -> None:
    """``panel(request, adoption)`` gives safe HTML for the page, or nothing."""
    _panels.append(panel)


def of(request: Any, adoption: Adoption) -> list[str]:
    return [shown for panel in _panels if (shown := panel(request, adoption))]
