"""The whole demo with the walkers in it, and a collaboration of strangers beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.demo import loading
from digivesteralen.reports import actions as reports
from governance.actions import (
    adoptions,
    agreements,
    bodies,
    calendars,
    cases,
    collaborations,
    emergency,
    meetings,
    people,
    proposals,
)
from governance.models import Appointment, Collaboration, Membership, Organisation, Person, Role
from portfolio.actions import projects
from portfolio.actions.saved_filters import save_filter
from surveys.actions import findings, surveys
from tests.addresses.filled import more_of_ours
from tests.addresses.world import LONG_AGO, MARKER, ROLES, World


def build() -> World:
    """Load the demo and add to it, with the verbs of the pages."""
    loading.load()
    world = World()
    sysadmin = User.objects.get(is_staff=True)
    secretary = User.objects.get(email="ragnhild.fjelltunet@hadsel.example")
    world.users["system administrator"] = sysadmin
    _strangers(world, sysadmin)
    told = "En import henger, og loggen sier ikke hvorfor."
    was_open = emergency.open_access(collaboration=world.theirs, reason=told, by=sysadmin)
    emergency.end_access(access=was_open, by=sysadmin)
    for name, (role, place) in ROLES.items():
        world.users[name] = appointed(world, name, role, getattr(world, place), _registrar(world, place))
    more_of_ours(world, secretary)
    yesterday = timezone.localdate() - timedelta(days=1)
    left = Collaboration.objects.create(slug="tidligere", name="DigiTidligere")
    Membership.objects.create(collaboration=left, organisation=world.sortland, since=LONG_AGO, until=yesterday)
    world.users["ended"] = _ended(world, secretary)
    return world


def _registrar(world: World, place: str) -> User:
    """Whoever appoints at a place: the secretary of its collaboration."""
    email = "leder@fremmed.example" if place == "theirs" else "ragnhild.fjelltunet@hadsel.example"
    return User.objects.get(email=email)


def appointed(world: World, name: str, role: str, place: Any, by: User) -> User:
    email = f"{name.replace(' ', '-').lower()}@walker.example"
    user = User.objects.create_user(email, None, name=name)
    who = Person.objects.create(name=name, email=email, user=user)
    represents = world.hadsel if role in (Role.STEERING, Role.SUBSTITUTE) else None
    if role == Role.STEERING:  # a party has one seat: whoever sits there for Hadsel gives way
        seat = Appointment.objects.get(body=place, role=role, represents=represents, until=None)
        people.end_appointment(appointment=seat, until=timezone.localdate() - timedelta(days=1), by=by)
    people.appoint(person=who, role=role, at=place, represents=represents, by=by)
    return user


def _ended(world: World, by: User) -> User:
    """Held nearly every role here until yesterday; at midnight nobody was awake, so the groups are still there."""
    user = User.objects.create_user("ended@walker.example", None, name="ended")
    who = Person.objects.create(name="ended", email="ended@walker.example", user=user)
    for name, (role, place) in ROLES.items():
        if place not in ("steering", "theirs") and name != "director elsewhere":
            people.appoint(person=who, role=role, at=getattr(world, place), by=by)
    world.ended_calendar = calendars.make_link(by=user)
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(person=who).update(since=LONG_AGO, until=yesterday)
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
        Membership.objects.create(collaboration=theirs, organisation=place, since=LONG_AGO)
    body = bodies.create_body(
        collaboration=theirs, name=f"Rådet {MARKER}", slug="radet", kind="steering", level=1, by=by
    )
    person = people.register_person(collaboration=theirs, name=f"Ola {MARKER}", email="ola@fremmed.example", by=by)
    people.appoint(person=person, role=Role.MEMBER, at=body, by=by)
    case = cases.make_case(body=body, title=f"Sak {MARKER}", proposal=f"1. {MARKER}", by=by)
    meetings.make_meeting(body=body, starts_at=timezone.now() + timedelta(days=20), place=MARKER, by=by)
    agreements.create_agreement(collaboration=theirs, title=f"Avtale {MARKER}", by=by)
    adoptions.open_adoption(
        collaboration=theirs, organisation=world.sortland, matter=f"Vedtak {MARKER}", case=case, by=by
    )
    texts = {"title": f"Forslag {MARKER}", "wanted": MARKER, "background": MARKER}
    proposals.send_proposal(sender=world.sortland, to=theirs, by=by, **texts)
    projects.register_project(collaboration=theirs, title=f"Prosjekt {MARKER}", goal=MARKER, by=by)
    survey = surveys.define_survey(collaboration=theirs, title=f"Undersøkelse {MARKER}")
    findings.define_activity(collaboration=theirs, kind="survey", title=f"Aktivitet {MARKER}", survey=survey, by=by)
    category = findings.define_category(collaboration=theirs, name=f"Kategori {MARKER}", by=by)
    findings.define_finding(category=category, text=f"Funn {MARKER}", by=by)
    save_filter(collaboration=theirs, name=f"Filter {MARKER}", query="state=idea", shared=True, by=by)
    reports.begin_report(collaboration=theirs, title=f"Rapport {MARKER}", by=by)
