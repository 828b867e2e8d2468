"""A project's roll-out as one looks at it: step by municipality, with what is late (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.accounts.access import allowed
from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Organisation
from portfolio.actions.participation import REPORT_RIGHT
from portfolio.actions.rollout import plans_for_all
from portfolio.models import Participation, Project, RolloutStep


@dataclass(frozen=True)
class PlanRow:
    """One municipality: a step for each column, where it has one, and whether the reader may move them."""

    participation: Participation
    steps: Sequence[RolloutStep | None]
    editable: bool


@dataclass(frozen=True)
class Plan:
    """The columns are the steps by name, in the order in which the first municipality reaches them."""

    titles: Sequence[str]
    rows: Sequence[PlanRow]

    @property
    def steps(self) -> list[RolloutStep]:
        return [step for row in self.rows for step in row.steps if step]

    @property
    def reached(self) -> int:
        return sum(step.reached_on is not None for step in self.steps)

    @property
    def late(self) -> int:
        return sum(step.is_late for step in self.steps)


def plan_of(project: Project, user: Any) -> Plan:
    """Those who have said yes, and those who have steps; with a number of queries that does not grow."""
    steps: dict[int, dict[str, RolloutStep]] = {}
    first: dict[str, date] = {}
    for step in RolloutStep.objects.filter(participation__project=project):
        steps.setdefault(step.participation_id, {})[step.title] = step
        first[step.title] = min(first.get(step.title, step.planned_on), step.planned_on)
    titles = sorted(first, key=lambda title: (first[title], title))
    parts = [part for part in project.participations.whole() if part.pays or part.pk in steps]
    mine = _editable(project, user, parts)
    rows = []
    for part in parts:
        part.project = project
        own = steps.get(part.pk, {})
        rows.append(PlanRow(part, [own.get(title) for title in titles], part.organisation_id in mine))
    return Plan(titles, rows)


def _editable(project: Project, user: Any, parts: Sequence[Participation]) -> set[int]:
    places: Any = Organisation.objects.filter(pk__in=[part.organisation_id for part in parts])
    if not plans_for_all(user, project):
        places = allowed(places, user, REPORT_RIGHT)
    return set(places.values_list("pk", flat=True))


def sheet(plan: Plan) -> SheetSpec:
    """One row for each step of each municipality, with days as days."""
    header = [_("Municipality"), _("Step"), _("Planned"), _("Known to"), _("Reached"), _("Late"), _("Example")]
    rows = [
        [
            row.participation.organisation.name,
            step.title,
            step.planned_on,
            str(step.get_planned_precision_display()),
            step.reached_on,
            _("yes") if step.is_late else "",
            _("yes") if step.example else "",
        ]
        for row in plan.rows
        for step in row.steps
        if step
    ]
    return SheetSpec(_("Roll-out plan"), header, rows)
