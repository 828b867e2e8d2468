"""What a project still lacks: its cost, less the grants that are secured and what municipalities have decided (K3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portfolio.models import Allocation, Grant, Project
from portfolio.shares import Financing

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Gap:
    """Need, what is secured and what is covered; and which of the two the missing money is of."""

    need: Decimal
    grants: Decimal
    secured: Decimal
    to_share: Decimal
    covered: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.need - self.secured - self.covered, NOTHING)

    @property
    def not_secured(self) -> Decimal:
        """Grants that the cost reckons with and nobody has promised."""
        return max(self.grants - self.secured, NOTHING)

    @property
    def not_covered(self) -> Decimal:
        """What is to be shared and no municipality has decided to pay."""
        return self.to_share - self.covered

    @property
    def more_secured(self) -> Decimal:
        """Grants beyond those that the cost reckons with: the municipalities' shares could be smaller."""
        return max(self.secured - self.grants, NOTHING)


def gap_of(project: Project, divided: Financing) -> Gap | None:
    """Nothing where the cost is unknown, or where the base budget pays."""
    if project.shared_cost is None or project.to_share is None or project.in_base_budget:
        return None
    return Gap(project.shared_cost, project.grant_share, secured(project), project.to_share, divided.covered)


def secured(project: Project) -> Decimal:
    """Laid out to the project of grants that are won."""
    laid_out = Allocation.objects.filter(project=project, grant__state__in=Grant.WON)
    return sum(laid_out.values_list("amount", flat=True), NOTHING)
