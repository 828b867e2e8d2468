"""«20 kroner per innbygger»: a cost that follows from how many people live where, as DigiFin reckons its shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import prefetch_related_objects

from portfolio.models import Participation, Project
from portfolio.shares import Populations


def at_the_rate(project: Project, participations: Iterable[Participation]) -> Project:
    """The project with the cost and the years that follow, not saved; as it was where the key is another."""
    if project.key != Project.Key.RATE:
        return project
    prefetch_related_objects([project], "years")
    years = list(project.years.all())
    a_year = cost_of_a_year(project, participations, in_years=bool(years))
    project.shared_cost = a_year * max(len(years), 1) + project.grant_share
    for year in years:
        year.cost = a_year + year.grant_share
    return project


def cost_of_a_year(project: Project, participations: Iterable[Participation], *, in_years: bool) -> Decimal:
    """What all who may join pay together in a year. Nobody's share changes when others do not join (rule 2)."""
    joining: Sequence[Participation] = [
        part for part in participations if part.may_still_join or (in_years and part.is_bound)
    ]
    if not joining or project.counted_on is None:
        return Decimal(0)
    people = Populations(part.organisation_id for part in joining).on(project.counted_on)
    return (project.rate or Decimal(0)) * sum(people[part.organisation_id] for part in joining)
