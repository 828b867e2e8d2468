"""What the floors above show on the page of a proposal: the idea that was made of it."""

from collections.abc import Callable
from typing import Any

from governance.models import Collaboration, Proposal

_panels: list[Callable[[Any, Collaboration, Proposal], str]] = []


def register(panel: Callable[[Any, Collaboration, Proposal], str]) -> None:
    """``panel(request, collaboration, proposal)`` gives safe HTML for the page as the collaboration reads it."""
    _panels.append(panel)


def of(request: Any, collaboration: Collaboration, proposal: Proposal) -> list[str]:
    return [shown for panel in _panels if (shown := panel(request, collaboration, proposal))]
