"""On the page of a project's case the director reads what it costs the own municipality."""

from typing import Any

from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.ui import wording
from governance.models import Body, Case
from portfolio.actions.cases import lay_financing_plan
from portfolio.models import Participation, Project
from portfolio.shares import financing


def test_the_case_shows_the_secretary_the_cost_and_the_director_the_own_share(
    client: Client, steering: Body, project: Project, invited: dict[str, Participation], secretary: User, directors: Any
) -> None:
    case = lay_financing_plan(project=project, by=secretary).case
    divided = financing(project, list(project.participations.whole()))
    share = wording.money(divided.of(invited["Sortland"].organisation).if_all)

    client.force_login(secretary)
    said = client.get(case.get_absolute_url()).content.decode()
    assert "hvis alle inviterte blir med</dt>" not in said
    assert project.title in said

    Case.objects.filter(pk=case.pk).update(year=2026, sequence=7, stage=Case.Stage.ON_AGENDA)
    client.force_login(directors["Sortland"])
    said = client.get(Case.objects.get(pk=case.pk).get_absolute_url()).content.decode()
    assert "Andelen til Sortland hvis alle inviterte blir med" in said
    assert share in said
