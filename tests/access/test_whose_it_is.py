"""Nobody acts for another, with more than the form asks for, or past a step (security.md T21–T23, §7 rules 1 and 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from governance import permissions
from governance.actions import adoptions, people
from governance.models import (
    Adoption,
    Appointment,
    Body,
    Case,
    Collaboration,
    Membership,
    Opinion,
    Organisation,
    Role,
)
from governance.models.people import AT_BODY, AT_COLLABORATION, AT_ORGANISATION
from tests.governance.meeting_helpers import called, held
from tests.people import LONG_AGO, municipality, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(digi: Collaboration, sortland: Organisation, secretary: User) -> Adoption:
    asked = timezone.localdate() + timedelta(days=20)
    return adoptions.open_adoption(
        collaboration=digi, organisation=sortland, matter="Digital byggesak", answer_by=asked, by=secretary
    )


def a_yes(matter: Adoption, **more: Any) -> dict[str, Any]:
    today = f"{timezone.localdate():%d.%m.%Y}"
    decided = {"state": "adopted", "decided_by": "Kommunestyret", "decided_on": today, "case_number": "63/26"}
    decided["text"] = "Sortland deltar."
    return {**decided, "version": matter.version, **more}


def refusals(by: User) -> list[str]:
    return [act.detail["path"] for act in Act.objects.filter(verb="refused", by_id=by.pk)]


# --- T21: fields that no form asks for ------------------------------------------------------------------


def test_a_municipality_s_people_change_no_more_of_it_than_the_form_asks(
    client: Client, it_leader: User, sortland: Organisation
) -> None:
    before = {"number": "1870", "name": "Sortland", "kind": "municipality", "county": "Nordland"}
    client.force_login(it_leader)

    more = {"number": "9999", "name": "Noe annet", "kind": "state", "county": "Oslo", "id": "1"}
    answer = client.post("/kommune/1870/kontakt/", {"website": "https://sortland.example", "version": "1", **more})

    assert answer.status_code == 302
    sortland.refresh_from_db()
    assert {name: getattr(sortland, name) for name in before} == before
    assert sortland.website == "https://sortland.example"


def test_nobody_makes_oneself_more_than_one_is(client: Client, it_leader: User) -> None:
    client.force_login(it_leader)
    more = {"is_staff": "on", "is_superuser": "on", "email": "annen@test.example", "groups": "1", "password": "x"}
    client.post("/konto/profil/", {"name": "IT-leder", "language": "nb", **more})

    known = User.objects.get(pk=it_leader.pk)
    assert (known.is_staff, known.is_superuser, known.email) == (False, False, it_leader.email)
    assert known.password == it_leader.password
    assert set(known.groups.all()) == set(it_leader.groups.all())


def test_a_decision_is_registered_for_the_matter_it_was_asked_in_and_as_one_s_own(
    client: Client, director: User, matter: Adoption, bo: Organisation
) -> None:
    client.force_login(director)
    more = {"organisation": bo.pk, "on_behalf": "on", "confirmed_at": "2026-01-01", "registered_by": "1", "id": "1"}
    assert client.post(f"/vesteralen/vedtak/{matter.pk}/registrer/", a_yes(matter, **more)).status_code == 302

    matter.refresh_from_db()
    assert (matter.organisation.name, matter.on_behalf, matter.confirmed_at) == ("Sortland", False, None)
    assert matter.registered_by == director


# --- T22: on behalf of another --------------------------------------------------------------------------


def test_a_director_answers_for_no_other_municipality(
    client: Client, steering: Body, secretary: User, directors: dict[str, User]
) -> None:
    """Bø's director gives a view for Andøy: refused, written down, and nothing is there."""
    called(steering, secretary)
    path = f"/vesteralen/saker/{Case.objects.get().pk}/syn/1871/"
    client.force_login(directors["Bø"])

    assert client.post(path, {"stance": "supports"}).status_code == 403
    assert refusals(directors["Bø"]) == [path]
    assert not Opinion.objects.exists()


def test_a_director_decides_for_no_other_municipality(
    client: Client, matter: Adoption, directors: dict[str, User]
) -> None:
    path = f"/vesteralen/vedtak/{matter.pk}/registrer/"
    client.force_login(directors["Bø"])

    assert client.post(path, a_yes(matter)).status_code == 403
    assert refusals(directors["Bø"]) == [path]
    matter.refresh_from_db()
    assert matter.state == "open"


