"""What the floors above show on the page of a meeting: the status of the projects that it follows."""

from collections.abc import Callable
from typing import Any

from governance.models import Meeting

_panels: list[Callable[[Meeting, Any], str]] = []


def register(panel: Callable[[Meeting, Any], str]) -> None:
    """``panel(meeting, user)`` gives safe HTML for the meeting's page, or nothing."""
    _panels.append(panel)


def of(meeting: Meeting, user: Any) -> list[str]:
    return [shown for panel in _panels if (shown := panel(meeting, user))]
