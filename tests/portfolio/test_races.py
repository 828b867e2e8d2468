"""Two people press at the same moment: one thing happens once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Adoption, Collaboration, Organisation
from portfolio.actions import contributions, invitations, participation, projects, rollout
from portfolio.actions.cases import lay_financing_plan
from portfolio.actions.versions import propose_portfolio_version
from portfolio.models import Contribution, EarlierAnswer, Participation, PortfolioVersion, Project, ProjectCase
from tests.at_once import at_once
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_municipality_is_asked_anew_once_when_two_press(
    invited: dict[str, Participation], decides: Callable[..., Any], secretary: User
) -> None:
    part = decides(invited["Bø"], state="not_adopted")
    answers = at_once(*[lambda: invitations.ask_anew(participation=part, by=secretary) for _press in range(2)])
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert EarlierAnswer.objects.count() == 1
    assert Adoption.objects.filter(organisation=part.organisation).count() == 2


def test_an_invitation_is_taken_back_or_answered_and_never_both(
    invited: dict[str, Participation], decides: Callable[..., Any], secretary: User, directors: dict[str, User]
) -> None:
    part = invited["Bø"]
    answers = at_once(
        lambda: invitations.take_back(participation=part, reason="Feil kommune.", by=secretary),
        lambda: decides(part, 100_000),
    )
    there = Participation.objects.filter(pk=part.pk).exists()
    assert there == Adoption.objects.filter(pk=part.adoption_id).exists()
    assert there == (Adoption.objects.filter(pk=part.adoption_id, state="adopted").exists())
    assert sum(isinstance(answer, Exception) for answer in answers) == 1


def test_two_projects_do_not_take_the_same_half_of_a_person(
    digi: Collaboration,
    invited: dict[str, Participation],
    bo: Organisation,
    decides: Callable[..., Any],
    secretary: User,
    directors: dict[str, User],
) -> None:
    other = projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    second = participation.invite(project=other, organisations=[bo], by=secretary)[0]
    parts = [decides(invited["Bø"], 100_000), decides(second)]
    kari = person("Kari Nilsen", organisation=bo)

    def put(part: Participation) -> Callable[[], Any]:
        return lambda: contributions.contribute(
            participation=part, person=kari, percent=60, since=date(2031, 1, 1), by=directors["Bø"]
        )

    answers = at_once(*[put(part) for part in parts])
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert Contribution.objects.get().percent == 60


def test_the_same_steps_are_laid_out_once_when_two_press(
    project: Project, invited: dict[str, Participation], decides: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 100_000)
    steps = [rollout.PlannedStep("I drift", date(2031, 1, 1))]
    answers = at_once(*[lambda: rollout.lay_out(project=project, steps=steps, by=secretary) for _press in range(2)])
    assert sorted(answers) == [0, 1]
