"""Who sits where: kinds of seats, substitutes in order, contact points of regions, and a seat's own period."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, allowed, holds
from governance import permissions, seats
from governance.actions import bodies, nominations, people
from governance.models import (
    AgendaItem,
    Appointment,
    Body,
    Case,
    Collaboration,
    Meeting,
    Nomination,
    Organisation,
    Region,
    Resolution,
    Role,
)
from governance.quorum import voting_seats
from tests.governance.meeting_helpers import held
from tests.people import appoint, person
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def region(sortland: Organisation, hadsel: Organisation) -> Region:
    return region_of("Vesterålen sør", sortland, hadsel)


def region_of(name: str, *members: Organisation) -> Region:
    made = Region.objects.create(name=name)
    for member in members:
        made.memberships.create(organisation=member, since=date(2021, 1, 1))
    return made


@pytest.fixture
def strategy(digi: Collaboration) -> Body:
    return Body.objects.create(collaboration=digi, kind="strategy", name="Strategigruppen", slug="strategi", level=1)


def known(digi: Collaboration, name: str, secretary: Any) -> Any:
    return people.register_person(collaboration=digi, name=name, by=secretary)


# --- Kinds of seats -----------------------------------------------------------------------------


def test_observers_and_speakers_attend_and_never_vote(steering: Body, directors: Any, secretary: Any) -> None:
    for name, role in (("KS", Role.SPEAKER), ("Statsforvalteren", Role.OBSERVER)):
        people.appoint(person=person(name), role=role, at=steering, by=secretary)
    assert [seat.person.name for seat in seats.non_voting(steering)] == [
        "KS",
        "Statsforvalteren",
        "Sekretær Vesterålen",
    ]
    assert voting_seats(steering).count() == 6


def test_who_speaks_without_a_vote_proposes_and_gives_no_view(steering: Body, secretary: Any) -> None:
    ks = person("KS")
    people.appoint(person=ks, role=Role.SPEAKER, at=steering, by=secretary)
    rights = ("view_body", "propose_case", "give_view", "approve_minutes", "view_papers")
    assert [holds(ks.user, f"governance.{right}", steering) for right in rights] == [True, True, False, False, False]


def test_a_substitute_of_a_member_sees_the_body_and_no_more(strategy: Body, secretary: Any) -> None:
    vara = person("Vara")
    people.appoint(person=vara, role=Role.DEPUTY, at=strategy, by=secretary)
    assert holds(vara.user, "governance.view_body", strategy)
    assert not holds(vara.user, "governance.give_view", strategy)


def test_a_conditional_seat_counts_only_in_its_capacity(strategy: Body, secretary: Any) -> None:
    people.appoint(person=person("Alltid"), role=Role.MEMBER, at=strategy, by=secretary)
    people.appoint(person=person("Noen ganger"), role=Role.MEMBER, at=strategy, only_as="steering", by=secretary)
    assert [seat.person.name for seat in seats.seats_on(strategy)] == ["Alltid"]
    assert [seat.person.name for seat in voting_seats(strategy)] == ["Alltid"]
    assert seats.seats_on(strategy, acting_as="steering").count() == 2


def test_only_a_seat_in_a_body_is_conditional(digi: Collaboration) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            person=person("Kari"), role="auditor", collaboration=digi, only_as="steering", since=TODAY
        )


# --- Substitutes --------------------------------------------------------------------------------


def test_substitutes_are_asked_personal_first_then_the_partys_then_the_common_in_order(
    steering: Body, directors: Any, sortland: Organisation, hadsel: Organisation, secretary: Any
) -> None:
    seat = steering.seats.get(represents=sortland, role=Role.STEERING)
    vara = {"role": Role.SUBSTITUTE, "at": steering, "by": secretary}
    people.appoint(person=person("Felles to"), call_order=2, **vara)
    people.appoint(person=person("Felles en"), call_order=1, **vara)
    people.appoint(person=person("Sortlands"), represents=sortland, **vara)
    people.appoint(person=person("Hadsels"), represents=hadsel, **vara)
    own = people.appoint(person=person("Personlig"), substitute_for=seat, **vara)
    assert own.represents == sortland
    asked = ["Personlig", "Sortlands", "Felles en", "Felles to"]
    assert [one.person.name for one in seats.substitutes_for(seat)] == asked
    every = seats.substitutes_by_seat(list(voting_seats(steering)), steering)
    assert [one.person.name for one in every[seat.pk]] == asked


def test_a_common_substitute_speaks_for_no_municipality_until_called(
    client: Client, steering: Body, directors: Any, secretary: Any
) -> None:
    vara = person("Felles vara")
    people.appoint(person=vara, role=Role.SUBSTITUTE, at=steering, by=secretary)
    client.force_login(vara.user)
    assert client.get("/").status_code == 200
    rights = permissions.GRANTS[Role.DIRECTOR][Organisation]
    assert not any(allowed(Organisation.objects.all(), vara.user, f"governance.{one}") for one in rights)
    assert "Felles vara" in client.get("/vesteralen/organ/styringsgruppen/").content.decode()


def test_a_substitute_stands_in_for_a_member_of_the_same_body(
    steering: Body, strategy: Body, directors: Any, secretary: Any
) -> None:
    seat = steering.seats.first()
    with pytest.raises(NotAllowedNow):
        people.appoint(person=person("X"), role=Role.DEPUTY, at=strategy, substitute_for=seat, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=seat.pk).update(substitute_for=seat)


# --- A seat's own period ------------------------------------------------------------------------


def test_a_seat_that_has_ended_is_refused_by_the_database_too(steering: Body, directors: Any, secretary: Any) -> None:
    meeting = held(steering, secretary)
    stranger = appoint(person("For sent ute"), Role.OBSERVER, steering, until=date(2021, 12, 31))
    with pytest.raises(DatabaseError, match="not held in this body"), transaction.atomic():
        meeting.attendances.create(seat=stranger, status="present")


def test_a_seat_of_another_body_does_not_meet(steering: Body, strategy: Body, directors: Any, secretary: Any) -> None:
    meeting = held(steering, secretary)
    seat = appoint(person("En annens"), Role.MEMBER, strategy)
    with pytest.raises(DatabaseError, match="not held in this body"), transaction.atomic():
        meeting.attendances.create(seat=seat, status="present")


def test_the_secretariat_attends_in_every_body_of_its_collaboration(
    steering: Body, directors: Any, secretary: Any, outsider: Any
) -> None:
    meeting = held(steering, secretary)
    role = secretary.person.appointments.get()
    meeting.attendances.create(seat=role, status="present", votes_here=False)
    people.end_appointment(appointment=role, until=timezone.localdate(), by=colleague_in(steering))
    stranger = outsider.person.appointments.get()
    with the_database_refuses(), transaction.atomic():
        meeting.attendances.create(seat=stranger, status="present", votes_here=False)


def colleague_in(steering: Body) -> Any:
    """A colleague in the same secretariat: nobody ends a role of one's own."""
    colleague = person("Kollega")
    appoint(colleague, Role.SECRETARIAT, steering.collaboration)
    return colleague.user


