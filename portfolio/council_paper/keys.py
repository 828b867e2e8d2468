"""How a cost is shared, in one sentence that a council can check: the key, its day and the figures behind it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from portfolio.models import Project
from portfolio.shares import Financing, Line, Populations


def key(divided: Financing, own: Line) -> str:
    """How the cost is shared, in one sentence with the figures behind it."""
    project = divided.project
    joining = [line for line in divided.lines if line.if_all is not None]
    if project.in_base_budget or not project.to_share or own.if_all is None:
        return ""
    said = {
        "municipality": own.participation.organisation,
        "count": len(joining),
        "percent": project.equal_percent,
        "fixed": wording.money(project.fixed_amount or Decimal(0)),
        "rate": wording.money(project.rate or Decimal(0)),
        "unit": project.use_unit,
        "use": wording.number(own.participation.use or Decimal(0)),
        "all_use": wording.number(sum((line.participation.use or Decimal(0) for line in joining), Decimal(0))),
        **(_people(project, joining, own) if project.key in Project.BY_PEOPLE else {}),
    }
    return _sentences()[project.key] % said


def _people(project: Project, joining: list[Line], own: Line) -> dict[str, str]:
    assert project.counted_on is not None
    municipalities = [line.participation.organisation_id for line in joining]
    counts = Populations(municipalities)
    people = {pk: counts.on(project.counted_on)[pk] for pk in municipalities}
    return {
        "day": wording.day(project.counted_on),
        "people": wording.number(people[own.participation.organisation_id]),
        "everybody": wording.number(sum(people.values())),
    }


def _sentences() -> dict[str, str]:
    return {
        Project.Key.EQUAL: _("The cost is shared equally between the municipalities that may join (%(count)s)."),
        Project.Key.POPULATION: _(
            "The cost is shared by population on %(day)s: %(municipality)s has %(people)s of the %(everybody)s "
            "inhabitants of the municipalities that may join."
        ),
        Project.Key.MIXED: _(
            "%(percent)s per cent of the cost is shared equally between the municipalities that may join, "
            "and the rest by population on %(day)s: %(municipality)s has %(people)s of %(everybody)s inhabitants."
        ),
        Project.Key.FIXED: _(
            "Each municipality that joins pays %(fixed)s, and the rest is shared by population "
            "on %(day)s: %(municipality)s has %(people)s of %(everybody)s inhabitants."
        ),
        Project.Key.RATE: _(
            "Each municipality pays %(rate)s per inhabitant and year, counted on %(day)s: %(municipality)s has "
            "%(people)s inhabitants."
        ),
        Project.Key.USE: _(
            "The cost is shared by use, counted in %(unit)s: %(municipality)s has %(use)s of %(all_use)s."
        ),
        Project.Key.MANUAL: _("The cost is shared by amounts that are agreed for each municipality."),
    }
