"""What the floors above show on the page of a case: a project its shares, a portfolio its version."""

from collections.abc import Callable
from typing import Any

from django.db.models import CharField, Model, Value

from governance.models import Case

_panels: list[tuple[Callable[[Case, Any], str], type[Model]]] = []


def register(panel: Callable[[Case, Any], str], about: type[Model]) -> None:
    """``panel(case, user)`` gives safe HTML for the case's page, or nothing; ``about`` has the case as its ``case``."""
    _panels.append((panel, about))


def of(case: Case, user: Any) -> list[str]:
    """Most cases have none of it: one question tells which panels are asked at all."""
    there = _there(with_earlier(case))
    return [shown for panel, about in _panels if about._meta.label in there and (shown := panel(case, user))]


def with_earlier(case: Case) -> list[int]:
    """The case and those it continues: a postponed case comes back under a new number."""
    found: list[int] = []
    current: Case | None = case
    while current is not None:
        found.append(current.pk)
        current = current.continues
    return found


def _there(cases: list[int]) -> set[str]:
    first, *others = (
        about._default_manager.filter(case__in=cases)
        .order_by()
        .values_list(Value(about._meta.label, output_field=CharField()))
        for about in dict.fromkeys(about for _panel, about in _panels)
    )
    return {label for (label,) in first.union(*others)}
