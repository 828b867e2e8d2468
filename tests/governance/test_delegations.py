"""«Delegering»: only where the council has delegated it may the director decide for the municipality on the spot."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents.uploads import Upload
from governance import consequences
from governance.actions import adoptions, delegations
from governance.models import Adoption, Collaboration, Delegation, Organisation
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 extract of the record"
EXTRACT = Upload(PDF, "delegering.pdf", "application/pdf")


def today() -> date:
    return timezone.localdate()


def facts(**changes: Any) -> dict[str, Any]:
    known = {
        "to": "Kommunedirektøren",
        "matters": "Deltakelse i digitale prosjekter innenfor budsjettet.",
        "ceiling": Decimal(100_000),
        "decided_by": "Kommunestyret",
        "decided_on": today() - timedelta(days=100),
        "case_number": "7/26",
        "since": today() - timedelta(days=90),
    }
    return {**known, **changes}


def posted(**changes: Any) -> dict[str, Any]:
    told = {name: f"{value:%d.%m.%Y}" if isinstance(value, date) else value for name, value in facts(**changes).items()}
    return {name: value for name, value in told.items() if value is not None}


def on_the_spot(**changes: Any) -> dict[str, Any]:
    known = {"state": "adopted", "decided_on": today(), "case_number": "D 12/26", "text": "Sortland deltar."}
    return {**known, **changes}


@pytest.fixture
def matter(digi: Collaboration, sortland: Organisation, secretary: Any) -> Adoption:
    return adoptions.open_adoption(
        collaboration=digi, organisation=sortland, matter="Felles skjema", proposal="Sortland deltar.", by=secretary
    )


@pytest.fixture
def delegated(sortland: Organisation, director: Any) -> Delegation:
    """Sortland's council lets its director decide up to 100 000 kroner."""
    return delegations.register_delegation(organisation=sortland, by=director, **facts())


# --- Deciding on the spot ---------------------------------------------------------------------


def test_the_director_decides_on_the_spot_where_it_is_delegated(
    client: Client, director: Any, matter: Adoption, delegated: Delegation
) -> None:
    client.force_login(director)
    url = f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/"
    assert url in client.get(matter.get_absolute_url()).content.decode()
    day = f"{today():%d.%m.%Y}"
    told = on_the_spot(decided_on=day, amount="100 000", version=matter.version)
    assert client.post(url, told).status_code == 302
    matter.refresh_from_db()
    assert matter.delegation == delegated
    assert (matter.decided_by, matter.case_number) == ("Kommunedirektøren, etter delegering", "D 12/26")
    assert matter.says_yes and matter.as_proposed
    assert "7/26" in client.get(matter.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_form_opens_outside_of_any_transaction(
    client: Client, director: Any, matter: Adoption, delegated: Delegation
) -> None:
    client.force_login(director)
    page = client.get(f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/")
    assert delegated.matters in page.content.decode() and 'name="decided_on"' in page.content.decode()


def test_the_button_is_there_only_for_the_director_and_only_where_a_delegation_covers(
    client: Client, director: Any, contact: Any, secretary: Any, matter: Adoption, delegated: Delegation
) -> None:
    url = f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/"
    for user, there in ((director, True), (contact, False), (secretary, False)):
        client.force_login(user)
        assert (url in client.get(matter.get_absolute_url()).content.decode()) == there
    client.force_login(director)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consequences, "_covers", [lambda adoption: (Decimal("100000.01"), None)])
        assert url not in client.get(matter.get_absolute_url()).content.decode(), "the share is above the ceiling"
    Delegation.objects.update(until=today() - timedelta(days=1))
    assert url not in client.get(matter.get_absolute_url()).content.decode()
    refused = client.get(url)
    assert refused.status_code == 409
    assert f"{today() - timedelta(days=1):%d.%m.%Y}" in refused.content.decode()


def test_without_a_delegation_nothing_is_decided_on_the_spot(director: Any, matter: Adoption) -> None:
    with pytest.raises(NotAllowedNow, match="Sortland"):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())