def test_who_met_is_not_ended_before_the_meeting(steering: Body, directors: Any, secretary: Any) -> None:
    meeting = held(steering, secretary)
    seat = meeting.attendances.filter(status="present").first().seat
    before = meeting.day - timedelta(days=1)
    with pytest.raises(NotAllowedNow, match=meeting.label):
        people.end_appointment(appointment=seat, until=before, by=secretary)
    with pytest.raises(DatabaseError, match="outside that period"), transaction.atomic():
        Appointment.objects.filter(pk=seat.pk).update(until=before)
    assert people.end_appointment(appointment=seat, until=meeting.day, by=secretary).until == meeting.day


def test_a_seat_is_ended_and_never_deleted(director: Any) -> None:
    with the_database_refuses(), transaction.atomic():
        director.person.appointments.all().delete()


def test_a_body_has_one_chair_at_a_time(steering: Body, directors: Any, secretary: Any) -> None:
    role = {"role": Role.OBSERVER, "at": steering, "is_chair": True, "by": secretary}
    people.appoint(person=person("Første leder"), since=date(2025, 1, 1), until=date(2025, 12, 31), **role)
    people.appoint(person=person("Andre leder"), since=date(2026, 1, 1), **role)
    with pytest.raises(NotAllowedNow, match="Andre leder"):
        people.appoint(person=person("Tredje leder"), since=date(2026, 6, 1), **role)


def test_what_was_written_about_a_seat_is_mended(
    client: Client, steering: Body, directors: Any, secretary: Any, sortland: Organisation
) -> None:
    client.force_login(secretary)
    seat = steering.seats.get(represents=sortland)
    url = f"/vesteralen/verv/{seat.pk}/rett/"
    assert client.post(url, {"title": "Rådmann", "decided_by": "4/26", "version": 1}).status_code == 302
    assert client.post(url, {"title": "Ordfører", "version": 1}).status_code == 409
    seat.refresh_from_db()
    assert (seat.title, seat.decision, seat.person) == ("Rådmann", "4/26", directors["Sortland"].person)
    with pytest.raises(PermissionDenied):
        people.correct_seat(appointment=seat, title="X", by=directors["Bø"])


