"""A municipality that has left reads what was there on its last day, and nothing newer (security.md §7 rule 4)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.documents.models import Document
from governance import papers
from governance.actions import adoptions, agreements, collaborations, exemption, meetings
from governance.former_members import Past
from governance.models import Appointment, Body, Case, Collaboration, Meeting, Membership, Organisation, Role
from governance.permissions import sync
from portfolio.actions import participation, projects
from portfolio.models import Project
from tests.governance.meeting_helpers import a_case
from tests.governance.test_collaborations import EXTRACT
from tests.governance.test_exempted_later import MARKS, public_files
from tests.governance.test_minutes import approved
from tests.people import appoint, person

OSLO = ZoneInfo("Europe/Oslo")
THERE = "/kommune/1870/tidligere/vesteralen/"
SECTIONS = ("moter", "saker", "avtaler", "prosjekter", "portefolje", "rapporter")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def left(digi: Collaboration, sortland: Organisation, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sortland's last day ends at this very moment; what comes next is of the day after."""

    def leave() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment = cursor.fetchone()[0]
        monkeypatch.setattr(Past, "before", moment)
        gone(digi, sortland, timezone.localdate() - timedelta(days=1))

    return leave


def gone(digi: Collaboration, sortland: Organisation, until: date | None) -> None:
    held = digi.memberships.get(organisation=sortland)
    Membership.objects.filter(pk=held.pk).update(until=until)


def told(client: Client, section: str, words: str = "") -> str:
    page = client.get(THERE, {"vis": section, "q": words})
    assert page.status_code == 200
    return str(page.content.decode().partition("<main")[2])


def counts(client: Client) -> dict[str, int]:
    return {section: client.get(THERE, {"vis": section}).context_data["table"].count for section in SECTIONS}


@pytest.fixture
def reader(sortland: Organisation) -> Any:
    """Decides for Sortland, and has no seat."""
    who = person("Saksbehandler Sortland")
    appoint(who, Role.CONTACT, sortland)
    return who.user


@pytest.fixture
def before(steering: Body, secretary: Any, directors: Any, digi: Collaboration, sortland: Organisation) -> Meeting:
    """A meeting with minutes, an agreement that was sent and a project that Sortland was asked to join."""
    meeting = approved(steering, secretary, a_case(steering, secretary, "Felles innkjøp av sensorer"))
    agreement = agreements.create_agreement(collaboration=digi, title="Samarbeidsavtale", by=secretary)
    agreement.sections.create(kind="purpose", text="Vi samarbeider om sensorer.")
    project = projects.register_project(
        collaboration=digi, title="Velferdsteknologi", goal="Trygg hjemme", by=secretary
    )
    participation.invite(project=project, organisations=[sortland], by=secretary)
    digi.agreements.update(state="sent", sent_on=timezone.localdate())
    return meeting


def test_it_reads_the_meetings_cases_agreements_and_projects_that_were_there(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any
) -> None:
    public_files(before)
    left()
    client.force_login(reader)
    assert THERE in client.get("/kommune/1870/").content.decode()
    assert counts(client) == {"moter": 1, "saker": 1, "avtaler": 1, "prosjekter": 1, "portefolje": 0, "rapporter": 0}
    case, project = Case.objects.get(), Project.objects.get()
    for section, pk, words in (
        ("moter", before.pk, "Felles innkjøp av sensorer"),
        ("saker", case.pk, case.proposed_points[0]),
        ("avtaler", project.collaboration.agreements.get().pk, "Vi samarbeider om sensorer."),
        ("prosjekter", project.pk, "Trygg hjemme"),
    ):
        page = client.get(f"{THERE}{section}/{pk}/").content.decode()
        assert words in page
        assert "Sortland gikk ut av DigiVesterålen" in page and "Du leser det som fantes da." in page
    made = Document.objects.get(kind=papers.MINUTES_PUBLIC, subject=str(before.pk))
    assert made.get_absolute_url() in client.get(f"{THERE}moter/{before.pk}/").content.decode()
    assert b"".join(client.get(made.get_absolute_url())).startswith(b"%PDF")
    assert "Felles innkjøp" in told(client, "saker", "sensorer")
    assert "Felles innkjøp" not in told(client, "saker", "barnehage")


