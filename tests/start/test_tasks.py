"""«Mine oppgaver»: every task leads somewhere, and tells nobody what is not theirs to read."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digivesteralen.documents.uploads import Upload
from digivesteralen.start import before_meeting
from digivesteralen.start.tasks import waiting_for
from digivesteralen.start.tasks.task import Task
from governance.actions import adoptions, minutes, running
from governance.models import Body, Organisation
from portfolio.actions import grants, participation, projects
from surveys.models import Inventory
from tests.governance.meeting_helpers import a_case, begun, called, held
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
DECISION: Any = {
    "state": "adopted",
    "decided_by": "kommunestyret",
    "decided_on": date(2026, 3, 12),
    "case_number": "12/26",
}
EXTRACT = Upload(b"%PDF-1.7", "saerutskrift.pdf", "application/pdf")


def told(user: Any, words: str) -> list[Task]:
    return [task for task in waiting_for(user) if words in task.title]


def test_each_task_of_a_director_opens_a_page(
    client: Any, steering: Body, secretary: Any, director: Any, digi: Any, sortland: Any
) -> None:
    minutes.send_minutes(meeting=held(steering, secretary), by=secretary)
    called(steering, secretary)
    adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Felles skjema", by=secretary)
    assert client.login(email=director.email, password=PASSWORD)
    tasks = waiting_for(director)
    assert len(tasks) == 3
    assert {client.get(task.url).status_code for task in tasks} == {200}


def test_a_new_collaboration_tells_its_secretariat_how_to_begin(
    client: Any, steering: Body, secretary: Any, director: Any, digi: Any
) -> None:
    def beginnings(user: Any) -> list[Task]:
        return [task for task in waiting_for(user) if task.url.endswith("/kom-i-gang/")]

    task = beginnings(secretary)[0]
    assert client.login(email=secretary.email, password=PASSWORD)
    assert client.get(task.url).status_code == 200
    assert not beginnings(director)
    called(steering, secretary)
    assert not beginnings(secretary)


def test_one_who_follows_up_an_exempt_case_without_the_right_reads_nothing_of_it(
    steering: Body, secretary: Any, director: Any, it_leader: Any
) -> None:
    secret = a_case(steering, secretary, "Varslingssak", exempt=True, legal_ground="offentleglova § 23")
    meeting = begun(steering, secretary, secret)
    points = [{"text": "Følges opp", "responsible": user.name} for user in (it_leader, director)]
    running.resolve(item=meeting.items.get(), outcome="as_proposed", points=points, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    assert told(director, "Varslingssak")
    assert not told(it_leader, "Varslingssak")


def test_what_the_municipality_objected_to_waits_for_its_own_decision(
    secretary: Any, director: Any, digi: Any, sortland: Any
) -> None:
    asked = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Felles skjema", by=secretary)
    adoptions.register_on_behalf(adoption=asked, extract=EXTRACT, by=secretary, **DECISION)
    assert [task.url for task in told(director, "Felles skjema")] == [asked.get_absolute_url()]
    adoptions.object_to(adoption=asked, objection="Saken er ikke behandlet.", by=director)
    assert [task.url for task in told(director, "Felles skjema")] == [asked.get_absolute_url()]
    adoptions.register_adoption(adoption=asked, by=director, **DECISION)
    assert not told(director, "Felles skjema")


def test_minutes_that_were_sent_out_again_are_read_again(steering: Body, secretary: Any, director: Any) -> None:
    meeting = minutes.send_minutes(meeting=held(steering, secretary), by=secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=False, text="Feil navn i sak 1.", by=director)
    assert not waiting_for(director)
    minutes.send_minutes(meeting=meeting, by=secretary)
    assert [task.url for task in waiting_for(director)] == [meeting.get_absolute_url()]


def test_the_working_groups_review_opens_the_systems_that_are_shared(
    client: Any, secretary: Any, member: Any, sortland: Any
) -> None:
    handed_in = {"state": "submitted", "submitted_at": timezone.now(), "submitted_by": secretary}
    Inventory.objects.create(municipality=sortland, **handed_in)
    client.force_login(member)
    [task] = told(member, "Sortland")
    assert "Sortland" in client.get(task.url).content.decode()


def test_what_if_somebody_is_not_with_asks_no_more_when_there_are_more_projects(
    steering: Body, secretary: Any, director: Any, digi: Any, six: Any
) -> None:
    before_meeting.pages(director)  # the day's first look brings the shares up to date
    asked = []
    for _round in range(2):
        project = projects.register_project(
            collaboration=digi, title="Felles skjema", shared_cost=Decimal(600), by=secretary
        )
        participation.invite(project=project, organisations=six, by=secretary)
        with CaptureQueriesContext(connection) as queries:
            page = before_meeting.pages(director, "1867")[0]
        assert page.projects[-1].without is not None
        assert page.projects[-1].without.if_all == Decimal(120)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_secretariat_hears_of_the_deadlines_of_grants(secretary: Any, director: Any, digi: Any) -> None:
    giver = Organisation.objects.create(kind="state", name="Statsforvalteren i Nordland")
    today = timezone.localdate()

    def source(title: str, days: int, state: str = "to_apply") -> None:
        awarded = Decimal(1) if state == "paid" else None
        by = {"report_by" if awarded else "apply_by": today + timedelta(days=days)}
        grants.register_grant(
            collaboration=digi, title=title, giver=giver, state=state, awarded=awarded, by=secretary, **by
        )

    for title, days, state in (("Snart", 30, "to_apply"), ("Siden", 31, "to_apply"), ("Brukt", -3, "paid"),
                               ("Sendt", 3, "applied")):  # fmt: skip
        source(title, days, state)
    assert [task.is_late for task in told(secretary, "«Brukt»")] == [True]
    assert len(told(secretary, "«Snart»")) == 1
    assert not told(secretary, "«Siden»") and not told(secretary, "«Sendt»")
    assert not told(director, "«Snart»")
