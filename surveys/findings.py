"""The findings as they are told: category by category, in order (H4)."""

from __future__ import annotations

from dataclasses import dataclass

from governance.models import Collaboration
from surveys import finding_links
from surveys.models import Finding, FindingCategory, FindingRemark


@dataclass(frozen=True)
class Category:
    """A category with its findings, and what the municipalities have said to it."""

    category: FindingCategory
    findings: list[Finding]
    remarks: list[FindingRemark]
    links: dict[int, list[finding_links.Link]]

    @property
    def name(self) -> str:
        return self.category.name

    @property
    def lines(self) -> list[tuple[Finding, list[finding_links.Link]]]:
        """From finding, by its measure, to the projects that stand on it (H2)."""
        return [(one, self.links.get(one.pk, [])) for one in self.findings]


def by_category(collaboration: Collaboration) -> list[Category]:
    """All categories of the collaboration in order; one without findings is shown empty."""
    categories = FindingCategory.objects.of(collaboration).prefetch_related("findings", "remarks__municipality")
    links = finding_links.of(finding for one in categories for finding in one.findings.all())
    return [Category(one, list(one.findings.all()), list(one.remarks.all()), links) for one in categories]