def test_nothing_newer_is_told_anywhere(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any, secretary: Any, steering: Body,
    digi: Collaboration,
) -> None:  # fmt: skip
    """New things, and new words of what was there: on no list, count, search, workbook, page or file."""
    left()
    project, case = Project.objects.get(), Case.objects.get(title="Felles innkjøp av sensorer")
    Project.objects.filter(pk=project.pk).update(title="Nyttnavn", goal="Nyttnavn")
    later = approved(steering, secretary, a_case(steering, secretary, "Nyttnavn sak"))
    public_files(before)
    assert Document.objects.filter(subject=str(before.pk)).exists()
    projects.register_project(collaboration=digi, title="Nyttnavn prosjekt", by=secretary)
    newer = agreements.create_agreement(collaboration=digi, title="Nyttnavn avtale", by=secretary)

    client.force_login(reader)
    assert counts(client) == {"moter": 1, "saker": 1, "avtaler": 1, "prosjekter": 1, "portefolje": 0, "rapporter": 0}
    for section in SECTIONS:
        assert "Nyttnavn" not in told(client, section)
        assert "(0)" in told(client, section, "Nyttnavn")
        book = client.get(THERE, {"vis": section, "format": "xlsx"})
        rows = [row for sheet in load_workbook(BytesIO(book.content)) for row in sheet.values]
        assert "Nyttnavn" not in str(rows)
    assert "Velferdsteknologi" in client.get(f"{THERE}prosjekter/{project.pk}/").content.decode()
    new_case = Case.objects.exclude(pk=case.pk).get(title="Nyttnavn sak")
    for path in (f"moter/{later.pk}/", f"saker/{new_case.pk}/", f"avtaler/{newer.pk}/", "prosjekter/0/", "ukjent/1/"):
        assert client.get(f"{THERE}{path}").status_code == 404
    for document in Document.objects.filter(subject__in=[str(before.pk), str(later.pk)]):
        assert client.get(document.get_absolute_url()).status_code == 404
    for page in ("/vesteralen/", "/vesteralen/saker/", before.get_absolute_url(), project.get_absolute_url()):
        assert client.get(page).status_code == 404


def test_what_is_exempt_today_or_was_then_is_not_read(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any, secretary: Any, steering: Body
) -> None:
    """Marked since it left: gone with its public file. Opened since: it was not readable then (rules 6 and 8)."""
    public_files(before)
    hidden = approved(steering, secretary, a_case(steering, secretary, "Hemmeligordet", **MARKS))
    left()
    was_hidden = Case.objects.get(title="Hemmeligordet")
    exemption.change_exemption(case=Case.objects.get(title="Felles innkjøp av sensorer"), by=secretary, **MARKS)
    Case.objects.filter(pk=was_hidden.pk).update(exempt=False)
    client.force_login(reader)

    assert counts(client)["saker"] == 0
    for meeting in (before, hidden):
        page = client.get(f"{THERE}moter/{meeting.pk}/").content.decode()
        assert "sensorer" not in page and "Hemmeligordet" not in page
    for case in Case.objects.all():
        assert client.get(f"{THERE}saker/{case.pk}/").status_code == 404
    made = Document.objects.filter(kind__in=papers.SCREENED, subject=str(before.pk))
    assert made and all(client.get(one.get_absolute_url()).status_code == 404 for one in made)


def test_who_took_part_is_told_as_it_was(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any, directors: Any, secretary: Any,
    hadsel: Organisation,
) -> None:  # fmt: skip
    project = Project.objects.get()
    asked = project.participations.get()
    said: dict[str, Any] = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": date(2026, 1, 2)}
    adoptions.register_adoption(adoption=asked.adoption, case_number="1/26", text="Ja.", by=reader, **said)
    left()
    participation.invite(project=project, organisations=[hadsel], by=secretary)
    client.force_login(reader)

    page = client.get(f"{THERE}prosjekter/{project.pk}/").content.decode().partition("<main")[2]
    assert "Sortland" in page and "Deltar" in page
    assert "Hadsel" not in page


