"""Two press at the same moment: a project's status is told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from digivesteralen.accounts.models import User
from portfolio.actions import status
from portfolio.models import Project, StatusReport
from tests.portfolio.status_helpers import LINES
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_publishing_twice_at_once_makes_one_report(led: Project, secretary: User) -> None:
    answers = at_once(
        *[lambda: status.publish(project=led, version=0, after=0, by=secretary, **LINES) for _press in range(3)]
    )
    assert {answer.pk for answer in answers} == {StatusReport.objects.get().pk}


def test_unchanged_twice_at_once_makes_one_report(led: Project, secretary: User) -> None:
    week_ago = timezone.now() - timedelta(days=7)
    told = {**LINES, "reported_for": timezone.localdate(week_ago)}
    last = status.publish(project=led, at=week_ago, by=secretary, **told)
    at_once(*[lambda: status.repeat_unchanged(project=led, after=last.pk, by=secretary) for _press in range(3)])
    assert StatusReport.objects.filter(unchanged=True).count() == 1


def test_two_who_begin_at_once_share_one_draft(led: Project, secretary: User, project_leader: User) -> None:
    at_once(
        lambda: status.save_draft(project=led, by=secretary, overall="green"),
        lambda: status.save_draft(project=led, by=project_leader, progress_text="Ny linje"),
    )
    draft = StatusReport.objects.get()
    assert (draft.overall, draft.progress_text, draft.version) == ("green", "Ny linje", 2)
