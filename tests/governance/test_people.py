"""People and appointments: access follows the day (rule 6), and nobody gives oneself anything."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts import invitations
from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.actions import people
from governance.models import Appointment, Body, Collaboration, Organisation, Person, Role
from tests.at_once import at_once
from tests.people import person

pytestmark = pytest.mark.django_db


def test_the_secretariat_registers_a_director_who_gets_a_way_in(
    client: Client, secretary: Any, sortland: Organisation
) -> None:
    client.force_login(secretary)
    data = {
        "name": "Kari Eksempel",
        "email": "Kari@Sortland.example",
        "title": "kommunedirektør",
        "organisation": sortland.pk,
        "role": "director",
        "since": f"{timezone.localdate():%d.%m.%Y}",
        "invite": "on",
    }
    assert client.post("/vesteralen/personer/ny/", data).status_code == 302
    kari = Person.objects.get(email="kari@sortland.example")
    assert holds(kari.user, "governance.decide_for_municipality", sortland)
    assert not kari.user.has_usable_password()
    assert jobs.run(Job.objects.get(kind="governance.invitation").pk).state == "done"
    letter = mail.outbox[0]
    assert letter.to == ["kari@sortland.example"]
    link = next(word for word in letter.body.split() if "/konto/" in word)
    path = "/" + link.partition("//")[2].partition("/")[2]
    client.logout()
    assert b"password" in client.get(path, follow=True).content


def test_a_role_in_a_municipality_needs_one(client: Client, secretary: Any) -> None:
    client.force_login(secretary)
    page = client.post("/vesteralen/personer/ny/", {"name": "Kari", "role": "director"})
    assert list(page.context_data["form"].errors) == ["organisation"]
    page = client.post("/vesteralen/personer/ny/", {"name": "Kari", "invite": "on"})
    assert list(page.context_data["form"].errors) == ["email"]


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "survey_admin"])
def test_others_see_people_and_change_none(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert client.get("/vesteralen/personer/").status_code == 200
    assert client.get(f"/vesteralen/personer/{user.person.pk}/").status_code == 200
    for part in ("rediger/", "rolle/", "inviter/"):
        assert client.get(f"/vesteralen/personer/{user.person.pk}/{part}").status_code == 403
    assert client.get("/vesteralen/personer/ny/").status_code == 403


def test_the_same_e_mail_is_the_same_person(digi: Collaboration, secretary: Any, outsider: Any) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    here = people.register_person(collaboration=digi, name="Kari", email="kari@x.example", by=secretary)
    assert people.register_person(collaboration=elsewhere, name="K.", email="KARI@x.example", by=outsider) == here


def test_two_people_do_not_share_an_e_mail(digi: Collaboration, secretary: Any) -> None:
    one = people.register_person(collaboration=digi, name="Kari", email="kari@x.example", by=secretary)
    two = people.register_person(collaboration=digi, name="Ola", email="ola@x.example", by=secretary)
    with pytest.raises(NotAllowedNow):
        people.change_person(person=two, name="Ola", email=one.email, title="", organisation=None, by=secretary)


def test_a_way_in_that_is_somebody_elses_is_not_given(digi: Collaboration, secretary: Any, director: Any) -> None:
    Person.objects.filter(user=director).update(email="ny.adresse@test.example")
    newcomer = people.register_person(collaboration=digi, name="En Ny", email=director.email, by=secretary)
    with pytest.raises(NotAllowedNow):
        people.give_access(person=newcomer, by=secretary)


def test_nobody_gives_oneself_a_role_or_ends_it(
    client: Client, secretary: Any, digi: Collaboration, sortland: Organisation
) -> None:
    with pytest.raises(NotAllowedNow):
        people.appoint(person=secretary.person, role=Role.DIRECTOR, at=sortland, by=secretary)
    own = secretary.person.appointments.get()
    client.force_login(secretary)
    url = f"/vesteralen/verv/{own.pk}/avslutt/"
    assert client.post(url, {"until": f"{timezone.localdate():%d.%m.%Y}", "version": own.version}).status_code == 409
    assert not holds(secretary, "governance.decide_for_municipality", sortland)


def test_a_role_belongs_at_its_kind_of_place(secretary: Any, digi: Collaboration, steering: Body) -> None:
    someone = person("Kari")
    for role, place in ((Role.DIRECTOR, digi), (Role.STEERING, digi), (Role.SECRETARIAT, steering)):
        with pytest.raises(NotAllowedNow):
            people.appoint(person=someone, role=role, at=place, by=secretary)


# --- Rule 6: access follows the appointment -----------------------------------------------------


@time_machine.travel("2026-06-01 10:00+02:00", tick=False)
def test_access_ends_the_day_after_the_last_day(
    client: Client, secretary: Any, digi: Collaboration, sortland: Organisation
) -> None:
    kari = person("Kari", organisation=sortland)
    seat = people.appoint(person=kari, role=Role.DIRECTOR, at=sortland, since=date(2026, 5, 1), by=secretary)
    people.end_appointment(appointment=seat, until=date(2026, 6, 30), by=secretary)
    with time_machine.travel("2026-06-30 23:45+02:00", tick=False):
        client.force_login(kari.user)
        assert client.get("/vesteralen/").status_code == 200
    with time_machine.travel("2026-07-01 00:30+02:00", tick=False):
        assert client.get("/vesteralen/").status_code == 404
        assert not holds(kari.user, "governance.decide_for_municipality", sortland)
    assert Appointment.objects.filter(pk=seat.pk).exists(), "the history stays"


def test_a_role_that_is_ended_yesterday_is_gone_at_once(
    client: Client, secretary: Any, director: Any, sortland: Organisation
) -> None:
    client.force_login(director)
    assert client.get("/vesteralen/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    for held in director.person.appointments.all():
        people.end_appointment(appointment=held, until=yesterday, by=secretary)
    assert client.get("/vesteralen/").status_code == 404


def test_a_role_given_by_mistake_is_taken_back_and_what_it_opened_is_closed_at_once(
    client: Client, secretary: Any, digi: Collaboration, sortland: Organisation
) -> None:
    """The wrong person of two of the same name: waiting for midnight is waiting too long."""
    wrong = person("Feil Person")
    wrong.known_in.add(digi)
    client.force_login(secretary)
    client.post(f"/vesteralen/personer/{wrong.pk}/rolle/", _role(Role.DIRECTOR, sortland))
    seat = wrong.appointments.get()
    theirs = Client()
    theirs.force_login(wrong.user)
    assert theirs.get("/vesteralen/").status_code == 200

    back = f"/vesteralen/verv/{seat.pk}/ta-tilbake/"
    assert back in client.get(f"/vesteralen/verv/{seat.pk}/avslutt/").content.decode()
    assert client.get(back).status_code == 200
    assert client.post(back).status_code == 302
    assert theirs.get("/vesteralen/").status_code == 404
    assert not holds(wrong.user, "governance.decide_for_municipality", sortland)
    seat.refresh_from_db()
    assert (seat.was_taken_back, seat.until) == (True, seat.since - timedelta(days=1))
    assert not Appointment.objects.filter(pk=seat.pk).not_ended().exists()
    page = client.get(f"/vesteralen/personer/{wrong.pk}/").content.decode()
    assert "Tatt tilbake" in page and "/avslutt/" not in page
    assert client.post(back).status_code == 409, "pressed twice"
    end = {"until": f"{timezone.localdate():%d.%m.%Y}", "version": seat.version}
    assert client.post(f"/vesteralen/verv/{seat.pk}/avslutt/", end).status_code == 409, (
        "a last day gives it no days again"
    )
    assert not holds(wrong.user, "governance.decide_for_municipality", sortland)


def _role(role: str, place: Organisation) -> dict[str, Any]:
    return {"role": role, "organisation": place.pk, "since": f"{timezone.localdate():%d.%m.%Y}"}


def test_a_role_that_was_to_begin_later_can_be_taken_back_too(
    secretary: Any, steering: Body, sortland: Organisation
) -> None:
    later = timezone.localdate() + timedelta(days=40)
    planned = {"role": Role.STEERING, "at": steering, "represents": sortland, "since": later, "by": secretary}
    seat = people.appoint(person=person("Kari"), is_chair=True, **planned)
    people.take_back_appointment(appointment=seat, by=secretary)
    assert not steering.seats.active(later).exists() and not steering.seats.not_ended().exists()
    again = people.appoint(person=person("Ola"), is_chair=True, **planned | {"since": timezone.localdate()})
    assert steering.seats.active(later).get() == again


def test_the_invitation_to_a_role_given_by_mistake_opens_nothing_unless_there_is_another(
    secretary: Any, sortland: Organisation
) -> None:
    kari = person("Kari", email="kari.ny@sortland.example")
    roles = [
        people.appoint(person=kari, role=role, at=sortland, since=timezone.localdate(), by=secretary)
        for role in (Role.CONTACT, Role.IT_LEADER)
    ]
    people.give_access(person=kari, by=secretary)
    people.take_back_appointment(appointment=roles[0], by=secretary)
    assert invitations.usable().filter(user__person=kari).count() == 1
    people.take_back_appointment(appointment=roles[1], by=secretary)
    assert not invitations.usable().filter(user__person=kari).exists()


def test_a_role_that_has_held_is_ended_and_not_taken_back(
    client: Client, secretary: Any, director: Any, steering: Body, sortland: Organisation
) -> None:
    today = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        held = director.person.appointments.first()
        with pytest.raises(NotAllowedNow, match="siste dag"):
            people.take_back_appointment(appointment=held, by=secretary)
        client.force_login(secretary)
        assert "/ta-tilbake/" not in client.get(f"/vesteralen/verv/{held.pk}/avslutt/").content.decode()
    backdated = people.appoint(
        person=person("Kari"), role=Role.CONTACT, at=sortland, since=today - timedelta(days=90), by=secretary
    )
    people.take_back_appointment(appointment=backdated, by=secretary)
    assert backdated.person.appointments.get().was_taken_back, "written down today: it never held"


def test_nobody_takes_back_ones_own_role_or_one_of_another_collaboration(
    client: Client, secretary: Any, outsider: Any, digi: Collaboration
) -> None:
    own = secretary.person.appointments.get()
    with pytest.raises(NotAllowedNow, match="egne roller"):
        people.take_back_appointment(appointment=own, by=secretary)
    for who in (outsider, person("Uten rolle").user):
        with pytest.raises(PermissionDenied):
            people.take_back_appointment(appointment=own, by=who)
    client.force_login(outsider)
    assert client.post(f"/vesteralen/verv/{own.pk}/ta-tilbake/").status_code == 404


def test_the_database_knows_no_role_that_ends_further_back_than_before_its_first_day(director: Any) -> None:
    seat = director.person.appointments.first()
    with pytest.raises(IntegrityError, match="appointment_ends_after_start"), transaction.atomic():
        Appointment.objects.filter(pk=seat.pk).update(until=seat.since - timedelta(days=2))


@time_machine.travel("2026-06-01 10:00+02:00", tick=False)
def test_a_role_that_begins_tomorrow_opens_nothing_today(client: Client, secretary: Any, digi: Collaboration) -> None:
    kari = person("Kari")
    people.appoint(person=kari, role=Role.AUDITOR, at=digi, since=date(2026, 6, 2), by=secretary)
    client.force_login(kari.user)
    assert client.get("/vesteralen/").status_code == 404
    with time_machine.travel("2026-06-02 08:00+02:00", tick=False):
        client.force_login(kari.user)
        assert client.get("/vesteralen/").status_code == 200


def test_a_closed_user_sees_nothing(client: Client, director: Any) -> None:
    client.force_login(director)
    type(director).objects.filter(pk=director.pk).update(is_active=False)
    assert client.get("/vesteralen/").status_code == 302


def test_a_person_in_two_collaborations_shows_each_only_its_own(
    client: Client, secretary: Any, outsider: Any, digi: Collaboration
) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    kari = people.register_person(collaboration=digi, name="Kari", email="kari@x.example", by=secretary)
    people.register_person(collaboration=elsewhere, name="Kari", email="kari@x.example", by=outsider)
    people.appoint(person=kari, role=Role.PROJECT_LEADER, at=digi, title="HemmeligTittel", by=secretary)
    people.appoint(person=kari, role=Role.AUDITOR, at=elsewhere, title="AnnenTittel", by=outsider)
    client.force_login(secretary)
    here = client.get(f"/vesteralen/personer/{kari.pk}/").content.decode()
    assert "HemmeligTittel" in here and "AnnenTittel" not in here and "DigiAnnetsted" not in here
    assert "DigiAnnetsted" not in client.get("/vesteralen/personer/").content.decode()
    client.force_login(outsider)
    there = client.get(f"/annet-sted/personer/{kari.pk}/").content.decode()
    assert "AnnenTittel" in there and "HemmeligTittel" not in there
    assert client.get(f"/annet-sted/personer/{secretary.person.pk}/").status_code == 404
    own = kari.appointments.get(collaboration=digi)
    assert client.post(f"/annet-sted/verv/{own.pk}/avslutt/").status_code == 404


# --- Seats --------------------------------------------------------------------------------------


def test_a_party_has_one_voting_seat_at_a_time(
    secretary: Any, steering: Body, sortland: Organisation, director: Any
) -> None:
    someone = person("Ny direktør")
    with pytest.raises(NotAllowedNow):
        people.appoint(person=someone, role=Role.STEERING, at=steering, represents=sortland, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            person=someone, role="steering", body=steering, represents=sortland, since=date(2026, 1, 1)
        )
    seat = director.person.appointments.get(role="steering")
    people.end_appointment(appointment=seat, until=date(2026, 1, 31), by=secretary)
    new = people.appoint(
        person=someone, role=Role.STEERING, at=steering, represents=sortland, since=date(2026, 2, 1), by=secretary
    )
    assert new.pk


def test_the_secretariat_fills_and_ends_a_seat(
    client: Client, secretary: Any, steering: Body, sortland: Organisation, digi: Collaboration
) -> None:
    kari = people.register_person(collaboration=digi, name="Kari", by=secretary)
    client.force_login(secretary)
    url = "/vesteralen/organ/styringsgruppen/plass/"
    data = {"person": kari.pk, "role": "steering", "since": "01.02.2026"}
    assert list(client.post(url, data).context_data["form"].errors) == ["represents"]
    assert client.post(url, {**data, "represents": sortland.pk}).status_code == 302
    seat = steering.seats.get()
    end = f"/vesteralen/verv/{seat.pk}/avslutt/"
    assert list(client.post(end, {"until": "01.01.2026", "version": 1}).context_data["form"].errors) == ["until"]
    assert client.post(end, {"until": "01.03.2026", "version": 1}).status_code == 302
    assert client.post(end, {"until": "02.03.2026", "version": 1}).status_code == 409


def test_a_body_shows_its_seats_on_any_day(client: Client, secretary: Any, steering: Body, director: Any) -> None:
    seat = director.person.appointments.get(role="steering")
    people.end_appointment(appointment=seat, until=date(2025, 12, 31), by=secretary)
    client.force_login(secretary)
    then = client.get("/vesteralen/organ/styringsgruppen/?dato=31.12.2025")
    now = client.get("/vesteralen/organ/styringsgruppen/?dato=tull")
    assert sum(len(seats) for _name, seats in then.context_data["groups"]) == 6
    assert sum(len(seats) for _name, seats in now.context_data["groups"]) == 5
    assert [warning.partition(":")[0] for warning in now.context_data["warnings"]] == ["Sortland"]


def test_a_working_group_outside_its_numbers_says_so(
    client: Client, secretary: Any, digi: Collaboration, sortland: Organisation, bo: Organisation
) -> None:
    group = Body.objects.create(
        collaboration=digi, kind="working", name="Arbeidsgruppen", slug="ag", level=2, seats_minimum=1, seats_maximum=2
    )
    for place, number in ((sortland, 3), (bo, 2)):
        for n in range(number):
            people.appoint(person=person(f"{place} {n}"), role=Role.MEMBER, at=group, represents=place, by=secretary)
    client.force_login(secretary)
    warned = client.get("/vesteralen/organ/ag/").context_data["warnings"]
    assert [warning.partition(":")[0] for warning in warned] == ["Andøy", "Hadsel", "Lødingen", "Sortland", "Øksnes"]


def test_the_list_of_people_narrows_sorts_and_exports(
    client: Client, secretary: Any, directors: dict[str, Any], sortland: Organisation
) -> None:
    client.force_login(secretary)
    for query, count in (
        ("", 7),
        ("?q=sortland", 1),
        (f"?organisation={sortland.pk}", 1),
        ("?role=director", 6),
        ("?role=auditor", 0),
    ):
        assert client.get(f"/vesteralen/personer/{query}").context_data["table"].count == count
    assert client.get("/vesteralen/personer/?format=xlsx").status_code == 200
    assert client.get("/vesteralen/personer/?sort=-name").status_code == 200


def test_the_list_of_people_asks_no_more_when_there_are_more(
    client: Client, secretary: Any, digi: Collaboration, directors: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    client.get("/vesteralen/personer/")
    with django_assert_max_num_queries(60) as few:
        client.get("/vesteralen/personer/")
    for n in range(15):
        made = people.register_person(collaboration=digi, name=f"Person {n}", by=secretary)
        people.appoint(person=made, role=Role.PROJECT_LEADER, at=digi, by=secretary)
    with django_assert_max_num_queries(len(few)):
        client.get("/vesteralen/personer/")


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "director"},
        {"role": "steering"},
        {"role": "secretariat", "until": date(2020, 1, 1)},
    ],
)
def test_the_database_refuses_an_appointment_that_makes_no_sense(digi: Collaboration, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(person=person("Kari"), collaboration=digi, since=date(2026, 1, 1), **fields)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_down_one_address_at_once_write_down_one_person(digi: Collaboration, secretary: Any) -> None:
    said = {"collaboration": digi, "name": "Kari Ny", "by": secretary}
    told = at_once(
        *[lambda email=email: people.register_person(email=email, **said) for email in ("Ny@bo.test", "ny@bo.test")]
    )
    assert len({one.pk for one in told}) == 1
    assert Person.objects.filter(email__iexact="ny@bo.test").count() == 1
