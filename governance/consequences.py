"""What the floors above attach to a decision: governance calls, and knows none of them."""

from collections.abc import Callable
from typing import Any

from governance.models import Case, Resolution

_on_resolution: list[Callable[[Resolution, Any], None]] = []
_opens_adoptions: list[Callable[[Case, Any], bool]] = []


def on_resolution(consequence: Callable[[Resolution, Any], None]) -> None:
    """Call this for each resolution when the meeting ends, in the same transaction."""
    _on_resolution.append(consequence)


def opens_adoptions(opener: Callable[[Case, Any], bool]) -> None:
    """Ask this first when a case goes to the municipalities; it answers whether it opened their decisions itself."""
    _opens_adoptions.append(opener)


def resolved(resolution: Resolution, by: Any) -> None:
    for consequence in _on_resolution:
        consequence(resolution, by)


def opened_elsewhere(case: Case, by: Any) -> bool:
    answers = [opener(case, by) for opener in _opens_adoptions]
    return any(answers)
