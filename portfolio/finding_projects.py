"""Which ideas, measures and projects stand on a finding, for the page of the findings (H2, L16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portfolio.models import IdeaFinding, MeasureFinding, ProjectFinding
from surveys.finding_links import Link
from surveys.models import Finding


def projects_of(findings: Iterable[Finding]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    rows = ProjectFinding.objects.filter(finding__in=findings).select_related("project__collaboration")
    for row in rows.order_by("project__number"):
        found[row.finding_id].append((row.project.title, row.project.get_absolute_url()))
    return found


def measures_of(findings: Iterable[Finding]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    rows = MeasureFinding.objects.filter(finding__in=findings).select_related("measure__focus_area__collaboration")
    for row in rows.order_by("measure__focus_area__position", "measure__position"):
        found[row.finding_id].append((row.measure.text, row.measure.focus_area.get_absolute_url()))
    return found


def ideas_of(findings: Iterable[Finding]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    rows = IdeaFinding.objects.filter(finding__in=findings).select_related("idea__collaboration")
    for row in rows.order_by("idea__year", "idea__number"):
        found[row.finding_id].append((str(row.idea), row.idea.get_absolute_url()))
    return found