def test_a_seat_is_tied_to_nothing_outside_its_collaboration(
    digi: Collaboration, steering: Body, strategy: Body, region: Region, secretary: Any, directors: Any
) -> None:
    """Nor to a resolution that the writer may not see."""
    away = Collaboration.objects.create(slug="borte", name="DigiBorte")
    elsewhere = Body.objects.create(collaboration=away, kind="steering", name="Styret", slug="styret", level=1)
    meeting = Meeting.objects.create(body=elsewhere, number=1, year=2026, starts_at=timezone.now())
    case = Case.objects.create(body=elsewhere, title="Valg")
    item = AgendaItem.objects.create(meeting=meeting, case=case, position=1)
    resolution = Resolution.objects.create(item=item, outcome="as_proposed")
    nomination = Nomination.objects.create(
        body=steering, region=region, person=known(digi, "Utpekt", secretary), nominated_on=TODAY
    )
    seat = {"person": known(digi, "Kari", secretary), "role": Role.MEMBER, "at": strategy, "by": secretary}
    strange = Region.objects.create(name="Fjernt")
    for wrong in (
        {"resolution": resolution}, {"appointed_by": elsewhere}, {"region": strange}, {"nomination": nomination},
    ):  # fmt: skip
        with pytest.raises(NotAllowedNow, match="samarbeid|utpeking|Choose"):
            people.appoint(**seat, **wrong)
    held_seat = steering.seats.get(person=directors["Bø"].person)
    for wrong in ({"resolution": resolution}, {"appointed_by": elsewhere}):
        with pytest.raises(NotAllowedNow, match="samarbeid|Choose"):
            people.correct_seat(appointment=held_seat, title="", by=secretary, **wrong)
    assert not strategy.seats.exists()


# --- Contact points (B14, B15, B21) -------------------------------------------------------------


def test_a_region_has_one_contact_point_at_a_time_and_its_history_stays(
    digi: Collaboration, strategy: Body, region: Region, secretary: Any
) -> None:
    facts = {"role": Role.MEMBER, "at": strategy, "region": region, "by": secretary}
    first = people.appoint(person=known(digi, "Kari", secretary), since=date(2025, 1, 1), **facts)
    second = known(digi, "Ola", secretary)
    with pytest.raises(NotAllowedNow, match="Kari"):
        people.appoint(person=second, since=date(2026, 1, 1), **facts)
    people.end_appointment(appointment=first, until=date(2025, 12, 31), by=secretary)
    people.appoint(person=second, since=date(2026, 1, 1), **facts)
    for day, name in ((date(2025, 6, 1), "Kari"), (TODAY, "Ola")):
        assert seats.contact_points(digi, day)[region.pk].person.name == name


def test_a_contact_point_that_was_taken_back_leaves_the_region_and_its_nomination_free(
    digi: Collaboration, strategy: Body, region: Region, secretary: Any
) -> None:
    pointed_out = known(digi, "Kari", secretary)
    named = Nomination.objects.create(body=strategy, region=region, person=pointed_out, nominated_on=TODAY)
    facts = {"role": Role.MEMBER, "at": strategy, "region": region, "by": secretary}
    mistaken = people.appoint(person=known(digi, "Feil", secretary), **facts)
    assert mistaken.nomination == named
    people.take_back_appointment(appointment=mistaken, by=secretary)
    right = people.appoint(person=pointed_out, since=timezone.localdate() - timedelta(days=9), **facts)
    assert right.nomination == named
    assert seats.contact_points(digi, timezone.localdate())[region.pk] == right


def test_who_met_today_is_not_taken_back(steering: Body, directors: Any, secretary: Any) -> None:
    seat = held(steering, secretary).attendances.filter(status="present").first().seat
    with pytest.raises(NotAllowedNow, match="deltok"):
        people.take_back_appointment(appointment=seat, by=secretary)