def test_above_the_ceiling_the_council_has_to_decide(
    client: Client, director: Any, matter: Adoption, delegated: Delegation
) -> None:
    with pytest.raises(NotAllowedNow, match="100.000,50|100 000,50"):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot(amount=Decimal("100000.50")))
    client.force_login(director)
    url = f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/"
    told = on_the_spot(decided_on=f"{today():%d.%m.%Y}", amount="100 000,50", version=matter.version)
    assert list(client.post(url, told).context_data["form"].errors) == ["amount"]


def test_a_delegation_without_a_ceiling_covers_any_amount(
    director: Any, matter: Adoption, delegated: Delegation
) -> None:
    delegations.correct_delegation(delegation=delegated, by=director, **facts(ceiling=None))
    told = on_the_spot(amount=Decimal(9_000_000))
    assert adoptions.register_by_delegation(adoption=matter, by=director, **told).amount == 9_000_000


def test_one_who_is_not_the_director_does_not_decide_by_delegation(
    client: Client, contact: Any, directors: Any, secretary: Any, matter: Adoption, delegated: Delegation
) -> None:
    with pytest.raises(NotAllowedNow):
        adoptions.register_by_delegation(adoption=matter, by=contact, **on_the_spot())
    for user in (secretary, directors["Hadsel"]):
        with pytest.raises(PermissionDenied):
            adoptions.register_by_delegation(adoption=matter, by=user, **on_the_spot())
        client.force_login(user)
        assert client.post(f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/", on_the_spot()).status_code == 403


def test_before_it_holds_and_after_it_ended_it_covers_nothing(
    director: Any, matter: Adoption, delegated: Delegation
) -> None:
    for day in (delegated.since - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot(decided_on=day))
    delegations.end_delegation(delegation=delegated, until=today() - timedelta(days=10), by=director)
    with pytest.raises(NotAllowedNow):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    earlier = on_the_spot(decided_on=today() - timedelta(days=10))
    assert adoptions.register_by_delegation(adoption=matter, by=director, **earlier).says_yes


def test_a_no_by_delegation_covers_no_money(director: Any, matter: Adoption, delegated: Delegation) -> None:
    told = on_the_spot(state="not_adopted", amount=Decimal(9_000_000))
    assert adoptions.register_by_delegation(adoption=matter, by=director, **told).amount is None


def test_it_is_decided_once_also_on_the_spot(
    client: Client, director: Any, matter: Adoption, delegated: Delegation
) -> None:
    stale = matter.version
    adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    with pytest.raises(Stale):
        adoptions.register_by_delegation(adoption=matter, version=stale, by=director, **on_the_spot())
    with pytest.raises(NotAllowedNow):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    client.force_login(director)
    assert client.get(f"/vesteralen/vedtak/{matter.pk}/etter-delegasjon/").status_code == 409


def test_a_correction_stays_within_the_delegation_or_names_who_decided(
    director: Any, contact: Any, matter: Adoption, delegated: Delegation
) -> None:
    done = adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    same = on_the_spot(decided_by=done.decided_by, reason="Feil tall")
    with pytest.raises(NotAllowedNow):
        adoptions.correct(adoption=done, by=director, **same, amount=Decimal(200_000))
    with pytest.raises(NotAllowedNow):
        adoptions.correct(adoption=done, by=contact, **same, amount=Decimal(50_000))
    assert adoptions.correct(adoption=done, by=director, **same, amount=Decimal(50_000)).delegation == delegated
    council = {**same, "decided_by": "Kommunestyret"}
    assert adoptions.correct(adoption=done, by=contact, **council, amount=Decimal(200_000)).delegation is None


# --- The delegation itself --------------------------------------------------------------------


def test_the_municipality_s_own_people_register_it(client: Client, contact: Any, sortland: Organisation) -> None:
    client.force_login(contact)
    answer = client.post("/kommune/1870/delegering/ny/", posted(extract=SimpleUploadedFile("d.pdf", PDF)))
    assert answer.status_code == 302
    made = Delegation.objects.get()
    assert (made.organisation, made.registered_by, made.on_behalf) == (sortland, contact, False)
    page = client.get("/kommune/1870/delegering/").content.decode()
    assert "7/26" in page
    assert client.get(f"/kommune/1870/delegering/{made.pk}/utskrift/").getvalue() == PDF
    assert "/kommune/1870/delegering/" in client.get("/kommune/1870/").content.decode()


def test_nobody_else_does(
    client: Client, directors: Any, secretary: Any, it_leader: Any, outsider: Any, sortland: Organisation
) -> None:
    people = ((directors["Hadsel"], 403), (secretary, 403), (it_leader, 403), (outsider, 404))
    for user, status in people:
        client.force_login(user)
        assert client.post("/kommune/1870/delegering/ny/", posted()).status_code == status
    with pytest.raises(PermissionDenied):
        delegations.register_delegation(organisation=sortland, by=directors["Hadsel"], **facts())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ceiling": "-1"}, "ceiling"),
        ({"ceiling": "mye"}, "ceiling"),
        ({"until": "01.01.2020"}, "until"),
        ({"decided_on": "01.01.2090", "since": "01.01.2090"}, "decided_on"),
        ({"since": "01.01.2001"}, "since"),
        ({"matters": " "}, "matters"),
        ({"case_number": ""}, "case_number"),
    ],
)
def test_what_is_mistyped_is_explained_by_its_field(
    client: Client, director: Any, sortland: Organisation, changes: dict[str, Any], field: str
) -> None:
    client.force_login(director)
    answer = client.post("/kommune/1870/delegering/ny/", posted(**changes))
    assert list(answer.context_data["form"].errors) == [field]
    assert not Delegation.objects.exists()


