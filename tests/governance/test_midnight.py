"""What an appointment gave ends at midnight in Oslo: in an open session, a calendar, a job and the e-mail (rule 6)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts import invitations
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.running import perform
from governance import notices, permissions
from governance.actions import adoptions, agreements, calendars, meetings
from governance.models import Appointment, Body, Collaboration, Membership, Organisation
from tests.people import director_of

OSLO = ZoneInfo("Europe/Oslo")
# The night that summer time ends: a day of twenty-five hours.
LAST_DAY = date(2026, 10, 25)
LATE, MIDNIGHT = datetime(2026, 10, 25, 23, 59, 59, tzinfo=OSLO), datetime(2026, 10, 26, tzinfo=OSLO)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock on the wall in Oslo."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def leaving(steering: Body, sortland: Organisation, at: Callable[[datetime], None]) -> Any:
    """Sortland's director, whose role and seat end tonight; it is a second before midnight."""
    user = director_of(sortland, steering)
    Appointment.objects.filter(person__user=user).update(until=LAST_DAY)
    at(LATE)
    permissions.sync(user)
    return user


@pytest.fixture
def session(leaving: Any) -> Client:
    client = Client()
    client.force_login(leaving, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_open_session_sees_nothing_the_second_after(session: Client, at: Callable[[datetime], None]) -> None:
    pages = ["/vesteralen/", "/vesteralen/moter/", "/vesteralen/portefolje/", "/kommune/1870/", "/vesteralen/personer/"]
    before = [session.get(page).status_code for page in pages]
    at(MIDNIGHT)

    assert before == [200] * len(pages)
    assert [session.get(page).status_code for page in pages] == [404] * len(pages)
    assert "DigiVesterålen" not in session.get("/").content.decode().partition("<main")[2]


def test_nothing_is_registered_from_a_form_that_was_opened_before(
    session: Client, digi: Collaboration, sortland: Organisation, secretary: Any, at: Callable[[datetime], None]
) -> None:
    asked = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Felles skjema", by=secretary)
    form = f"/vesteralen/vedtak/{asked.pk}/registrer/"
    assert session.get(form).status_code == 200
    at(MIDNIGHT)
    answer = session.post(
        form,
        {"state": "adopted", "decided_by": "kommunestyret", "decided_on": "2026-10-25", "case_number": "1/26"},
    )

    asked.refresh_from_db()
    assert answer.status_code == 404
    assert not asked.is_decided


def test_the_calendar_address_shows_no_meeting_any_more(
    leaving: Any, steering: Body, secretary: Any, at: Callable[[datetime], None]
) -> None:
    starts = datetime(2026, 11, 20, 12, tzinfo=OSLO)
    meetings.make_meeting(body=steering, starts_at=starts, place="Sortland", by=secretary)
    feed = f"/kalender/{calendars.make_link(by=leaving)}.ics"
    before = Client().get(feed).content.decode()
    at(MIDNIGHT)
    after = Client().get(feed).content.decode()

    assert before.count("BEGIN:VEVENT") == 1
    assert "BEGIN:VEVENT" not in after


def test_a_job_asked_for_before_midnight_is_refused_after(
    leaving: Any, digi: Collaboration, secretary: Any, at: Callable[[datetime], None]
) -> None:
    agreement = agreements.create_agreement(collaboration=digi, title="Samarbeidsavtale", by=secretary)
    asked = jobs.ask("governance.agreement", agreement.pk, by=leaving)
    at(MIDNIGHT)
    perform(asked.pk, beating=False)

    done = Job.objects.get(pk=asked.pk)
    assert done.state == Job.State.FAILED
    assert done.document is None


def test_the_file_and_the_poll_of_a_job_end_with_the_seat(
    session: Client, leaving: Any, digi: Collaboration, secretary: Any, at: Callable[[datetime], None]
) -> None:
    """The job stays one's own; what it made, its name and the way to it do not."""
    agreement = agreements.create_agreement(collaboration=digi, title="Samarbeidsavtale", by=secretary)
    job = jobs.ask("governance.agreement", agreement.pk, by=leaving)
    perform(job.pk, beating=False)
    document = Job.objects.get(pk=job.pk).document
    assert document is not None
    file, poll = document.get_absolute_url(), {"path": job.get_absolute_url(), "headers": {"HX-Request": "true"}}
    pages = [poll, {"path": job.get_absolute_url()}, {"path": "/jobb/"}]

    def telling() -> list[int]:
        answers = [session.get(**page).content.decode() for page in pages]
        return [number for number, page in enumerate(answers) if "Samarbeidsavtale" in page or file in page]

    assert telling() == [0, 1, 2]
    at(MIDNIGHT)

    assert telling() == []
    assert [session.get(page).status_code for page in (file, f"{file}?vis=1")] == [404, 404]
    assert session.get(**poll).status_code == 200


def test_an_invitation_that_nobody_used_lets_nobody_in_to_what_has_ended(
    leaving: Any, steering: Body, secretary: Any, at: Callable[[datetime], None]
) -> None:
    """The role of the invited, and of the one who invited, ended in between."""
    Appointment.objects.filter(person__user=secretary).update(until=LAST_DAY)
    invitation = invitations.invite(user=leaving, by=secretary)
    guest = Client()
    opened = guest.get(reverse("open_invitation", args=[invitations.token(invitation)]))
    at(MIDNIGHT)
    password = "en lang og god setning om havet"  # noqa: S105 -- made up here
    done = guest.post(opened.headers["Location"], {"new_password1": password, "new_password2": password})

    assert done.status_code == 302
    assert guest.session["_auth_user_id"] == str(leaving.pk)
    assert [guest.get(page).status_code for page in ("/vesteralen/", "/kommune/1870/")] == [404, 404]


def test_a_reminder_asked_for_before_midnight_goes_to_those_who_are_there_after(
    leaving: Any, digi: Collaboration, sortland: Organisation, secretary: Any, contact: Any,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    asked = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Felles skjema", by=secretary)
    job = jobs.ask("governance.adoption_reminder", asked.pk, by=None)
    at(MIDNIGHT)
    perform(job.pk, beating=False)

    assert [letter.to for letter in mail.outbox] == [[contact.email]]


def test_nobody_is_called_to_a_meeting_by_a_seat_that_has_ended(
    leaving: Any, steering: Body, secretary: Any, at: Callable[[datetime], None]
) -> None:
    starts = datetime(2026, 11, 20, 12, tzinfo=OSLO)
    meeting = meetings.make_meeting(body=steering, starts_at=starts, place="Sortland", by=secretary)
    before = list(notices.recipients(meeting))
    at(MIDNIGHT)

    assert before == [leaving.person]
    assert not notices.recipients(meeting).exists()


def test_a_municipality_that_leaves_reads_until_its_last_day_and_after_that_what_is_its_own(
    client: Client, digi: Collaboration, sortland: Organisation, director: Any, secretary: Any, at: Callable[..., None]
) -> None:
    """The day before, the day, and the day after (§7 rule 4); what the municipality decided itself stays readable."""
    at(LATE - timedelta(days=1))
    asked = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Felles skjema", by=secretary)
    open_still = adoptions.open_adoption(collaboration=digi, organisation=sortland, matter="Noe nytt", by=secretary)
    decision = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": LAST_DAY - timedelta(days=20)}
    adoptions.register_adoption(adoption=asked, case_number="1/26", text="Ja.", by=director, **decision)
    Membership.objects.filter(collaboration=digi, organisation=sortland).update(until=LAST_DAY)
    Appointment.objects.filter(person__user=director, body__isnull=False).update(until=LAST_DAY)
    pages = [
        "/vesteralen/",
        "/vesteralen/moter/",
        "/vesteralen/medlemmer/",
        open_still.get_absolute_url(),
        "/kommune/1866/",
    ]
    own = [asked.get_absolute_url(), "/kommune/1870/"]
    form = f"/vesteralen/vedtak/{open_still.pk}/registrer/"

    for moment, seen in ((LATE - timedelta(days=1), 200), (LATE, 200), (MIDNIGHT, 404)):
        at(moment)
        client.force_login(director)  # no sign-in lasts from one day to the next
        assert [client.get(page).status_code for page in pages] == [seen] * len(pages)
        assert [client.get(page).status_code for page in own] == [200] * len(own)
    assert client.post(form, {"state": "adopted"}).status_code == 404
    page = client.get(own[0]).content.decode()
    assert "Felles skjema" in page and "/registrer/" not in page and "/rett/" not in page
    assert "Noe nytt" not in client.get(own[1]).content.decode()


def test_the_others_read_nothing_that_is_new_of_a_municipality_that_has_left(
    client: Client, digi: Collaboration, sortland: Organisation, secretary: Any, at: Callable[..., None]
) -> None:
    Membership.objects.filter(collaboration=digi, organisation=sortland).update(until=LAST_DAY)
    open_to = Organisation.objects.filter(pk=sortland.pk)
    for moment, seen in ((LATE - timedelta(days=1), True), (LATE, True), (MIDNIGHT, False)):
        at(moment)
        assert open_to.open_to(secretary).exists() is seen
        assert digi.sharing().contains(sortland) is seen
