"""What the floors above show on the page of a window of joint procurement: a project that begins from it."""

from collections.abc import Callable
from typing import Any

from governance.models import Collaboration
from surveys.windows import Window

_panels: list[Callable[[Any, Collaboration, Window], str]] = []


def register(panel: Callable[[Any, Collaboration, Window], str]) -> None:
    """``panel(request, collaboration, window)`` gives safe HTML for the page, or nothing."""
    _panels.append(panel)


def of(request: Any, collaboration: Collaboration, window: Window) -> list[str]:
    return [shown for panel in _panels if (shown := panel(request, collaboration, window))]
