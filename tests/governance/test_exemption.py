"""Exempt means exempt everywhere, on a named ground, and no longer than its day or its event (rule 8, D10)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.audit.log import history
from digivesteralen.spreadsheets import reading
from governance import laws, minutes, notices, papers, summons
from governance.actions import cases, exemption, forwarding
from governance.models import Body, Case, Collaboration, Person, RuleProfile
from tests.governance.meeting_helpers import a_case, called, held

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"
TENDER = "offentleglova § 23 tredje ledd"
EVENT = "leverandør er valgt"


@pytest.fixture
def elected(digi: Collaboration) -> Body:
    body = Body.objects.create(collaboration=digi, kind="working", name="Representantskapet", slug="rep", level=1)
    RuleProfile.objects.create(body=body, rules="elected", **RuleProfile.settled("elected"))
    return body


def secret(body: Body, by: Any, **fields: Any) -> Case:
    return a_case(body, by, "Tilbud fra Leverandør AS", **{"exempt": True, "legal_ground": GROUND, **fields})


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(("days", "is_open"), [(1, False), (0, True), (-1, True)])
def test_a_case_opens_by_itself_on_its_day(
    steering: Body, secretary: Any, it_leader: Any, director: Any, days: int, is_open: bool
) -> None:
    case = secret(steering, secretary, exempt_until=in_days(days))
    meeting = called(steering, secretary, case)
    case.refresh_from_db()
    assert case.is_exempt is not is_open
    assert Case.objects.visible_to(it_leader).exists() is is_open
    assert Case.objects.open_today().exists() is is_open and Case.objects.exempt_today().exists() is not is_open
    mail = notices.words(meeting, Person.objects.get(user=director), "summons")
    assert ("Leverandør AS" in mail["text"]) is is_open
    assert all(entry.open for entry in papers.agenda(meeting, public=True)) is is_open


def test_a_case_opens_when_its_event_is_registered(
    client: Client, steering: Body, secretary: Any, it_leader: Any, director: Any
) -> None:
    case = secret(steering, secretary, legal_ground=TENDER, exempt_event=EVENT)
    called(steering, secretary, case)
    client.force_login(secretary)
    url = f"/vesteralen/saker/{case.pk}/hendelse/"
    case.refresh_from_db()
    tomorrow = client.post(url, {"happened_on": f"{in_days(1):%d.%m.%Y}", "version": case.version})
    assert tomorrow.context_data["form"].errors["happened_on"]
    told = {"happened_on": f"{in_days(0):%d.%m.%Y}", "version": case.version}
    assert client.post(url, told).status_code == 302
    assert client.post(url, told).status_code == 409, "it is open already"
    case.refresh_from_db()
    assert (case.is_exempt, case.public_title, case.ground_in_text) == (False, "Tilbud fra Leverandør AS", "")
    client.force_login(it_leader)
    assert "Leverandør AS" in client.get(case.get_absolute_url()).content.decode()


def test_the_title_is_screened_everywhere(
    client: Client, steering: Body, secretary: Any, it_leader: Any, director: Any
) -> None:
    case = secret(steering, secretary, screened_title="Anskaffelse", exempt_reason="Forhandler med Leverandør AS")
    meeting = held(steering, secretary, case)
    case.refresh_from_db()
    client.force_login(it_leader)
    places = ("saker/", "saker/?q=Leverandør", "moter/", "oppfolging/")
    for page in (*(f"/vesteralen/{place}" for place in places), meeting.get_absolute_url()):
        assert "Leverandør AS" not in client.get(page).content.decode(), page
    book = reading.read(BytesIO(client.get("/vesteralen/saker/?format=xlsx").content), filename="saker.xlsx")
    assert "Leverandør" not in str(book.sheets[0].rows)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert "Anskaffelse" in client.get(meeting.get_absolute_url()).content.decode()
    for context in (summons.context(meeting, public=True), minutes.context(meeting, public=True)):
        assert [entry.title for entry in context["entries"]] == ["Anskaffelse"]
    mail = notices.words(meeting, Person.objects.get(user=director), "minutes")
    assert "Leverandør" not in f"{mail['subject']}{mail['text']}"


def test_whoever_exempts_decides_it_and_the_reason_stays_out_of_the_history(steering: Body, secretary: Any) -> None:
    case = a_case(steering, secretary)
    case = exemption.change_exemption(
        case=case, exempt=True, legal_ground=GROUND, exempt_reason="Om Kari", by=secretary
    )
    assert case.exempt_decided_by == Person.objects.get(user=secretary)
    case = exemption.change_exemption(case=case, exempt_reason="Om Ola", by=secretary)
    assert not any("Om " in f"{change.before}{change.after}" for one in history(case) for change in one.changes)


def test_what_was_written_before_it_opened_stays_out_of_the_history(steering: Body, secretary: Any) -> None:
    case = secret(steering, secretary, exempt_event=EVENT, legal_ground=TENDER)
    cases.change_case(case=case, title="Tilbud fra Andre AS", by=secretary)
    exemption.register_event(case=case, happened_on=in_days(0), by=secretary)
    case = cases.change_case(case=case, title="Tilbud", by=secretary)
    told = [(change.before, change.after) for entry in history(case) for change in entry.changes]
    assert told == [("Tilbud fra Andre AS", "Tilbud")]


@pytest.mark.parametrize(
    "ground", ["offentleglova § 14", "offentleglova § 15 første ledd", "offl. §§ 13 og 14", "Offentleglova §14"]
)
def test_papers_to_an_elected_body_are_never_exempt_as_internal(
    client: Client, elected: Body, steering: Body, secretary: Any, directors: Any, ground: str
) -> None:
    with pytest.raises(NotAllowedNow, match="§ 16"):
        secret(elected, secretary, legal_ground=ground)
    case = secret(steering, secretary, legal_ground=ground)
    held(steering, secretary, case)
    with pytest.raises(NotAllowedNow, match="§ 16"):
        forwarding.forward_case(case=case, body=elected, by=secretary)
    mine = a_case(elected, secretary)
    client.force_login(secretary)
    told = {"exempt": "on", "ground": "other", "legal_ground": ground, "version": mine.version}
    form = client.post(f"/vesteralen/saker/{mine.pk}/offentlighet/", told).context_data["form"]
    assert "§ 16" in form.errors["ground"][0]


@pytest.mark.parametrize("ground", ["forvaltningsloven § 14", "offentleglova § 13 jf. forvaltningsloven § 15", GROUND])
def test_other_grounds_hold_for_an_elected_body_too(elected: Body, secretary: Any, ground: str) -> None:
    assert secret(elected, secretary, legal_ground=ground).is_exempt


def test_a_ground_that_holds_for_a_time_needs_its_end(client: Client, steering: Body, secretary: Any) -> None:
    for ground in (TENDER, "offentleglova § 5"):
        with pytest.raises(NotAllowedNow, match="holds for a time|gjelder en tid"):
            secret(steering, secretary, legal_ground=ground)
    case = a_case(steering, secretary)
    client.force_login(secretary)
    url = f"/vesteralen/saker/{case.pk}/offentlighet/"
    told = {"exempt": "on", "ground": TENDER, "version": case.version}
    assert client.post(url, told).context_data["form"].errors["exempt_until"]
    assert client.post(url, {**told, "exempt_event": EVENT, "version": case.version}).status_code == 302
    case.refresh_from_db()
    assert (case.legal_ground, case.exempt_event, case.is_exempt) == (TENDER, EVENT, True)
    assert client.post(url, {"version": case.version}).status_code == 302, "it is opened again"
    case.refresh_from_db()
    assert (case.is_exempt, case.legal_ground, case.exempt_event) == (False, "", "")


def test_only_those_who_prepare_change_it_and_not_both_at_once(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    case = a_case(steering, secretary)
    with pytest.raises(PermissionDenied):
        exemption.change_exemption(case=case, exempt=True, legal_ground=GROUND, by=director)
    exemption.change_exemption(case=case, version=case.version, exempt=True, legal_ground=GROUND, by=secretary)
    with pytest.raises(Stale):
        exemption.change_exemption(case=case, version=case.version, exempt=False, by=secretary)
    with pytest.raises(NotAllowedNow):
        exemption.register_event(case=case, happened_on=in_days(0), by=secretary)


@pytest.mark.parametrize(
    "changes", [{"exempt": True, "legal_ground": ""}, {"event_happened_on": timezone.localdate(), "exempt_event": ""}]
)
def test_the_database_refuses_an_exemption_without_ground_or_event(
    steering: Body, secretary: Any, changes: dict[str, Any]
) -> None:
    case = a_case(steering, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changes)


def test_the_grounds_are_data_with_their_day() -> None:
    grounds = laws.grounds()
    assert [str(one) for one in grounds if one.internal] == ["offentleglova § 14", "offentleglova § 15"]
    assert all(one.since and one.identifier and one.about for one in grounds)
    assert laws.ground_named(f"{TENDER} (tilbud)") in grounds and laws.ground_named("eget avsnitt") is None