def test_two_never_hold_on_the_same_day(director: Any, sortland: Organisation, delegated: Delegation) -> None:
    with pytest.raises(NotAllowedNow, match="7/26"):
        delegations.register_delegation(organisation=sortland, by=director, **facts(since=today()))
    delegations.end_delegation(delegation=delegated, until=today() - timedelta(days=1), by=director)
    newer = delegations.register_delegation(organisation=sortland, by=director, **facts(since=today()))
    assert list(Delegation.objects.in_force()) == [newer]
    with pytest.raises(NotAllowedNow):
        delegations.end_delegation(delegation=delegated, until=today(), by=director)


def test_it_ends_not_before_it_began_nor_before_what_was_decided_by_it(
    director: Any, matter: Adoption, delegated: Delegation
) -> None:
    with pytest.raises(NotAllowedNow):
        delegations.end_delegation(delegation=delegated, until=delegated.since - timedelta(days=1), by=director)
    adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    with pytest.raises(NotAllowedNow):
        delegations.end_delegation(delegation=delegated, until=today() - timedelta(days=1), by=director)
    with pytest.raises(NotAllowedNow):
        delegations.correct_delegation(delegation=delegated, by=director, **facts(ceiling=Decimal(1)))


def test_it_is_corrected_and_ended_on_its_page(client: Client, director: Any, delegated: Delegation) -> None:
    client.force_login(director)
    url = f"/kommune/1870/delegering/{delegated.pk}"
    told = posted(ceiling="200 000", version=delegated.version)
    assert client.post(f"{url}/rett/", told).status_code == 302
    assert client.post(f"{url}/rett/", told).status_code == 409, "stale"
    delegated.refresh_from_db()
    assert delegated.ceiling == 200_000
    ended = {"until": f"{today():%d.%m.%Y}", "version": delegated.version}
    assert client.post(f"{url}/avslutt/", ended).status_code == 302
    delegated.refresh_from_db()
    assert delegated.until == today()


