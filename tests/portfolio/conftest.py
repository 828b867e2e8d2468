"""A project with six invited municipalities, and what each of them may say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.actions import adoptions, agenda, meetings, running
from governance.models import Case, Collaboration, Meeting, Organisation, Resolution
from portfolio.actions import focus_areas, participation, projects
from portfolio.models import FocusArea, Participation, Project
from tests.portfolio.council_paper_helpers import nynorsk  # noqa: F401 -- a fixture
from tests.portfolio.money import giver, go, grant, receiver, wish  # noqa: F401 -- fixtures


@pytest.fixture
def area(digi: Collaboration, secretary: User) -> FocusArea:
    return focus_areas.register_focus_area(
        collaboration=digi, short_name="Strategi og retning", name="Strategi og retning", by=secretary
    )


@pytest.fixture
def project(digi: Collaboration, area: FocusArea, secretary: User) -> Project:
    """600 000 kroner, shared equally."""
    return projects.register_project(
        collaboration=digi,
        title="Felles skjema",
        focus_area=area,
        state=Project.State.PLANNING,
        shared_cost=Decimal(600_000),
        hours=Decimal(600),
        by=secretary,
    )


@pytest.fixture
def led(project: Project, project_leader: User) -> Project:
    """The same project, with a leader of its own."""
    Project.objects.filter(pk=project.pk).update(leader=project_leader.person)
    return Project.objects.select_related("collaboration", "leader").get(pk=project.pk)


@pytest.fixture
def invited(project: Project, six: list[Organisation], secretary: User) -> dict[str, Participation]:
    """All six invited, by the name of the municipality; nobody has answered."""
    parts = participation.invite(project=project, organisations=six, by=secretary)
    return {part.organisation.name: part for part in parts}


@pytest.fixture
def decides(directors: dict[str, User]) -> Callable[..., Participation]:
    """A municipality registers its own decision."""

    def decide(part: Participation, amount: Any = None, state: str = "adopted", **more: Any) -> Participation:
        adoptions.register_adoption(
            adoption=part.adoption,
            state=state,
            decided_by="kommunestyret",
            decided_on=timezone.localdate(),
            case_number="12/26",
            amount=None if amount is None else Decimal(amount),
            by=directors[part.organisation.name],
            **more,
        )
        return Participation.objects.whole().get(pk=part.pk)

    return decide


@pytest.fixture
def held(steering: Any, directors: dict[str, User], secretary: User) -> Callable[..., Meeting]:
    """A meeting of the steering group treats a case and ends."""

    def hold(case: Case, outcome: str = Resolution.Outcome.AS_PROPOSED, end: bool = True) -> Meeting:
        meeting = called(case)
        running.start_meeting(meeting=meeting, by=secretary)
        goal = running.Goal(None, "Regionrådet", None) if outcome == Resolution.Outcome.FORWARDED else None
        sent = {"goes_to": goal} if goal else {}
        running.resolve(item=meeting.items.get(case=case), outcome=outcome, by=secretary, **sent)
        return running.end_meeting(meeting=meeting, by=secretary) if end else meeting

    def called(case: Case) -> Meeting:
        starts: datetime = timezone.now() - timedelta(minutes=5)
        meeting = meetings.make_meeting(body=steering, starts_at=starts, place="Sortland", by=secretary)
        agenda.put_on_agenda(meeting=meeting, case=case, by=secretary)
        return agenda.send_agenda(meeting=meeting, by=secretary)

    hold.called = called  # type: ignore[attr-defined]
    return hold
