"""DiguT's bodies and proposals: what the sources tell, and what is made up and says so (B13–B23, N15, J5)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.demo import facts, loading
from governance.actions.bodies import efagrad_of
from governance.models import Appointment, Body, Collaboration, Position, Proposal, ProposalSignal, ProposalStep, Region
from governance.proposal_signals import unanswered

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for all of them: they look, and change nothing."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            loading.load("trondelag")
            yield
            transaction.set_rollback(True)
        cache.clear()


@pytest.fixture
def digut(loaded: None) -> Collaboration:
    return Collaboration.objects.get(slug="trondelag")


def test_the_secretariat_is_led_by_the_county_and_half_a_position_short(digut: Collaboration) -> None:
    office = digut.bodies.get(kind=Body.Kind.SECRETARIAT)
    assert str(office.led_by) == "Trøndelag fylkeskommune"
    held = Position.objects.filter(body=office)
    assert sum(position.share for position in held) == 150 and office.fte_minimum == 2
    assert all(position.example for position in held) and not office.example


def test_each_region_has_at_most_one_council_and_some_have_none(digut: Collaboration) -> None:
    councils = {region.name: efagrad_of(digut, region) for region in Region.objects.all()}
    there = {name: str(body) for name, body in councils.items() if body}
    assert there == {
        "Fosen regionråd": "eFagrådet på Fosen", "Innherred regionråd": "eFagrådet på Innherred",
        "Namdal regionråd": "eFagrådet i Namdal", "Rørosregionen": "Felles styringsgruppe for digital transformasjon",
    }  # fmt: skip
    assert councils["Trondheimsregionen"] is None
    on_the_way = [body for body in councils.values() if body and body.statuses.exists()]
    assert len(on_the_way) == 2 and all(body.example for body in on_the_way)


def test_the_joint_steering_group_is_one_body_in_two_capacities(digut: Collaboration) -> None:
    council = efagrad_of(digut, Region.objects.get(name="Rørosregionen"))
    assert council is not None and (council.kind, council.collaboration.parent) == (Body.Kind.STEERING, digut)
    assert {str(place) for place in council.collaboration.members()} == {"Holtålen", "Os", "Røros"}
    assert "Os" not in {str(place) for place in digut.members()}


def test_contact_points_are_pointed_out_by_their_council_and_elected_by_the_committee(digut: Collaboration) -> None:
    seats = Appointment.objects.filter(body__collaboration=digut, body__kind=Body.Kind.STRATEGY, region__isnull=False)
    assert {seat.region.name for seat in seats if seat.region} == {"Fosen regionråd", "Rørosregionen"}
    for seat in seats:
        assert seat.nomination is not None and seat.nomination.nominated_by is not None
        assert str(seat.appointed_by) == "Rådmannsutvalget i Trøndelag" and seat.example


def test_the_proposals_stand_on_their_days(client: Client, digut: Collaboration) -> None:
    first, archive = Proposal.objects.filter(collaboration=digut).order_by("sent_on")
    assert (first.label, first.sent_on, archive.label) == ("1/17", date(2017, 11, 15), "1/18")
    days = [(one.last_step.place, one.last_step.answered_on, one.example) for one in (first, archive)]
    committee = "Rådmannsutvalget i Trøndelag"
    assert days == [(committee, date(2018, 1, 30), False), (committee, date(2018, 5, 2), False)]
    assert all(step.case for step in ProposalStep.objects.filter(proposal__in=(first, archive)))
    known = ProposalSignal.objects.filter(proposal=archive, example=False).get()
    assert (str(known.sender), known.stance, known.given_on) == ("Rørosregionen", "interested", date(2019, 4, 30))
    assert len(unanswered(archive)) == 47 - 2 - 6 - 13, "Røros and Holtålen, Fosen, Namdal"
    client.force_login(User.objects.get(email="jorund.leksmyren@fylket.example"))
    page = client.get(f"/trondelag/forslag/{archive.pk}/").content.decode()
    assert "26 kommuner har ikke svart" in page and "63/19" in page
    way = page[page.index('id="veien"') : page.index('id="signaler"')]
    assert "Leksmyren" not in way and "registrert i ettertid" in way, "nobody made up answered in 2018"


def test_a_made_up_proposal_goes_through_the_region_to_the_collaboration_above(
    client: Client, digut: Collaboration
) -> None:
    proposal = Proposal.objects.get(example=True)
    assert [step.place for step in proposal.steps.order_by("position")] == [
        "Felles styringsgruppe for digital transformasjon", "Sekretariatet i DiguT Trøndelag",
    ]  # fmt: skip
    client.force_login(User.objects.get(email="jorund.leksmyren@fylket.example"))
    assert proposal.title in client.get("/").content.decode()


def test_a_second_load_changes_nothing(digut: Collaboration) -> None:
    def counted() -> list[int]:
        models: list[Any] = [Body, Proposal, ProposalStep, ProposalSignal, Position, Appointment, Collaboration]
        return [model.objects.count() for model in models]

    before = counted()
    assert loading.load("trondelag") == [] and counted() == before


def test_the_facts_name_regions_and_people_that_are_there() -> None:
    regions = {one["name"] for one in facts.trondelag()["regions"]}
    told = facts.example()["trondelag"]
    named = [*facts.trondelag()["efagrad"], *told["efagrad"], *told["signals"]]
    assert {one["region"] for one in named} <= regions
    people = {one["slug"] for one in facts.example()["people"]}
    assert {one["person"] for one in facts.example()["proposals"]} <= people
