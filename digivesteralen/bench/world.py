"""A made-up collaboration of any size: a secretariat, a director, and data in proportion to the municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digivesteralen.accounts.models import User
from digivesteralen.bench import filling
from digivesteralen.reports import actions as reports
from digivesteralen.reports.models import Report
from governance.actions import agreements, bodies, collaborations, people
from governance.models import (
    Appointment,
    Body,
    Case,
    Collaboration,
    Meeting,
    Membership,
    Organisation,
    Person,
    Population,
    Role,
)
from portfolio.models import Project
from surveys.models import Inventory, Survey

SINCE = date(2021, 1, 1)
# What all 357 municipalities of the country would have together.
WHOLE, USES, PROJECTS, CASES = 357, 20_000, 2_000, 5_000


@dataclass(frozen=True)
class Size:
    """How much data goes with so many municipalities."""

    municipalities: int
    # A world to compare with has half the data for each municipality as well.
    thinned: int = 1

    @property
    def uses(self) -> int:
        return self._share(USES)

    @property
    def projects(self) -> int:
        return self._share(PROJECTS)

    @property
    def cases(self) -> int:
        return self._share(CASES)

    def _share(self, whole: int) -> int:
        return round(whole * self.municipalities / WHOLE / self.thinned)


@dataclass
class World:
    """What is measured on."""

    collaboration: Collaboration
    municipalities: list[Organisation]
    steering: Body
    secretary: User
    director: User
    held: Meeting
    case: Case
    project: Project
    survey: Survey
    report: Report

    @property
    def inventory(self) -> Inventory:
        return Inventory.objects.get(municipality=self.municipalities[0])


def build(slug: str, size: Size, *, first_number: int) -> World:
    """Everything through the verbs where there is one of it, in bulk where there are thousands."""
    sysadmin = User.objects.get(is_staff=True)
    collaboration = collaborations.create_collaboration(
        slug=slug,
        name=f"DigiMåling {size.municipalities}",
        secretary_name=f"Sekretær {slug}",
        secretary_email=f"sekretar@{slug}.example",
        by=sysadmin,
    )
    secretary = User.objects.get(email=f"sekretar@{slug}.example")
    places = _municipalities(collaboration, size.municipalities, first_number)
    steering = bodies.create_body(
        collaboration=collaboration, name="Styringsgruppen", slug="styringsgruppen",
        kind=Body.Kind.STEERING, level=Body.Level.GOVERNING, by=secretary,
    )  # fmt: skip
    director = _director(collaboration, steering, places[0], slug, secretary)
    _seats(steering, places[1:])
    agreements.create_agreement(collaboration=collaboration, title="Samarbeidsavtale", parties=places, by=secretary)
    held, case = filling.meetings(steering, places, size.cases, secretary)
    project = filling.projects(collaboration, places, size.projects, secretary)
    filling.inventories(places, size.uses)
    survey = filling.survey(collaboration, places)
    report = reports.begin_report(collaboration=collaboration, title="Sluttrapport", by=secretary)
    return World(collaboration, places, steering, secretary, director, held, case, project, survey, report)


def _municipalities(collaboration: Collaboration, count: int, first: int) -> list[Organisation]:
    made = Organisation.objects.bulk_create(
        Organisation(kind="municipality", name=f"Prøvekommune {number}", number=str(number), example=True)
        for number in range(first, first + count)
    )
    Population.objects.bulk_create(
        Population(organisation=place, on=SINCE, people=1_000 + 37 * index) for index, place in enumerate(made)
    )
    Membership.objects.bulk_create(
        Membership(collaboration=collaboration, organisation=place, since=SINCE) for place in made
    )
    return made


def _director(collaboration: Collaboration, steering: Body, place: Organisation, slug: str, by: User) -> User:
    """The director of the first municipality, with its seat and a way in."""
    person = people.register_person(
        collaboration=collaboration,
        name=f"Direktør {slug}",
        email=f"direktor@{slug}.example",
        organisation=place,
        by=by,
    )
    person.user = User.objects.create_user(person.email, None, name=person.name)
    person.save(update_fields=["user"])
    people.appoint(person=person, role=Role.DIRECTOR, at=place, since=SINCE, by=by)
    people.appoint(person=person, role=Role.STEERING, at=steering, represents=place, since=SINCE, by=by)
    people.appoint(person=person, role=Role.IT_LEADER, at=place, since=SINCE, by=by)
    return person.user


def _seats(steering: Body, places: list[Organisation]) -> None:
    persons = Person.objects.bulk_create(
        Person(name=f"Direktør {place.number}", organisation=place, example=True) for place in places
    )
    Appointment.objects.bulk_create(
        Appointment(person=person, role=Role.STEERING, body=steering, represents=person.organisation, since=SINCE)
        for person in persons
    )
