"""The pages of bodies and people in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser

from governance.actions import bodies, competences, nominations, people, positions, treatments
from governance.models import Body, Collaboration, Organisation, Region, Role
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(digi: Collaboration, steering: Body, directors: Any, secretary: Any, hadsel: Organisation) -> None:
    """Something to see on every page: a region with council and contact point, a position too few, a gap."""
    region = Region.objects.create(name="Vesterålen")
    region.memberships.create(organisation=hadsel, since=date(2021, 1, 1))
    made: dict[str, Any] = {"collaboration": digi, "level": 2, "by": secretary}
    bodies.create_body(name="eFagrådet", slug="efagradet", kind="efagrad", region=region, status="setting_up", **made)
    strategy = bodies.create_body(name="Strategigruppen", slug="strategi", kind="strategy", **made)
    who = people.register_person(collaboration=digi, name="Kontaktpunkt Eksempel", by=secretary)
    nominations.nominate(body=strategy, person=who, region=region, by=secretary)
    people.appoint(person=who, role=Role.MEMBER, at=strategy, region=region, appointed_by=steering, by=secretary)
    people.appoint(person=who, role=Role.SUBSTITUTE, at=steering, call_order=1, decided_by="4/26", by=secretary)
    office = bodies.create_body(
        name="Sekretariatet", slug="sekretariatet", kind="secretariat", fte_minimum=Decimal(2), **made
    )
    positions.fill_position(body=office, title="Rådgiver", employer=hadsel, share=50, by=secretary)
    buying = competences.name_competence(collaboration=digi, name="Anskaffelser", by=secretary)
    competences.want_competences(body=office, competences=[buying], by=secretary)
    council = bodies.create_body(name="Formannskapet", slug="formannskapet", kind="political", owner=hadsel, **made)
    treatments.record_treatment(
        body=council, matter="Avtalen", treated_on=date(2026, 1, 5), outcome="as_proposed", by=secretary
    )


PAGES = [
    "organ/styringsgruppen/", "organ/strategi/", "organ/sekretariatet/", "organ/formannskapet/",
    "organ/styringsgruppen/plass/", "organ/styringsgruppen/regler/", "organ/sekretariatet/stilling/",
    "verv/", "verv/ledig/", "efagrad/", "kompetanse/", "personer/titler/",
]  # fmt: skip


def test_every_page_is_whole_and_accessible(browser: Browser, live_server: Any, secretary: Any, filled: None) -> None:
    assert faults_of(browser, live_server, [(secretary, f"/vesteralen/{path}") for path in PAGES]) == []
