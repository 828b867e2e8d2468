"""The pages of organisations, regions and history in a browser: nothing spills over, and axe finds nothing."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.actions import organisations, regions, register
from governance.models import Body, Collaboration, Membership, Organisation
from governance.municipal_history import own_municipalities
from portfolio.actions import initiatives
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paths(digi: Collaboration, steering: Body, secretary: User, sortland: Organisation) -> list[str]:
    register.import_municipalities(rows=own_municipalities().splitlines())
    region = regions.register_region(collaboration=digi, name="Vesterålen og Sør-Troms", by=secretary)
    for place in (sortland, Organisation.objects.get(number="5503")):
        regions.put_in_region(region=region, collaboration=digi, organisation=place, by=secretary)
    governor = organisations.register_organisation(
        collaboration=digi, kind="state", name="Fylkesmannen i Nordland", by=secretary
    )
    new = "Statsforvalteren i Nordland"
    organisations.rename(organisation=governor, collaboration=digi, name=new, since=date(2021, 1, 1), by=secretary)
    Body.objects.create(
        collaboration=digi, kind="secretariat", name="Sekretariatet", slug="s", level=2, reports_to=steering
    )
    made = initiatives.register_initiative(collaboration=digi, name="DigiFin", run_by="KS", by=secretary)
    initiatives.tell_standings(initiative=made, standings={sortland.pk: {"kind": "member"}}, by=secretary)
    return [
        "/vesteralen/", "/vesteralen/kom-i-gang/", "/vesteralen/medlemmer/", "/vesteralen/medlemmer/ny/",
        "/vesteralen/organisasjoner/", f"/vesteralen/organisasjoner/{governor.pk}/", "/vesteralen/organisasjoner/ny/",
        "/vesteralen/regioner/", f"/vesteralen/regioner/{region.pk}/", f"/vesteralen/regioner/{region.pk}/kommune/",
        "/kommune/1870/", "/kommune/1508/historie/?dato=01.06.2018",
        "/vesteralen/portefolje/andres-initiativer/matrise/",
    ]  # fmt: skip


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, director: User, sortland: Organisation, paths: list[str]
) -> None:
    """Also for the municipality's own director, who is asked whether it is a member."""
    Membership.objects.filter(organisation=sortland).update(awaits=True)
    seen = [(secretary, path) for path in paths] + [(director, "/kommune/1870/")]
    assert faults_of(browser, live_server, seen, unfolded=False) == []
