"""Which projects stand on a finding, for the page of the findings (H2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portfolio.models import ProjectFinding
from surveys.finding_links import Link
from surveys.models import Finding


def projects_of(findings: Iterable[Finding]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    rows = ProjectFinding.objects.filter(finding__in=findings).select_related("project__collaboration")
    for row in rows.order_by("project__number"):
        found[row.finding_id].append((row.project.title, row.project.get_absolute_url()))
    return found
