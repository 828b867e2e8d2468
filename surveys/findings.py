"""The findings as they are told: category by category, in order (H4)."""

from __future__ import annotations

from dataclasses import dataclass

from governance.models import Collaboration
from surveys.models import Finding, FindingCategory, FindingRemark


@dataclass(frozen=True)
class Category:
    """A category with its findings, and what the municipalities have said to it."""

    category: FindingCategory
    findings: list[Finding]
    remarks: list[FindingRemark]

    @property
    def name(self) -> str:
        return self.category.name


def by_category(collaboration: Collaboration) -> list[Category]:
    """All categories of the collaboration in order; one without findings is shown empty."""
    categories = FindingCategory.objects.of(collaboration).prefetch_related("findings", "remarks__municipality")
    return [Category(one, list(one.findings.all()), list(one.remarks.all())) for one in categories]