def test_only_those_who_still_hold_a_role_in_the_municipality_read_it(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any, directors: Any, secretary: Any,
    sortland: Organisation,
) -> None:  # fmt: skip
    leader = person("IT-leder Sortland")
    appoint(leader, Role.IT_LEADER, sortland)
    left()
    for who, status in ((reader, 200), (leader.user, 200), (directors["Hadsel"], 404), (secretary, 404)):
        client.force_login(who)
        assert client.get(THERE).status_code in ({200} if status == 200 else {403, 404})
        assert client.post(THERE, {}).status_code in {200, 403, 404, 405}
    Appointment.objects.filter(person__user=reader).update(until=timezone.localdate() - timedelta(days=1))
    sync(reader)
    client.force_login(reader)
    assert client.get(THERE).status_code == 404
    client.logout()
    assert client.get(THERE).status_code == 302


def test_a_member_has_no_such_page_before_midnight_in_oslo_nor_after_it_has_joined_again(
    client: Client, before: Meeting, digi: Collaboration, sortland: Organisation, reader: Any,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    today = timezone.localdate()
    gone(digi, sortland, today)
    late = datetime(today.year, today.month, today.day, 23, 59, 59, tzinfo=OSLO)
    for moment, ordinary, former in ((late, 200, 404), (late + timedelta(seconds=1), 404, 200)):
        at(moment)
        client.force_login(reader)
        assert client.get("/vesteralen/").status_code == ordinary
        assert client.get(THERE).status_code == former
    assert counts(client)["saker"] == 1, "what was made on the last day is there"

    Membership.objects.filter(collaboration=digi, organisation=sortland).update(until=None)
    sync(reader)
    client.force_login(reader)
    assert (client.get("/vesteralen/").status_code, client.get(THERE).status_code) == (200, 404)


def test_what_was_made_the_day_after_the_last_is_not_there(
    client: Client, before: Meeting, digi: Collaboration, sortland: Organisation, reader: Any
) -> None:
    gone(digi, sortland, timezone.localdate() - timedelta(days=1))
    client.force_login(reader)
    assert set(counts(client).values()) == {0}


@pytest.mark.parametrize(
    ("last_day", "midnight"),
    [
        (date(2026, 10, 25), "2026-10-26T00:00:00+01:00"),
        (date(2026, 3, 28), "2026-03-29T00:00:00+01:00"),
        (date(2026, 3, 29), "2026-03-30T00:00:00+02:00"),
        (date(2026, 12, 31), "2027-01-01T00:00:00+01:00"),
    ],
)
def test_the_last_day_ends_at_midnight_in_oslo(last_day: date, midnight: str) -> None:
    assert Past(Organisation(), Collaboration(), last_day).before == datetime.fromisoformat(midnight)


def test_whoever_sits_for_it_sits_no_longer_than_it_is_a_member(
    client: Client, steering: Body, director: Any, digi: Collaboration, sortland: Organisation, secretary: Any
) -> None:
    """A seat would else give what is new, and a vote, after the municipality has left."""
    yesterday = timezone.localdate() - timedelta(days=1)
    decision = {"decided_by": "Kommunestyret", "decided_on": yesterday, "case_number": "14/26", "extract": EXTRACT}
    membership = digi.memberships.get(organisation=sortland)
    planned = Appointment.objects.create(
        person=person("Kari"),
        role="substitute",
        body=steering,
        represents=sortland,
        since=yesterday + timedelta(days=40),
    )
    collaborations.end_member(membership=membership, until=yesterday, by=secretary, **decision)

    planned.refresh_from_db()
    assert planned.was_taken_back and planned not in Appointment.objects.not_ended(), "it holds no day"
    seat = Appointment.objects.get(person__user=director, body=steering)
    assert seat.until == yesterday
    client.force_login(director)
    assert client.get(steering.get_absolute_url()).status_code == 404
    starts = timezone.now() + timedelta(days=20)
    meeting = meetings.make_meeting(body=steering, starts_at=starts, place="Sortland", by=secretary)
    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert client.get(THERE).status_code == 200


def test_a_list_asks_as_often_however_much_there_was(
    client: Client, before: Meeting, left: Callable[[], None], reader: Any, secretary: Any, digi: Collaboration,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(12):
        projects.register_project(collaboration=digi, title=f"Prosjekt {number}", by=secretary)
    left()
    client.force_login(reader)
    told(client, "prosjekter")
    with django_assert_max_num_queries(45):
        told(client, "prosjekter")