def test_the_secretariat_registers_on_behalf_and_it_covers_nothing_before_it_is_confirmed(
    client: Client, secretary: Any, director: Any, matter: Adoption
) -> None:
    client.force_login(secretary)
    url = "/vesteralen/medlemmer/1870/delegering/"
    assert list(client.post(url, posted()).context_data["form"].errors) == ["extract"]
    assert client.post(url, posted(extract=SimpleUploadedFile("d.pdf", PDF))).status_code == 302
    made = Delegation.objects.get()
    with pytest.raises(NotAllowedNow):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    answer = f"/kommune/1870/delegering/{made.pk}/svar/"
    assert client.post(answer).status_code == 403
    client.force_login(director)
    assert client.post(answer, {"version": made.version}).status_code == 302
    assert client.post(answer, {"version": made.version}).status_code == 409
    assert adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot()).delegation == made


def test_what_the_municipality_objects_to_covers_nothing_and_stands_in_nobody_s_way(
    client: Client, digi: Collaboration, secretary: Any, director: Any, sortland: Organisation, matter: Adoption
) -> None:
    told = facts(extract=EXTRACT)
    made = delegations.register_on_behalf(collaboration=digi, organisation=sortland, by=secretary, **told)
    client.force_login(director)
    objects = client.post(f"/kommune/1870/delegering/{made.pk}/svar/", {"feil": "1", "version": made.version})
    assert objects.status_code == 302
    with pytest.raises(NotAllowedNow):
        adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot())
    assert delegations.register_delegation(organisation=sortland, by=director, **facts()).is_in_force


def test_on_behalf_of_a_stranger_or_without_an_extract_is_refused(
    digi: Collaboration, secretary: Any, director: Any, sortland: Organisation
) -> None:
    with pytest.raises(NotAllowedNow):
        delegations.register_on_behalf(collaboration=digi, organisation=sortland, by=secretary, **facts())
    stranger = Organisation.objects.create(kind="municipality", number="0301", name="Oslo")
    with pytest.raises(NotAllowedNow, match="Oslo"):
        delegations.register_on_behalf(
            collaboration=digi, organisation=stranger, by=secretary, **facts(extract=EXTRACT)
        )
    with pytest.raises(PermissionDenied):
        delegations.register_on_behalf(collaboration=digi, organisation=sortland, by=director, **facts(extract=EXTRACT))


# --- What the database never lets through -----------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"ceiling": -1},
        {"until": date(2001, 1, 1)},
        {"since": date(2001, 1, 1)},
        {"matters": ""},
        {"case_number": ""},
        {"on_behalf": True},
        {"confirmed_at": timezone.now()},
    ],
)
def test_the_database_refuses_half_a_delegation(delegated: Delegation, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=delegated.pk).update(**changes)


def test_a_delegation_is_never_deleted(delegated: Delegation) -> None:
    with the_database_refuses("(?i)cannot delete"), transaction.atomic():
        delegated.delete()


def test_the_database_lets_no_decision_stand_on_a_delegation_that_does_not_cover_it(
    director: Any, directors: Any, hadsel: Organisation, matter: Adoption, delegated: Delegation
) -> None:
    done = adoptions.register_by_delegation(adoption=matter, by=director, **on_the_spot(amount=Decimal(5)))
    elsewhere = delegations.register_delegation(organisation=hadsel, by=directors["Hadsel"], **facts())
    rows = Adoption.objects.filter(pk=done.pk)
    for changes in ({"amount": 100_001}, {"delegation": elsewhere}, {"decided_on": date(2001, 1, 1)}):
        with the_database_refuses(), transaction.atomic():
            rows.update(**changes)
    for changes in ({"ceiling": 4}, {"until": today() - timedelta(days=1)}, {"organisation": hadsel}):
        with the_database_refuses(), transaction.atomic():
            Delegation.objects.filter(pk=delegated.pk).update(**changes)


def test_only_a_decision_stands_on_a_delegation(matter: Adoption, delegated: Delegation) -> None:
    with the_database_refuses(), transaction.atomic():
        Adoption.objects.filter(pk=matter.pk).update(delegation=delegated)
