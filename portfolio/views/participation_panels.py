"""What a project's page shows of those who take part: their answers, their roll-out, their people and own costs."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from digivesteralen.accounts.access import allowed, holds
from governance.models import Organisation
from portfolio.actions.participation import ENDED, REPORT_RIGHT
from portfolio.actions.rollout import plans_for_all
from portfolio.answers import answers_of
from portfolio.models import Contribution, Participation, Project
from portfolio.rollout_plan import plan_of
from portfolio.views.finding import MANAGE

# More municipalities than this are looked at on the plan's own page.
ROWS_SHOWN = 12


def answers(request: Any, project: Project) -> str:
    """«4 av 6 har svart, frist …», with the button that reminds the others (R23)."""
    found = answers_of(project)
    if not found.asked:
        return ""
    context = {
        "project": project,
        "collaboration": project.collaboration,
        "answers": found,
        "manages": project.state not in ENDED and holds(request.user, MANAGE, project.collaboration),
    }
    return render_to_string("portfolio/_answers_panel.html", context, request)


def rollout(request: Any, project: Project) -> str:
    """The plan step by municipality; folded while nobody has made one."""
    plan = plan_of(project, request.user)
    for_all = project.state not in ENDED and plans_for_all(request.user, project)
    if not plan.titles and not (for_all and plan.rows):
        return ""
    context = {
        "project": project,
        "collaboration": project.collaboration,
        "plan": plan,
        "plans_for_all": for_all,
        "whole": len(plan.rows) <= ROWS_SHOWN,
    }
    return render_to_string("portfolio/_rollout_panel.html", context, request)


def people_and_costs(request: Any, project: Project) -> str:
    """Named people and internal costs: each municipality's own, outside the shared sums (R8, R12)."""
    parts = list(project.participations.whole())
    for part in parts:
        part.project = project
    people = list(
        Contribution.objects.filter(participation__project=project)
        .not_over()
        .select_related("person")
        .order_by("participation__organisation__sort_key", "person__name", "since")
    )
    by_part = {part.pk: part for part in parts}
    for one in people:
        one.participation = by_part[one.participation_id]
    costs = [part for part in parts if part.internal_cost is not None or part.internal_spent is not None]
    own = _own(request, parts)
    if not people and not costs and not own:
        return ""
    context = {
        "project": project,
        "collaboration": project.collaboration,
        "people": people,
        "costs": costs,
        "own": own,
    }
    return render_to_string("portfolio/_people_panel.html", context, request)


def _own(request: Any, parts: list[Participation]) -> list[Participation]:
    """The municipalities that the reader registers people and costs for, where they take part."""
    with_us = {part.organisation_id: part for part in parts if part.pays}
    places = allowed(Organisation.objects.filter(pk__in=with_us), request.user, REPORT_RIGHT)
    return [with_us[pk] for pk in places.values_list("pk", flat=True)]
