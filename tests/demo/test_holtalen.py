"""Holtålen's decision of 2019 comes out whole, and of the other 46 nothing is known (X3, X5)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.demo import loading
from governance import matters
from governance.models import Adoption, Collaboration

pytestmark = pytest.mark.django_db


@pytest.fixture
def holtalen(db: None) -> Adoption:
    loading.load("trondelag")
    return Adoption.objects.get(collaboration__slug="trondelag", organisation__number="5026")


def test_the_case_is_told_as_the_municipality_treated_it(client: Client, holtalen: Adoption) -> None:
    assert (holtalen.decided_by, holtalen.decided_on, holtalen.case_number) == (
        "Formannskapet", date(2019, 4, 30), "63/19",
    )  # fmt: skip
    assert (holtalen.state, holtalen.vote, holtalen.example) == ("adopted", "Enstemmig", False)
    assert len(holtalen.text.splitlines()) == 3
    assert holtalen.as_proposed
    assert holtalen.treatment
    client.force_login(User.objects.get(email="signe.gaulamoen@holtalen.example"))
    page = client.get(holtalen.get_absolute_url()).content.decode()
    for shown in ("63/19", "30. april 2019", "Enstemmig", *holtalen.text.splitlines()):
        assert shown in page
    assert page.count(holtalen.text.splitlines()[2]) == 2, "as proposed and as decided"


def test_nothing_is_made_of_the_others_silence(client: Client, holtalen: Adoption) -> None:
    asked: Any = Adoption.objects.filter(collaboration=holtalen.collaboration, key=holtalen.key)
    numbers = asked.numbers()
    assert (numbers["asked"], numbers["decided"], numbers["adopted"]) == (47, 1, 1)
    digut = Collaboration.objects.get(slug="trondelag")
    matter = matters.matter_of(digut, holtalen.key, Adoption.objects.all())
    assert matter is not None
    assert matter.sentence.startswith(
        "Rådmannsutvalget i Trøndelag anbefalte 02.05.2018 · 1 av 47 kommuner har vedtatt"
    )
    assert [sent.to for sent in matter.forwardings] == ["Fylkesstyret"]