def test_the_secretariat_neither_votes_nor_decides_without_an_extract(
    client: Client, steering: Body, secretary: User, director: User, matter: Adoption
) -> None:
    called(steering, secretary)
    view = f"/vesteralen/saker/{Case.objects.get().pk}/syn/1870/"
    register = f"/vesteralen/vedtak/{matter.pk}/registrer/"
    client.force_login(secretary)

    answers = [client.post(path, data).status_code for path, data in ((view, {"stance": "supports"}), (register, {}))]

    assert answers == [403, 403]
    assert refusals(secretary) == [view, register]
    with pytest.raises(NotAllowedNow):
        adoptions.register_on_behalf(
            adoption=matter, state="adopted", decided_by="Kommunestyret", decided_on=timezone.localdate(),
            case_number="1/26", by=secretary,
        )  # fmt: skip
    matter.refresh_from_db()
    assert (matter.state, Opinion.objects.count()) == ("open", 0)


def test_after_the_term_there_is_nothing_left_to_do(
    client: Client, steering: Body, secretary: User, directors: dict[str, User], matter: Adoption
) -> None:
    """Midnight came, and nobody has brought the groups up to date: the first request does (rule 6)."""
    called(steering, secretary)
    gone = directors["Sortland"]
    Appointment.objects.filter(person__user=gone).update(until=timezone.localdate() - timedelta(days=1))
    client.force_login(gone)

    view, register = (
        f"/vesteralen/saker/{Case.objects.get().pk}/syn/1870/",
        f"/vesteralen/vedtak/{matter.pk}/registrer/",
    )
    assert [client.post(path, {"stance": "supports"}).status_code for path in (view, register)] == [404, 404]
    assert not Opinion.objects.exists()
    matter.refresh_from_db()
    assert matter.state == "open"


def test_who_keeps_one_seat_and_loses_another_is_refused_where_it_ended(
    client: Client, steering: Body, secretary: User, directors: dict[str, User]
) -> None:
    """Still director, but no longer in the steering group: sees the case, and gives no view on it."""
    called(steering, secretary)
    gone = directors["Sortland"]
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(person__user=gone, body=steering).update(until=yesterday)
    client.force_login(gone)

    path = f"/vesteralen/saker/{Case.objects.get().pk}/syn/1870/"
    assert client.post(path, {"stance": "supports"}).status_code == 403
    assert refusals(gone) == [path]
    assert not Opinion.objects.exists()


# --- T23: past a step -----------------------------------------------------------------------------------


def test_minutes_that_nobody_approved_are_not_published(
    client: Client, steering: Body, secretary: User, director: User, digi: Collaboration
) -> None:
    Collaboration.objects.filter(pk=digi.pk).update(public_pages=True)
    meeting = held(steering, secretary)
    client.force_login(secretary)
    here = meeting.get_absolute_url()

    assert client.post(f"{here}referat/publiser/", {"confirmed": "1"}).status_code == 409
    meeting.refresh_from_db()
    assert (meeting.state, meeting.publications.count()) == ("held", 0)


def test_a_meeting_that_was_not_begun_is_not_ended(
    client: Client, steering: Body, secretary: User, director: User
) -> None:
    meeting = called(steering, secretary)
    client.force_login(secretary)

    assert client.post(f"{meeting.get_absolute_url()}avslutt/").status_code == 409
    meeting.refresh_from_db()
    assert meeting.state == "called"


# --- Rule 1: nobody gives what one does not have, or to oneself ------------------------------------------


NO_SECRETARIAT = [
    "director", "it_leader", "contact", "survey_admin", "auditor", "observer", "member", "project_leader", "outsider",
    "sysadmin",
]  # fmt: skip


