"""The organisations a collaboration deals with, and regions across county lines."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.actions import organisations, regions, register
from governance.models import Collaboration, Organisation, Region, RegionMembership
from governance.municipal_history import own_municipalities

pytestmark = pytest.mark.django_db
CHANGED = date(2021, 1, 1)


@pytest.fixture
def governor(digi: Collaboration, secretary: User) -> Organisation:
    return organisations.register_organisation(
        collaboration=digi, kind="state", name="Fylkesmannen i Nordland", by=secretary
    )


@pytest.fixture
def country(digi: Collaboration) -> None:
    register.import_municipalities(rows=own_municipalities().splitlines())


# --- names over time


def test_a_state_body_is_told_by_the_name_of_its_day(
    digi: Collaboration, secretary: User, governor: Organisation
) -> None:
    new = "Statsforvalteren i Nordland"
    organisations.rename(organisation=governor, collaboration=digi, name=new, since=CHANGED, by=secretary)
    governor.refresh_from_db()
    assert governor.name == new
    assert governor.name_on(date(2020, 12, 31)) == "Fylkesmannen i Nordland"
    assert governor.name_on(CHANGED) == new
    with pytest.raises(NotAllowedNow, match="later day|senere dag"):
        organisations.rename(organisation=governor, collaboration=digi, name="X", since=CHANGED, by=secretary)


def test_two_names_on_one_day_are_refused_by_the_database(governor: Organisation) -> None:
    governor.names.create(name="A", since=CHANGED)
    with pytest.raises(IntegrityError), transaction.atomic():
        governor.names.create(name="B", since=date(2022, 1, 1))


def test_an_organisation_is_registered_once_and_by_the_secretariat_alone(
    digi: Collaboration, secretary: User, director: User, governor: Organisation, sortland: Organisation
) -> None:
    with pytest.raises(NotAllowedNow, match="already registered|allerede registrert"):
        organisations.register_organisation(
            collaboration=digi, kind="state", name="fylkesmannen i nordland", by=secretary
        )
    with pytest.raises(NotAllowedNow, match="country's list|kommuneliste"):
        organisations.register_organisation(collaboration=digi, kind="municipality", name="Nyby", by=secretary)
    with pytest.raises(PermissionDenied):
        organisations.register_organisation(collaboration=digi, kind="state", name="KS", by=director)
    with pytest.raises(NotAllowedNow, match="country's list|kommuneliste"):
        organisations.change_organisation(organisation=sortland, collaboration=digi, name="Nord", by=secretary)


def test_the_list_finds_by_earlier_name_and_number_and_costs_the_same_for_the_whole_country(
    client: Client, director: User, country: None, django_assert_max_num_queries: Any
) -> None:
    client.force_login(director)
    client.get("/vesteralen/organisasjoner/")
    with django_assert_max_num_queries(25):
        page = client.get("/vesteralen/organisasjoner/").content.decode()
    assert "357" in page
    page = client.get("/vesteralen/organisasjoner/?q=1902").content.decode()
    assert "Tromsø" in page and "/kommune/5501/historie/" in page
    page = client.get("/vesteralen/organisasjoner/?which=members").content.decode()
    assert "/kommune/1870/" in page and "Tromsø" not in page
    page = client.get("/vesteralen/organisasjoner/?which=over&q=Klæbu").content.decode()
    assert "31.12.2019" in page
    sheet = load_workbook(BytesIO(client.get("/vesteralen/organisasjoner/?format=xlsx").content)).active
    assert sheet.max_row >= 358


def test_all_municipalities_are_brought_in_by_one_button(
    client: Client, secretary: User, director: User, digi: Collaboration
) -> None:
    client.force_login(director)
    assert client.post("/vesteralen/organisasjoner/hent-kommuner/").status_code == 403
    client.force_login(secretary)
    assert client.get("/vesteralen/organisasjoner/hent-kommuner/").status_code == 200
    assert client.post("/vesteralen/organisasjoner/hent-kommuner/").status_code == 302
    assert Organisation.objects.municipalities().existing().count() == 357


def test_a_name_from_a_day_is_registered_on_the_page(
    client: Client, secretary: User, digi: Collaboration, governor: Organisation
) -> None:
    client.force_login(secretary)
    place = f"/vesteralen/organisasjoner/{governor.pk}/"
    answer = {"name": "Statsforvalteren i Nordland", "since": "01.01.2021", "version": governor.version}
    assert client.post(f"{place}nytt-navn/", answer).status_code == 302
    assert client.post(f"{place}nytt-navn/", answer | {"name": "Noe annet"}).status_code == 409
    page = client.get(place).content.decode()
    assert "Fylkesmannen i Nordland" in page and "31. desember 2020" in page
    new = {"kind": "supplier", "name": "Eksempel AS", "legal_entity": "on"}
    assert client.post("/vesteralen/organisasjoner/ny/", new).status_code == 302
    assert Organisation.objects.get(name="Eksempel AS").kind == "supplier"


# --- regions


def test_a_region_holds_members_and_neighbours_by_date(
    digi: Collaboration, secretary: User, country: None, sortland: Organisation
) -> None:
    region = regions.register_region(collaboration=digi, name="Nordregionen", by=secretary)
    harstad = Organisation.objects.get(number="5503")
    regions.put_in_region(region=region, collaboration=digi, organisation=sortland, by=secretary)
    held = regions.put_in_region(
        region=region, collaboration=digi, organisation=harstad, since=date(2020, 1, 1), by=secretary
    )
    regions.take_out_of_region(membership=held, collaboration=digi, until=date(2022, 6, 30), by=secretary)
    assert set(region.members_on(date(2021, 1, 1))) == {sortland, harstad}
    assert set(region.members_on(date(2023, 1, 1))) == {sortland}
    again = {"region": region, "collaboration": digi, "organisation": harstad, "by": secretary}
    with pytest.raises(NotAllowedNow, match="already in the region|allerede med i regionen"):
        regions.put_in_region(since=date(2022, 6, 30), **again)
    regions.put_in_region(since=date(2022, 7, 1), **again)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionMembership.objects.create(region=region, organisation=harstad, since=date(2022, 1, 1))


def test_a_region_of_others_is_not_ours_to_change(
    client: Client, digi: Collaboration, secretary: User, outsider: User, sortland: Organisation
) -> None:
    theirs = Collaboration.objects.get(slug="annet-sted")
    region = regions.register_region(collaboration=theirs, name="Fjernregionen", by=outsider)
    with pytest.raises(NotAllowedNow, match="does not concern|gjelder ikke"):
        regions.put_in_region(region=region, collaboration=digi, organisation=sortland, by=secretary)
    with pytest.raises(PermissionDenied):
        regions.change_region(region=region, collaboration=theirs, name="Vår", by=secretary)
    client.force_login(secretary)
    assert client.get(f"/vesteralen/regioner/{region.pk}/").status_code == 404


def test_the_pages_of_a_region(client: Client, secretary: User, digi: Collaboration, country: None) -> None:
    client.force_login(secretary)
    assert client.post("/vesteralen/regioner/ny/", {"name": "Nordregionen", "attached": "on"}).status_code == 302
    region = Region.objects.get()
    place = f"/vesteralen/regioner/{region.pk}/"
    for number in ("1870", "5503"):
        chosen = {"organisation": Organisation.objects.get(number=number).pk, "since": "01.01.2020"}
        assert client.post(f"{place}kommune/", chosen).status_code == 302
    page = client.get(place).content.decode()
    assert "Harstad (Troms)" in page, "it is in the region without being in the collaboration"
    held = region.memberships.get(organisation__number="5503")
    left = client.post(f"/vesteralen/regioner/medlem/{held.pk}/avslutt/", {"until": "31.12.2025"})
    assert left.status_code == 302
    assert "Nordregionen" in client.get("/vesteralen/regioner/").content.decode()
    assert "Nordregionen" in client.get("/kommune/1870/").content.decode()
    changed = {"name": "Nordregionen 2", "version": region.version}
    assert client.post(f"{place}rediger/", changed).status_code == 302
    assert client.post(f"{place}rediger/", changed).status_code == 409
