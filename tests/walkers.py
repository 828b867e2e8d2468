"""The whole demo, loaded once, and one person per role who walks its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.demo import loading
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from digivesteralen.reports import actions as reports
from governance.actions import adoptions, agreements, cases, collaborations, forwarding, meetings, people
from governance.models import (
    Adoption,
    Appointment,
    Attendance,
    AttendanceChange,
    Body,
    Case,
    Collaboration,
    Meeting,
    Membership,
    Organisation,
    Person,
    Role,
)
from governance.permissions import GRANTS
from portfolio import periods
from portfolio.actions import accounts, activities, contributions, initiatives, projects, rollout
from portfolio.actions.saved_filters import save_filter
from surveys.actions import findings, imports, procurement, surveys, waves
from surveys.models import ContractAlert, Response, SystemUse

FILES = Path(__file__).parent / "files"
LONG_AGO = date(2021, 1, 1)
# Stands in everything that belongs to the collaboration of strangers, and nowhere else.
MARKER = "Ukjentlandet"
PDF = Upload(b"%PDF-1.7 an extract", "utskrift.pdf", "application/pdf")

# Each walker has one role and no other, so that what it may do follows from one line of GRANTS.
ROLES: dict[str, tuple[str, str]] = {
    "director": (Role.DIRECTOR, "sortland"),
    "director elsewhere": (Role.DIRECTOR, "hadsel"),
    "contact": (Role.CONTACT, "sortland"),
    "IT leader": (Role.IT_LEADER, "sortland"),
    "steering member": (Role.STEERING, "steering"),
    "substitute": (Role.SUBSTITUTE, "steering"),
    "observer": (Role.OBSERVER, "steering"),
    "member": (Role.MEMBER, "working"),
    "secretariat": (Role.SECRETARIAT, "ours"),
    "project leader": (Role.PROJECT_LEADER, "ours"),
    "survey admin": (Role.SURVEY_ADMIN, "ours"),
    "auditor": (Role.AUDITOR, "ours"),
    "outsider": (Role.SECRETARIAT, "theirs"),
}


@dataclass(eq=False)
class World:
    """The demo with what it lacks for an address to be tried, and a collaboration of strangers beside it."""

    users: dict[str, User] = field(default_factory=dict)

    @cached_property
    def ours(self) -> Collaboration:
        return Collaboration.objects.get(slug="vesteralen")

    @cached_property
    def theirs(self) -> Collaboration:
        return Collaboration.objects.get(slug="fremmed")

    @cached_property
    def steering(self) -> Body:
        return Body.objects.get(collaboration=self.ours, slug="styringsgruppen")

    @cached_property
    def working(self) -> Body:
        return Body.objects.get(collaboration=self.ours, slug="arbeidsgruppen")

    @cached_property
    def sortland(self) -> Organisation:
        """Member of both collaborations, and the own municipality of those who have one."""
        return Organisation.objects.get(number="1870")

    @cached_property
    def hadsel(self) -> Organisation:
        return Organisation.objects.get(number="1866")

    @cached_property
    def it_collaboration(self) -> Organisation:
        return Organisation.objects.filter(kind=Organisation.Kind.IT_COLLABORATION).earliest("pk")

    @cached_property
    def called(self) -> Meeting:
        return Meeting.objects.get(body=self.steering, state=Meeting.State.CALLED)

    @cached_property
    def approved(self) -> Meeting:
        resolved = Meeting.objects.filter(body=self.steering, items__resolution__isnull=False)
        return resolved.filter(state=Meeting.State.APPROVED).latest("pk")

    @cached_property
    def draft_case(self) -> Case:
        return Case.objects.get(body=self.steering, sequence=None)

    @cached_property
    def on_behalf(self) -> Adoption:
        """What the secretariat registered for Sortland, with its extract."""
        return Adoption.objects.get(collaboration=self.ours, organisation=self.sortland, on_behalf=True)

    def clients(self) -> dict[str, Client]:
        signed_in = {name: Client() for name in self.users}
        for name, client in signed_in.items():
            client.force_login(self.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return {"nobody": Client(), **signed_in}

    def holds(self, name: str, right: str, on: Any) -> bool:
        """What GRANTS says about a walker, worked out from the one role and nothing that the code has stored."""
        if name not in ROLES:
            return False
        role, place = ROLES[name]
        return on in self._reach(getattr(self, place)) and right.partition(".")[2] in GRANTS[role].get(
            type(on), frozenset()
        )

    def sees(self, name: str, collaboration: Collaboration) -> bool:
        return self.holds(name, "governance.view_collaboration", collaboration)

    def _reach(self, place: Any) -> set[Any]:
        if isinstance(place, Collaboration):
            return {place, *place.bodies.all()}
        if isinstance(place, Body):
            return {place, place.collaboration}
        return {place, *Collaboration.objects.filter(memberships__organisation=place)}


def build() -> World:
    """Load the demo and add to it, with the verbs of the pages."""
    loading.load()
    world = World()
    sysadmin = User.objects.get(is_staff=True)
    secretary = User.objects.get(email="ragnhild.fjelltunet@hadsel.example")
    world.users["system administrator"] = sysadmin
    _strangers(world, sysadmin)
    for name, (role, place) in ROLES.items():
        world.users[name] = _appointed(world, name, role, getattr(world, place), sysadmin)
    _more_of_ours(world, secretary)
    return world


def _appointed(world: World, name: str, role: str, place: Any, by: User) -> User:
    email = f"{name.replace(' ', '-').lower()}@walker.example"
    user = User.objects.create_user(email, None, name=name)
    who = Person.objects.create(name=name, email=email, user=user)
    represents = world.hadsel if role in (Role.STEERING, Role.SUBSTITUTE) else None
    if role == Role.STEERING:  # a party has one seat: whoever sits there for Hadsel gives way
        seat = Appointment.objects.get(body=place, role=role, represents=represents, until=None)
        people.end_appointment(appointment=seat, until=timezone.localdate() - timedelta(days=1), by=by)
    people.appoint(person=who, role=role, at=place, represents=represents, by=by)
    return user


def _strangers(world: World, sysadmin: User) -> None:
    """A collaboration that shares one municipality with ours, full of a word that must not be read here."""
    theirs = collaborations.create_collaboration(
        slug="fremmed",
        name="DigiFremmed",
        secretary_name=f"Leder {MARKER}",
        secretary_email="leder@fremmed.example",
        by=sysadmin,
    )
    by = User.objects.get(email="leder@fremmed.example")
    for place in (world.sortland, Organisation.objects.get(number="5001")):
        collaborations.add_member(collaboration=theirs, organisation=place, since=LONG_AGO, by=sysadmin)
    body = collaborations.create_body(
        collaboration=theirs, name=f"Rådet {MARKER}", slug="radet", kind="steering", level=1, by=by
    )
    person = people.register_person(collaboration=theirs, name=f"Ola {MARKER}", email="ola@fremmed.example", by=by)
    people.appoint(person=person, role=Role.MEMBER, at=body, by=sysadmin)
    case = cases.make_case(body=body, title=f"Sak {MARKER}", proposal=f"1. {MARKER}", by=by)
    meetings.make_meeting(body=body, starts_at=timezone.now() + timedelta(days=20), place=MARKER, by=by)
    agreements.create_agreement(collaboration=theirs, title=f"Avtale {MARKER}", by=by)
    adoptions.open_adoption(
        collaboration=theirs, organisation=world.sortland, matter=f"Vedtak {MARKER}", case=case, by=by
    )
    projects.register_project(collaboration=theirs, title=f"Prosjekt {MARKER}", goal=MARKER, by=by)
    survey = surveys.define_survey(collaboration=theirs, title=f"Undersøkelse {MARKER}")
    findings.define_activity(collaboration=theirs, kind="survey", title=f"Aktivitet {MARKER}", survey=survey, by=by)
    category = findings.define_category(collaboration=theirs, name=f"Kategori {MARKER}", by=by)
    findings.define_finding(category=category, text=f"Funn {MARKER}", by=by)
    save_filter(collaboration=theirs, name=f"Filter {MARKER}", query="state=idea", shared=True, by=by)
    reports.begin_report(collaboration=theirs, title=f"Rapport {MARKER}", by=by)


def _more_of_ours(world: World, by: User) -> None:
    cases.make_case(body=world.steering, title="Et utkast", proposal="1. Noe å vedta.", by=by)
    seat = world.steering.seats.filter(until=None, role=Role.STEERING).first()
    present = Attendance.objects.create(meeting=world.called, seat=seat, status=Attendance.Status.PRESENT)
    item = world.called.items.first()
    AttendanceChange.objects.create(attendance=present, item=item, kind=AttendanceChange.Kind.values[0])
    _extract(world, by)
    treated = Case.objects.filter(body=world.steering, stage=Case.Stage.TREATED).earliest("pk")
    forwarding.forward_case(case=treated, receiver="Et annet organ", by=by)
    project = world.ours.projects.get(slug="felles-sakarkiv")
    shared = {"name": "Til møtet", "query": "state=execution", "shared": True}
    save_filter(collaboration=world.ours, by=world.users["secretariat"], **shared)
    today = timezone.localdate()
    activities.plan_activity(collaboration=world.ours, title="En aktivitet", starts_on=today, by=by)
    initiatives.register_initiative(collaboration=world.ours, name="Et initiativ", run_by="Andre", by=by)
    accounts.write_account(project=project, month=periods.this_month(), spent=Decimal(1), by=by)
    projects.add_milestone(project=project, title="En milepæl", planned_on=timezone.localdate(), by=by)
    own = project.participations.get(organisation=world.sortland)
    rollout.add_step(participation=own, title="I drift", planned_on=timezone.localdate(), by=by)
    contributions.contribute(
        participation=own,
        person=world.users["IT leader"].person,
        percent=10,
        since=timezone.localdate(),
        by=world.users["contact"],
    )
    procurement.plan_own_purchase(
        municipality=world.sortland, area=a_system(world).area, title="Et innkjøp", signs_on=today,
        by=world.users["contact"],
    )  # fmt: skip
    for use in (a_system(world), world.it_collaboration.inventory.uses.earliest("pk")):
        ContractAlert.objects.create(use=use, kind="end", due_on=today, days=30)
    survey = world.ours.surveys.earliest("pk")
    Response.objects.create(survey=survey, external_id="1", content="a" * 64)
    waves.define_series(collaboration=world.ours, name="Målt to ganger", surveys=[survey])
    for owner, upload in (
        ("survey admin", {"kind": "survey", "subject": str(survey.pk), "file": "forms-norsk.xlsx"}),
        ("IT leader", {"kind": "inventory", "municipality": world.sortland, "file": "inventory-long.xlsx"}),
    ):
        name = str(upload.pop("file"))
        content = (FILES / name).read_bytes()
        job = imports.keep(content=content, file_name=name, collaboration=world.ours, by=world.users[owner], **upload)
        imports.check_now(imports.read_now(job))


def _extract(world: World, by: User) -> None:
    waiting = Adoption.objects.filter(collaboration=world.ours, organisation=world.sortland, state="open").earliest(
        "pk"
    )
    adoptions.register_on_behalf(
        adoption=waiting,
        state=Adoption.State.ADOPTED,
        decided_by="Formannskapet",
        decided_on=timezone.localdate(),
        case_number="12/26",
        extract=PDF,
        by=by,
    )


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Loaded once for a module's tests, and gone after the last of them."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
        cache.clear()


@pytest.fixture
def undone(world: World) -> Iterator[None]:
    """What a test changes in the world is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def documents_of(world: World) -> tuple[Document, Job]:
    """One paper that only some may read, and one job that only some may follow."""
    extract = world.on_behalf.extract
    assert extract is not None
    job = Job.objects.filter(kind="governance.summons", subject=str(world.called.pk)).earliest("asked_at")
    return extract, job


def a_system(world: World) -> SystemUse:
    return SystemUse.objects.counted().systems().filter(inventory__municipality=world.sortland).earliest("pk")


def membership(world: World) -> Membership:
    return Membership.objects.get(collaboration=world.ours, organisation=world.hadsel, until=None)
