"""What waits for a person, worst first: asked of each floor, for each role the person has."""

from __future__ import annotations

from datetime import date
from typing import Any

from digivesteralen.start.tasks import of_bodies, of_oneself, of_portfolio, of_surveys
from digivesteralen.start.tasks.task import Task

SOURCES = [
    of_bodies.views_in_bodies,
    of_portfolio.portfolio_views,
    of_portfolio.own_rankings,
    of_bodies.own_decisions,
    of_bodies.memberships_to_confirm,
    of_bodies.memberships_contested,
    of_portfolio.to_settle_anew,
    of_bodies.minutes_to_read,
    of_bodies.getting_started,
    of_bodies.meetings_to_prepare,
    of_bodies.answers_missing,
    of_bodies.points_to_follow_up,
    of_bodies.proposals_waiting,
    of_bodies.own_proposals,
    of_portfolio.ideas_waiting,
    of_portfolio.own_ideas,
    of_bodies.signals_to_give,
    of_portfolio.gatherings_to_answer,
    of_portfolio.gatherings_to_write_down,
    of_surveys.inventories,
    of_surveys.contract_alerts,
    of_surveys.reviews,
    of_surveys.surveys_to_import,
    of_surveys.surveys_to_answer,
    of_portfolio.own_projects,
    of_portfolio.status_to_report,
    of_portfolio.benefits_to_measure,
    of_portfolio.grants_due,
    of_portfolio.milestones_to_check,
    of_bodies.papers_to_read,
    of_oneself.failed_jobs,
    of_oneself.own_account,
]


def waiting_for(user: Any) -> list[Task]:
    """Everything that waits for the person, the nearest deadline first, then what has none."""
    found = [task for ask in SOURCES for task in ask(user)]
    return sorted(found, key=lambda task: (task.until is None, task.until or date.max, task.title))
