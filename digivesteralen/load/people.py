"""The collaboration that the load falls on: so many municipalities, each with a director who has signed in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from digivesteralen.accounts import session_limits
from digivesteralen.accounts.models import User
from digivesteralen.bench import sheets
from digivesteralen.bench.world import Size, World, build
from digivesteralen.load.visiting import Director
from digivesteralen.reports import actions as reports
from digivesteralen.servers.roles import count_anew
from governance.models import Appointment, Case, Collaboration, Meeting, Organisation, Person, Role
from governance.permissions import sync_people
from surveys.actions import import_writing, imports
from surveys.models import ImportJob

SINCE = date(2021, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Rows of the inventory that is imported meanwhile.
SHEET = 2_000


@dataclass
class Load:
    """Who comes, what they answer, and what the worker has to do meanwhile."""

    world: World
    case: Case
    directors: list[Director]
    imported: ImportJob
    importer: User


def prepare(port: int, count: int) -> Load:
    """Made by the verbs and the bulk of the measuring; the import is looked over and waits for its yes."""
    world = build("belastning", Size(count), first_number=9001)
    meeting = Meeting.objects.filter(body=world.steering, state=Meeting.State.CALLED).earliest("pk")
    case = meeting.items.select_related("case").earliest("position").case
    directors = [
        _director(port, world, meeting, case, seat, twice=number % 10 == 0)
        for number, seat in enumerate(world.steering.seats.select_related("person__user", "represents"))
    ]
    importer = _importer(world)
    load = Load(world, case, directors, _sheet(world, importer), importer)
    count_anew()  # a collaboration of that size did not come about in this minute
    return load


def begin(load: Load) -> list[Any]:
    """Two final reports and an import are asked for: rows that the worker finds."""
    collaboration = Collaboration.objects.get(slug="vesteralen")
    secretary = User.objects.get(email="ragnhild.fjelltunet@hadsel.example")
    drafts = [
        reports.begin_report(collaboration=collaboration, title=f"Rapport under belastning {number}", by=secretary)
        for number in (1, 2)
    ]
    asked = [reports.order(report=draft, by=secretary) for draft in drafts]
    load.imported = import_writing.ask_to_apply(job=load.imported, version=load.imported.version, by=load.importer)
    return [*asked, load.imported.work]


def _director(port: int, world: World, meeting: Meeting, case: Case, seat: Appointment, *, twice: bool) -> Director:
    place = seat.represents
    assert place is not None, "every seat of this body stands for a municipality"
    slug = world.collaboration.slug
    return Director(
        port,
        _session(seat.person.user or _way_in(seat.person, place)),
        agenda=meeting.get_absolute_url(),
        portfolio=reverse("portfolio", args=[slug]),
        municipality=reverse("portfolio_municipality", args=[slug, place.number]),
        case=case.get_absolute_url(),
        answer=reverse("give_view", args=[slug, case.pk, place.number]),
        presses=2 if twice else 1,
    )


def _way_in(person: Person, place: Organisation) -> User:
    person.email = f"direktor-{person.pk}@belastning.example"
    person.user = user = User.objects.create_user(person.email, None, name=person.name)
    person.save(update_fields=["email", "user"])
    Appointment.objects.create(person=person, role=Role.DIRECTOR, organisation=place, since=SINCE)
    sync_people(person)
    return user


def _session(user: User) -> str:
    """Somebody who signed in before: the minute is about reading and answering."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[session_limits.BEGAN] = session[session_limits.SEEN] = session[session_limits.PROVED] = time.time()
    session.create()
    return str(session.session_key)


def _importer(world: World) -> User:
    """The survey administrator, who may upload on a municipality's behalf."""
    person = Person.objects.create(name="Undersøkelser", email="undersokelser@belastning.example", example=True)
    person.user = user = User.objects.create_user(person.email, None, name=person.name)
    person.save(update_fields=["user"])
    Appointment.objects.create(person=person, role=Role.SURVEY_ADMIN, collaboration=world.collaboration, since=SINCE)
    sync_people(person)
    return user


def _sheet(world: World, importer: User) -> ImportJob:
    job = imports.keep(
        kind="inventory", content=sheets.sheet(world, SHEET), file_name="systemer.xlsx",
        collaboration=world.collaboration, municipality=world.municipalities[0], on_behalf=True, by=importer,
    )  # fmt: skip
    return imports.check_now(imports.read_now(job))
