"""«Kommunen er ikke med»: a municipality says no to a collaboration that wrote it down as its member (rule 1)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.actions import collaborations
from governance.models import Appointment, Body, Collaboration, Membership, Organisation, Role
from tests.governance.test_collaborations import EXTRACT
from tests.people import LONG_AGO, appoint, director_of, person

WHY = "Kommunestyret har aldri behandlet saken."


@pytest.fixture
def theirs(db: None) -> Collaboration:
    return Collaboration.objects.create(slug="annet-sted", name="DigiAnnetsted")


@pytest.fixture
def their_secretary(theirs: Collaboration) -> Any:
    who = person("Sekretær Annetsted")
    appoint(who, Role.SECRETARIAT, theirs)
    return who.user


@pytest.fixture
def director(sortland: Organisation) -> Any:
    return director_of(sortland)


@pytest.fixture
def listed(theirs: Collaboration, their_secretary: Any, sortland: Organisation, director: Any) -> Membership:
    """Another collaboration has written Sortland down; its director sees that and has not answered."""
    return collaborations.add_member(collaboration=theirs, organisation=sortland, by=their_secretary)


def no_to(listed: Membership) -> str:
    return f"/kommune/1870/medlemskap/{listed.pk}/nei/"


def test_a_director_says_no_and_the_secretariat_is_told_why(
    client: Client, listed: Membership, director: Any, their_secretary: Any, theirs: Collaboration
) -> None:
    client.force_login(director)
    assert client.get("/annet-sted/").status_code == 200
    assert no_to(listed) in client.get("/kommune/1870/").content.decode()
    assert client.post(no_to(listed), {"why": "", "version": 1}).status_code == 200
    assert client.post(no_to(listed), {"why": WHY, "version": 1}).status_code == 302

    listed.refresh_from_db()
    assert (listed.contested_by, listed.contested_why, listed.awaits) == (director, WHY, True)
    assert client.get("/annet-sted/").status_code == 404
    assert not theirs.members().exists() and not theirs.members(LONG_AGO).exists()
    assert jobs.run(Job.objects.get(kind="governance.membership_contested").pk).state == "done"
    assert mail.outbox[-1].to == [their_secretary.email]
    assert WHY in mail.outbox[-1].body and "Sortland" in mail.outbox[-1].subject

    client.force_login(their_secretary)
    assert WHY in client.get("/").content.decode()
    assert "Sortland" not in client.get("/annet-sted/medlemmer/").content.decode().partition("<main")[2]
    assert WHY in client.get("/annet-sted/medlemmer/?vis=alle").content.decode()
    assert client.post(f"/annet-sted/medlemmer/{listed.pk}/avslutt/").status_code in (200, 409)
    with pytest.raises(NotAllowedNow):
        collaborations.end_member(membership=listed, until=timezone.localdate(), ground="ceased", by=their_secretary)


def test_the_no_is_taken_back_by_the_municipality_s_own_yes(
    client: Client, listed: Membership, director: Any, theirs: Collaboration
) -> None:
    collaborations.contest_member(membership=listed, why=WHY, by=director)
    client.force_login(director)
    assert WHY in client.get("/kommune/1870/").content.decode()
    assert client.post(f"/kommune/1870/medlemskap/{listed.pk}/", {"version": 2}).status_code == 302

    listed.refresh_from_db()
    assert listed.contested_at is None and listed.confirmed_by == director and not listed.awaits
    assert client.get("/annet-sted/").status_code == 200
    assert [place.number for place in theirs.members()] == ["1870"]
    with pytest.raises(NotAllowedNow):
        collaborations.contest_member(membership=listed, why=WHY, by=director)


def test_the_secretariat_writes_it_down_anew_only_with_the_decision_and_the_old_no_stands(
    listed: Membership, director: Any, their_secretary: Any, theirs: Collaboration, sortland: Organisation
) -> None:
    collaborations.contest_member(membership=listed, why=WHY, by=director)
    decision = {"ground": "decision", "decided_by": "Kommunestyret", "decided_on": date(2026, 5, 1)}
    again = collaborations.add_member(
        collaboration=theirs, organisation=sortland, extract=EXTRACT, by=their_secretary, **decision
    )

    assert again.awaits and Membership.objects.filter(collaboration=theirs).count() == 2
    with pytest.raises(NotAllowedNow):
        collaborations.confirm_member(membership=listed, by=director)
    assert collaborations.confirm_member(membership=again, by=director).confirmed_by == director


def test_whoever_sits_for_the_municipality_there_sits_no_longer(
    client: Client, listed: Membership, director: Any, theirs: Collaboration, sortland: Organisation
) -> None:
    board = Body.objects.create(collaboration=theirs, kind="steering", name="Styret", slug="styret", level=1)
    sitting = person("Satt inn")
    appoint(sitting, Role.STEERING, board, represents=sortland)
    client.force_login(sitting.user)
    assert client.get(board.get_absolute_url()).status_code == 200
    collaborations.contest_member(membership=listed, why=WHY, by=director)

    assert client.get(board.get_absolute_url()).status_code == 404
    assert not Appointment.objects.active().filter(body=board).exists()


def test_nobody_else_says_no_for_the_municipality(
    client: Client,
    listed: Membership,
    their_secretary: Any,
    hadsel: Organisation,
    sortland: Organisation,
    secretary: Any,
) -> None:
    leader = person("IT-leder Sortland")
    appoint(leader, Role.IT_LEADER, sortland)
    for who in (their_secretary, secretary, leader.user, director_of(hadsel)):
        with pytest.raises(PermissionDenied):
            collaborations.contest_member(membership=listed, why=WHY, by=who)
        client.force_login(who)
        assert client.post(no_to(listed), {"why": WHY, "version": 1}).status_code in (403, 404)
    listed.refresh_from_db()
    assert listed.contested_at is None


def test_a_confirmed_membership_an_old_page_and_a_half_no_are_refused(
    listed: Membership, director: Any, sortland: Organisation, digi: Collaboration
) -> None:
    """Who is a member leaves by its own decision, and not by a click; the database holds the no together."""
    ours = digi.memberships.get(organisation=sortland)
    with pytest.raises(NotAllowedNow):
        collaborations.contest_member(membership=ours, why=WHY, by=director)
    with pytest.raises(Stale):
        collaborations.contest_member(membership=listed, version=0, why=WHY, by=director)
    rows = Membership.objects.filter(pk=listed.pk)
    said = {"contested_by": director, "contested_at": timezone.now(), "contested_why": WHY}
    for half in ({**said, "contested_why": ""}, {**said, "contested_by": None}, {**said, "awaits": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**half)


def test_after_a_month_the_no_is_no_longer_among_what_waits(
    client: Client, listed: Membership, director: Any, their_secretary: Any
) -> None:
    collaborations.contest_member(membership=listed, why=WHY, by=director)
    Membership.objects.filter(pk=listed.pk).update(contested_at=timezone.now() - timedelta(days=31))
    client.force_login(their_secretary)
    assert WHY not in client.get("/").content.decode()
