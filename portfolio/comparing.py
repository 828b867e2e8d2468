"""What is different: between a version as it was laid and as it was treated, and between one version and the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portfolio.models import PortfolioItem, PortfolioVersion, Project
from portfolio.snapshots import differences

MONEY = {"shared_cost", "grant_share", "to_share"}


@dataclass(frozen=True)
class Difference:
    """One thing that is otherwise than it was."""

    what: str
    before: Any
    after: Any
    money: bool = False


@dataclass(frozen=True)
class Change:
    """One project that is new, gone, in another place or otherwise than in the version before."""

    title: str
    kind: str
    details: list[Difference]

    @property
    def word(self) -> str:
        return {
            "new": _("new in this version"),
            "gone": _("no longer in the portfolio"),
            "moved": _("moved"),
            "changed": _("changed"),
        }[self.kind]


def told_differences(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> list[Difference]:
    """What is otherwise of what the steering group is shown, in words."""
    if after is None:
        return []
    return [
        Difference(_words()[name], _value(name, before.get(name)), _value(name, after.get(name)), name in MONEY)
        for name in differences(before, after)
    ]


def since_laid(items: Iterable[PortfolioItem]) -> list[Change]:
    """The projects that are otherwise than when the agenda was sent."""
    found = [Change(item.facts["title"], "changed", told_differences(item.laid, item.frozen)) for item in items]
    return [change for change in found if change.details]


def previous_of(version: PortfolioVersion) -> PortfolioVersion | None:
    """The version that was approved last before this one."""
    return version.collaboration.portfolio_versions.approved().filter(number__lt=version.number).first()


def changes(previous: PortfolioVersion, version: PortfolioVersion) -> list[Change]:
    """Projects that came in, went out, got another place, or cost something else than last time."""
    before = {item.project_id: item for item in previous.items.all()}
    after = {item.project_id: item for item in version.items.all()}
    found = [
        *(_changed(before[project], item) for project, item in after.items() if project in before),
        *(Change(item.facts["title"], "new", []) for project, item in after.items() if project not in before),
        *(Change(item.facts["title"], "gone", []) for project, item in before.items() if project not in after),
    ]
    return [change for change in found if change is not None]


def _changed(before: PortfolioItem, after: PortfolioItem) -> Change | None:
    details = told_differences(before.facts, after.facts)
    moved = before.position != after.position
    if moved:
        details = [Difference(_("Place in the order"), before.position, after.position), *details]
    if not details:
        return None
    return Change(after.facts["title"], "moved" if moved and len(details) == 1 else "changed", details)


def _words() -> dict[str, str]:
    return {
        "title": _("Title"),
        "state": _("Phase"),
        "starts": _("Starts"),
        "ends": _("Ends"),
        "shared_cost": _("Shared cost"),
        "grant_share": _("Grants"),
        "to_share": _("To be shared"),
        "hours": _("Own effort (hours)"),
    }


def _value(name: str, value: Any) -> Any:
    if name == "state":
        return str(Project.State(value).label)
    if name in MONEY or name == "hours":
        return None if value is None else Decimal(value)
    return value or "–"