@pytest.mark.parametrize("who", NO_SECRETARIAT)
def test_nobody_but_the_secretariat_gives_any_role_anywhere(
    digi: Collaboration,
    steering: Body,
    sortland: Organisation,
    secretary: User,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    by, somebody = request.getfixturevalue(who), person("Kari")
    places = [(role, digi) for role in AT_COLLABORATION] + [(role, sortland) for role in AT_ORGANISATION]
    places += [(role, steering) for role in AT_BODY]
    assert {role for role, _at in places} == {*Role.values}
    for role, at in places:
        with pytest.raises(PermissionDenied):
            people.appoint(person=somebody, role=role, at=at, by=by)
    assert not somebody.appointments.exists()


def test_the_secretariat_gives_no_role_to_itself_and_ends_none_of_its_own(digi: Collaboration, secretary: User) -> None:
    own = Appointment.objects.get(person__user=secretary)
    with pytest.raises(NotAllowedNow):
        people.appoint(person=secretary.person, role=Role.AUDITOR, at=digi, by=secretary)
    for verb, told in ((people.end_appointment, {"until": timezone.localdate()}), (people.take_back_appointment, {})):
        with pytest.raises(NotAllowedNow):
            verb(appointment=own, by=secretary, **told)
    assert [*secretary.person.appointments.all()] == [own]


def test_writing_a_municipality_down_as_a_member_opens_nothing_of_what_it_has_elsewhere(
    digi: Collaboration, bo: Organisation, secretary: User, outsider: User
) -> None:
    """A secretariat may call any municipality its member; who its director is, is said by those it was with first."""
    theirs = Collaboration.objects.get(slug="annet-sted")
    Membership.objects.create(collaboration=theirs, organisation=bo, since=LONG_AGO)
    friend = person("Medsammensvoren")
    director = person("Direktør Bø")
    seat = people.appoint(person=director, role=Role.DIRECTOR, at=bo, by=secretary)

    with pytest.raises(PermissionDenied):
        people.appoint(person=friend, role=Role.DIRECTOR, at=bo, by=outsider)
    with pytest.raises(PermissionDenied):
        people.end_appointment(appointment=seat, until=timezone.localdate() - timedelta(days=1), by=outsider)

    assert not holds(friend.user, "governance.decide_for_municipality", bo)
    assert not holds(friend.user, "governance.view_collaboration", digi)
    assert holds(director.user, "governance.decide_for_municipality", bo)


def test_a_secretariat_gives_roles_in_its_own_municipalities_though_they_are_elsewhere_too(
    digi: Collaboration, sortland: Organisation, secretary: User, outsider: User
) -> None:
    theirs = Collaboration.objects.get(slug="annet-sted")
    Membership.objects.create(collaboration=theirs, organisation=sortland, since=LONG_AGO)
    new = municipality("1865", "Vågan", 9700)
    Membership.objects.create(collaboration=theirs, organisation=new, since=LONG_AGO)

    assert people.appoint(person=person("Kari"), role=Role.CONTACT, at=sortland, by=secretary).pk
    assert people.appoint(person=person("Ola"), role=Role.CONTACT, at=new, by=outsider).pk


def test_what_has_left_is_no_longer_ones_own(
    digi: Collaboration, bo: Organisation, secretary: User, outsider: User
) -> None:
    """Bø has left DigiVesterålen for another: roles there are the other's to give (§7 rule 4)."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(collaboration=digi, organisation=bo).update(until=yesterday)
    theirs = Collaboration.objects.get(slug="annet-sted")
    Membership.objects.create(collaboration=theirs, organisation=bo, since=LONG_AGO)

    with pytest.raises(PermissionDenied):
        people.appoint(person=person("Kari"), role=Role.DIRECTOR, at=bo, by=secretary)
    assert people.appoint(person=person("Ola"), role=Role.DIRECTOR, at=bo, by=outsider).pk


def test_a_stranger_turns_nobody_s_way_in_towards_oneself(digi: Collaboration, secretary: User, outsider: User) -> None:
    """Another secretariat writes the same person down, and would have the letters and the way in at its own address."""
    auditor = people.register_person(collaboration=digi, name="Revisor", email="revisor@test.example", by=secretary)
    people.appoint(person=auditor, role=Role.AUDITOR, at=digi, by=secretary)
    theirs = Collaboration.objects.get(slug="annet-sted")
    same = people.register_person(collaboration=theirs, name="R", email="revisor@test.example", by=outsider)
    assert same == auditor
    known = {"name": "Revisor", "title": "", "organisation": None}

    with pytest.raises(NotAllowedNow):
        people.change_person(person=same, email="kapret@test.example", by=outsider, **known)
    people.change_person(person=same, email="Revisor@test.example", by=outsider, **known)
    assert people.change_person(person=same, email="ny@test.example", by=secretary, **known).email == "ny@test.example"


def test_rights_that_somebody_slips_in_by_hand_do_not_outlive_the_day(
    client: Client, it_leader: User, digi: Collaboration
) -> None:
    """A group that no appointment gives is taken away at the day's first request."""
    other = person("Sekretær")
    Appointment.objects.create(person=other, role=Role.SECRETARIAT, collaboration=digi, since=LONG_AGO)
    permissions.sync_people(other)
    it_leader.groups.add(*other.user.groups.all())
    assert holds(it_leader, "governance.manage_collaboration", digi)

    client.force_login(it_leader)
    assert client.get("/vesteralen/rediger/").status_code == 403
