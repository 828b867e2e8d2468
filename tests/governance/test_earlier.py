"""Resolutions from before the portal: the page, the numbers, what the municipalities are asked, what is not known."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.start.tasks.of_bodies import meetings_to_prepare
from governance import minutes as document
from governance import papers
from governance.actions import agenda, meetings, minutes
from governance.actions.earlier import register_earlier_resolution
from governance.models import Adoption, Body, Case, Meeting, Membership, Resolution
from tests.governance.meeting_helpers import a_meeting
from tests.printed import text_of

pytestmark = pytest.mark.django_db
HERE = "/vesteralen/moter/styringsgruppen/tidligere-vedtak/"
TOLD = {
    "day": "15.03.2022",
    "title": "Felles strategi",
    "information": "Utredet av arbeidsgruppen.",
    "points": "Strategien vedtas.\n\n  Kommunene bes om å slutte seg til. ",
}
OK, NO, GONE = 200, 403, 404


def test_the_secretary_registers_it_on_the_page(client: Any, steering: Body, secretary: Any) -> None:
    client.force_login(secretary)
    assert HERE in client.get("/vesteralen/moter/").content.decode()
    assert client.get(HERE).status_code == OK
    answer = client.post(HERE, TOLD, follow=True)
    assert "Sak 1/22 Felles strategi" in answer.content.decode()
    resolution = Resolution.objects.get()
    assert resolution.outcome == "as_proposed"
    assert [point.text for point in resolution.points.all()] == [
        "Strategien vedtas.",
        "Kommunene bes om å slutte seg til.",
    ]
    assert not Adoption.objects.exists()


def test_each_municipality_of_that_day_is_asked_and_none_has_answered(
    client: Any, steering: Body, secretary: Any, digi: Any
) -> None:
    later = Membership.objects.get(collaboration=digi, organisation__number="1866")
    Membership.objects.filter(pk=later.pk).update(since=date(2023, 1, 1))
    client.force_login(secretary)
    client.post(HERE, TOLD | {"asks_municipalities": "on"})
    asked = Adoption.objects.select_related("organisation")
    assert {one.organisation.name for one in asked} == {"Andøy", "Bø", "Lødingen", "Sortland", "Øksnes"}
    assert {(one.state, one.asked_on, one.matter) for one in asked} == {("open", date(2022, 3, 15), "Felles strategi")}
    assert Resolution.objects.get().outcome == "recommended"


def test_without_members_on_that_day_nobody_could_be_asked(steering: Body, secretary: Any) -> None:
    with pytest.raises(NotAllowedNow):
        register_earlier_resolution(
            body=steering, day=date(2019, 1, 1), title="T", points=["P"], asks_municipalities=True, by=secretary
        )
    assert not Case.objects.exists()


def test_others_are_refused(
    client: Any, steering: Body, director: Any, auditor: Any, project_leader: Any, outsider: Any
) -> None:
    for user, status in ((director, NO), (auditor, NO), (project_leader, NO), (outsider, GONE)):
        client.force_login(user)
        assert client.get(HERE).status_code == status
        assert client.post(HERE, TOLD).status_code == status
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("ahead", [0, 1])
def test_today_and_the_future_are_refused_beside_the_field(
    client: Any, steering: Body, secretary: Any, ahead: int
) -> None:
    client.force_login(secretary)
    answer = client.post(HERE, TOLD | {"day": f"{timezone.localdate() + timedelta(days=ahead):%d.%m.%Y}"})
    assert list(answer.context_data["form"].errors) == ["day"]
    assert "Strategien vedtas." in answer.content.decode(), "what was written is kept"
    assert not Meeting.objects.exists()


def test_it_gets_the_next_numbers_of_its_year(steering: Body, secretary: Any) -> None:
    meetings.register_earlier_meeting(body=steering, year=2022, number=5, by=secretary)

    def registered(day: date) -> tuple[str, str]:
        resolution = register_earlier_resolution(body=steering, day=day, title="T", points=["P"], by=secretary)
        return resolution.item.meeting.label, resolution.item.case.number

    assert registered(date(2022, 3, 15)) == ("6/2022", "1/22")
    assert registered(date(2022, 3, 15)) == ("6/2022", "2/22")
    assert registered(date(2022, 2, 1)) == ("7/2022", "3/22")
    assert registered(date(2021, 2, 1)) == ("1/2021", "1/21")


def test_only_the_day_is_told_and_that_attendance_is_not_known(client: Any, steering: Body, secretary: Any) -> None:
    made = register_earlier_resolution(
        body=steering, day=date(2022, 3, 15), title="Felles strategi", points=["Vedtas."], by=secretary
    )
    meeting = made.item.meeting
    client.force_login(secretary)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "15. mars 2022" in page
    assert "00.00" not in page
    assert "00.01" not in page
    assert "hvem som møtte, er ikke kjent" in page
    assert "referat/send" not in page
    text = text_of(document.render(papers.meeting_of(meeting.pk)))
    assert "15. mars 2022" in text
    assert "Hvem som møtte, er ikke kjent." in text
    for unknown in ("00.00", "vedtaksfør", "enstemmig"):
        assert unknown not in text


def test_there_are_no_minutes_to_send_or_approve(steering: Body, secretary: Any) -> None:
    made = register_earlier_resolution(
        body=steering, day=timezone.localdate() - timedelta(days=2), title="T", points=["P"], by=secretary
    )
    with pytest.raises(NotAllowedNow):
        minutes.send_minutes(meeting=made.item.meeting, by=secretary)
    coming = a_meeting(steering, secretary, in_days=10)
    assert agenda.minutes_to_approve(coming) is None
    assert [task.url for task in meetings_to_prepare(secretary)] == [coming.get_absolute_url()]
    assert set(Meeting.objects.minuted_here()) == {coming}
