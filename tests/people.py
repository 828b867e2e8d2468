"""People and places of the tests: six municipalities, one collaboration, and those who work there."""

from datetime import date
from typing import Any

import pytest

from digivesteralen.accounts.models import User
from governance import permissions
from governance.models import Appointment, Body, Collaboration, Membership, Organisation, Person, Role

SIX = {
    "1871": ("Andøy", 4588),
    "1867": ("Bø", 2576),
    "1866": ("Hadsel", 8065),
    "1851": ("Lødingen", 2003),
    "1870": ("Sortland", 10514),
    "1868": ("Øksnes", 4416),
}
LONG_AGO = date(2021, 1, 1)
PASSWORD = "a-long-password-for-tests"


def municipality(number: str, name: str, people: int) -> Organisation:
    made, new = Organisation.objects.get_or_create(
        number=number, defaults={"kind": "municipality", "name": name, "county": "Nordland"}
    )
    if new:
        made.populations.create(on=LONG_AGO, people=people, source="SSB 07459")
    return made


def person(name: str, *, email: str = "", **fields: Any) -> Person:
    address = email or f"{name.lower().replace(' ', '.')}@test.example"
    user = User.objects.create_user(address, PASSWORD, name=name)
    return Person.objects.create(name=name, email=address, user=user, **fields)


def appoint(who: Person, role: str, at: Any, **fields: Any) -> Appointment:
    made = _appointed(who, role, at, **fields)
    permissions.sync_people(who)
    return made


def _appointed(who: Person, role: str, at: Any, **fields: Any) -> Appointment:
    place = {Organisation: "organisation", Body: "body", Collaboration: "collaboration"}[type(at)]
    return Appointment.objects.create(person=who, role=role, since=LONG_AGO, **{place: at}, **fields)


def director_of(place: Organisation, group: Body | None = None) -> User:
    """The municipality's director, with its seat in the steering group when there is one."""
    who = _director(place, group)
    permissions.sync_people(who)
    return who.user


def _director(place: Organisation, group: Body | None) -> Person:
    who = person(f"Direktør {place.name}", organisation=place, title="kommunedirektør")
    _appointed(who, Role.DIRECTOR, place, title="kommunedirektør")
    if group is not None:
        _appointed(who, Role.STEERING, group, represents=place, title="kommunedirektør")
    return who


@pytest.fixture
def six(db: None) -> list[Organisation]:
    return [municipality(number, *rest) for number, rest in SIX.items()]


@pytest.fixture
def digi(six: list[Organisation]) -> Collaboration:
    """DigiVesterålen with its six members."""
    collaboration = Collaboration.objects.create(slug="vesteralen", name="DigiVesterålen")
    for place in six:
        Membership.objects.create(collaboration=collaboration, organisation=place, since=LONG_AGO)
    return collaboration


@pytest.fixture
def sortland(digi: Collaboration) -> Organisation:
    return Organisation.objects.get(number="1870")


@pytest.fixture
def hadsel(digi: Collaboration) -> Organisation:
    return Organisation.objects.get(number="1866")


@pytest.fixture
def bo(digi: Collaboration) -> Organisation:
    return Organisation.objects.get(number="1867")


@pytest.fixture
def steering(digi: Collaboration) -> Body:
    return Body.objects.create(
        collaboration=digi, kind="steering", name="Styringsgruppen", slug="styringsgruppen", level=1
    )


@pytest.fixture
def directors(six: list[Organisation], steering: Body) -> dict[str, User]:
    """All six directors, by the name of their municipality, each with a seat in the steering group."""
    seated = {place.name: _director(place, steering) for place in six}
    permissions.sync_people(*seated.values())
    return {name: who.user for name, who in seated.items()}


@pytest.fixture
def director(directors: dict[str, User]) -> User:
    """Sortland's director."""
    return directors["Sortland"]


@pytest.fixture
def secretary(digi: Collaboration) -> User:
    who = person("Sekretær Vesterålen")
    appoint(who, Role.SECRETARIAT, digi)
    return who.user


@pytest.fixture
def it_leader(sortland: Organisation) -> User:
    who = person("IT-leder Sortland", organisation=sortland)
    appoint(who, Role.IT_LEADER, sortland)
    return who.user


@pytest.fixture
def contact(sortland: Organisation) -> User:
    who = person("Saksbehandler Sortland", organisation=sortland)
    appoint(who, Role.CONTACT, sortland)
    return who.user


@pytest.fixture
def survey_admin(digi: Collaboration) -> User:
    who = person("Undersøkelsesansvarlig")
    appoint(who, Role.SURVEY_ADMIN, digi)
    return who.user


@pytest.fixture
def project_leader(digi: Collaboration) -> User:
    who = person("Prosjektleder Vesterålen")
    appoint(who, Role.PROJECT_LEADER, digi)
    return who.user


@pytest.fixture
def auditor(digi: Collaboration) -> User:
    who = person("Revisor Vesterålen")
    appoint(who, Role.AUDITOR, digi)
    return who.user


@pytest.fixture
def observer(steering: Body) -> User:
    who = person("Observatør KS")
    appoint(who, Role.OBSERVER, steering)
    return who.user


@pytest.fixture
def member(digi: Collaboration) -> User:
    """A resource person in the working group."""
    group = Body.objects.create(
        collaboration=digi, kind="working", name="Arbeidsgruppen", slug="arbeidsgruppen", level=2
    )
    who = person("Ressursperson Bø")
    appoint(who, Role.MEMBER, group)
    return who.user


@pytest.fixture
def outsider(db: None) -> User:
    """The secretary of another collaboration, who shall see nothing of ours."""
    elsewhere = Collaboration.objects.create(slug="annet-sted", name="DigiAnnetsted")
    who = person("Sekretær Annetsted")
    appoint(who, Role.SECRETARIAT, elsewhere)
    return who.user


@pytest.fixture
def sysadmin(db: None) -> User:
    return User.objects.create_user("drift@test.example", PASSWORD, name="Systemansvarlig", is_staff=True)