def test_the_database_refuses_a_second_contact_point(
    digi: Collaboration, strategy: Body, region: Region, secretary: Any
) -> None:
    row = {"role": "member", "body": strategy, "region": region}
    Appointment.objects.create(person=person("En"), since=date(2025, 1, 1), until=date(2026, 6, 30), **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(person=person("To"), since=date(2026, 6, 30), **row)
    Appointment.objects.create(person=person("Tre"), since=date(2026, 7, 1), **row)


def test_the_council_points_out_and_the_steering_group_elects(
    digi: Collaboration, steering: Body, strategy: Body, region: Region, secretary: Any, client: Client
) -> None:
    bodies.create_body(
        collaboration=digi, name="eFagråd sør", slug="efagrad-sor", kind="efagrad", level=2, region=region, by=secretary
    )
    wanted, elected = (known(digi, name, secretary) for name in ("Utpekt Eksempel", "Valgt Eksempel"))
    made = nominations.nominate(body=strategy, person=wanted, region=region, by=secretary)
    assert made.nominated_by.name == "eFagråd sør"
    seat = people.appoint(
        person=elected, role=Role.MEMBER, at=strategy, region=region, appointed_by=steering, by=secretary
    )
    assert seat.nomination == made and seat.differs
    client.force_login(secretary)
    assert "Utpekt Eksempel" in client.get("/vesteralen/organ/strategi/").content.decode()
    assert "Utpekt Eksempel" in client.get("/vesteralen/efagrad/").content.decode()
    with pytest.raises(NotAllowedNow):
        nominations.withdraw_nomination(nomination=made, on=timezone.localdate(), by=secretary)


def test_a_newer_word_of_the_council_takes_the_place_of_the_old(
    digi: Collaboration, strategy: Body, region: Region, secretary: Any
) -> None:
    with pytest.raises(NotAllowedNow, match="Vesterålen sør"):
        nominations.nominate(body=strategy, person=known(digi, "X", secretary), region=region, by=secretary)
    for name in ("Først", "Sist"):
        who = known(digi, name, secretary)
        nominations.nominate(body=strategy, person=who, region=region, decided_by="Regionmøtet", by=secretary)
    assert [one.person.name for one in Nomination.objects.unanswered()] == ["Sist"]


# --- Who may, and what is shown -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "outsider", "sysadmin"])
def test_only_the_secretariat_fills_seats(
    request: pytest.FixtureRequest, steering: Body, secretary: Any, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        people.appoint(person=person("Ny"), role=Role.OBSERVER, at=steering, by=request.getfixturevalue(who))


def test_a_director_gives_no_role_in_the_municipality_and_a_stranger_changes_no_person(
    director: Any, sortland: Organisation, secretary: Any, outsider: Any
) -> None:
    with pytest.raises(PermissionDenied):
        people.appoint(person=person("Ny"), role=Role.CONTACT, at=sortland, by=director)
    with pytest.raises(PermissionDenied):
        people.change_person(
            person=director.person, name="X", email="x@x.example", title="", organisation=None, by=outsider
        )


def test_the_list_of_seats_tells_any_day_and_narrows(
    client: Client, secretary: Any, directors: Any, sortland: Organisation, steering: Body
) -> None:
    client.force_login(secretary)
    seat = steering.seats.get(represents=sortland)
    people.end_appointment(appointment=seat, until=date(2025, 12, 31), by=secretary)
    for query, count in (
        ("dato=31.12.2025", 7),
        ("dato=01.01.2026", 6),
        (f"dato=31.12.2025&organisation={sortland.pk}", 1),
        ("dato=31.12.2025&role=steering", 6),
        ("dato=01.01.2026&role=steering", 5),
        (f"dato=01.01.2026&body={steering.pk}&q=sortland", 0),
    ):
        assert client.get(f"/vesteralen/verv/?{query}").context_data["table"].count == count, query
    assert client.get("/vesteralen/verv/?format=xlsx").status_code == 200


def test_the_list_of_seats_asks_no_more_when_there_are_more(
    client: Client, secretary: Any, directors: Any, steering: Body, django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    client.get("/vesteralen/verv/")
    with django_assert_max_num_queries(40) as few:
        client.get("/vesteralen/verv/")
    for n in range(12):
        appoint(person(f"Observatør {n}"), Role.OBSERVER, steering)
    with django_assert_max_num_queries(len(few)):
        client.get("/vesteralen/verv/")


def test_a_body_page_asks_no_more_when_more_sit_there(
    client: Client, secretary: Any, directors: Any, steering: Body, django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    path = "/vesteralen/organ/styringsgruppen/"
    client.get(path)
    with django_assert_max_num_queries(60) as few:
        client.get(path)
    for n in range(12):
        appoint(person(f"Vara {n}"), Role.SUBSTITUTE, steering, call_order=n + 1)
    with django_assert_max_num_queries(len(few)):
        client.get(path)
