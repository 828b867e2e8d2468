"""What the floors above show on the page of a municipality: what it is in outside the collaborations."""

from collections.abc import Callable
from typing import Any

from governance.models import Organisation

_panels: list[Callable[[Any, Organisation], str]] = []


def register(panel: Callable[[Any, Organisation], str]) -> None:
    """``panel(request, organisation)`` gives safe HTML for the page, or nothing."""
    _panels.append(panel)


def of(request: Any, organisation: Organisation) -> list[str]:
    return [shown for panel in _panels if (shown := panel(request, organisation))]
