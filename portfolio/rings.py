"""Which projects wait for which, in as many steps as it takes."""

from __future__ import annotations

from portfolio.models import Dependency, Project


def waits_for(project: Project, other: Project) -> bool:
    """``project`` is ``other``, or needs something that is, however far behind."""
    seen, here = set[int](), {project.pk}
    while here:
        if other.pk in here:
            return True
        seen |= here
        needs = Dependency.objects.filter(project__in=here, kind=Dependency.Kind.NEEDS, on_project__isnull=False)
        here = set(needs.values_list("on_project", flat=True)) - seen
    return False
