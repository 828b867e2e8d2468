"""Two people press at the same moment: one thing happens once."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Adoption, Collaboration, Organisation
from portfolio.actions import participation, projects
from portfolio.actions.cases import lay_financing_plan
from portfolio.actions.versions import propose_portfolio_version
from portfolio.models import Participation, PortfolioVersion, Project, ProjectCase

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Run all verbs in threads of their own that start together; refusals are answers too."""
    start, answers = threading.Barrier(len(verbs)), []

    def press(verb: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            answers.append(verb())
        except NotAllowedNow as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(verbs)
    return answers


def test_two_projects_registered_at_once_get_two_numbers(digi: Collaboration, secretary: User) -> None:
    at_once(
        *[
            lambda: projects.register_project(collaboration=digi, title="Samme navn", by=secretary)
            for _press in range(4)
        ]
    )
    assert sorted(Project.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert len(set(Project.objects.values_list("slug", flat=True))) == 4


def test_inviting_twice_at_once_asks_each_municipality_once(
    project: Project, six: list[Organisation], secretary: User
) -> None:
    at_once(*[lambda: participation.invite(project=project, organisations=six, by=secretary) for _press in range(3)])
    assert Participation.objects.count() == Adoption.objects.count() == 6


def test_one_financing_plan_is_laid_when_two_press(project: Project, steering: Any, secretary: User) -> None:
    answers = at_once(*[lambda: lay_financing_plan(project=project, by=secretary) for _press in range(2)])
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert ProjectCase.objects.count() == 1


def test_one_portfolio_version_is_laid_when_two_press(
    digi: Collaboration, project: Project, steering: Any, secretary: User
) -> None:
    answers = at_once(
        *[
            lambda: propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)
            for _press in range(2)
        ]
    )
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert PortfolioVersion.objects.count() == 1


def test_a_project_is_started_once(
    project: Project, invited: dict[str, Participation], decides: Callable[..., Any], secretary: User
) -> None:
    projects.change_project(project=project, version=None, shared_cost=Decimal(0), by=secretary)
    decides(invited["Bø"])
    answers = at_once(*[lambda: projects.start_execution(project=project, by=secretary) for _press in range(2)])
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
