"""What the floors above show on the page of a case: a project its shares, a portfolio its version."""

from collections.abc import Callable
from typing import Any

from governance.models import Case

_panels: list[Callable[[Case, Any], str]] = []


def register(panel: Callable[[Case, Any], str]) -> None:
    """``panel(case, user)`` gives safe HTML for the case's page, or nothing."""
    _panels.append(panel)


def of(case: Case, user: Any) -> list[str]:
    return [shown for panel in _panels if (shown := panel(case, user))]
