"""One person per role, each of whom tries every address of the demo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance.models import Adoption, Body, Case, Collaboration, Meeting, Membership, Organisation, Role
from governance.permissions import GRANTS
from surveys.models import SystemUse

FILES = Path(__file__).parents[1] / "files"
LONG_AGO = date(2021, 1, 1)
# Stands in everything that belongs to the collaboration of strangers, and nowhere else.
MARKER = "Ukjentlandet"
# Stands in a case of ours that is exempt from public disclosure, in an exempt attachment and its file name (rule 8).
EXEMPT = "Hemmeligordet"
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
    # The address of somebody's own calendar.
    calendar: str = ""
    # ... and that of somebody whose appointments have ended.
    ended_calendar: str = ""
    # Pages as they were drawn, by the name of the address and who looked: none need be drawn twice.
    drawn: dict[tuple[str, str], str] = field(default_factory=dict)
    # Each form of those pages, read once.
    forms: dict[Any, Any] = field(default_factory=dict)
    _reached: dict[Any, set[Any]] = field(default_factory=dict)

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
        # The first request of the day ends what is over; those of the walk are undone.
        signed_in["ended"].get("/konto/profil/")
        return {"nobody": Client(), **signed_in}

    def holds(self, name: str, right: str, on: Any) -> bool:
        """What GRANTS says about a walker, worked out from the one role and nothing that the code has stored."""
        if name not in ROLES:
            return False
        role, place = ROLES[name]
        return on in self._reach(getattr(self, place)) and right.partition(".")[2] in GRANTS[role].get(
            type(on), frozenset()
        )

    def reads_exempt(self, name: str) -> bool:
        """The secretariat and the auditor, and those who read all the papers of the steering group."""
        in_all = self.holds(name, "governance.view_exempt", self.ours)
        return in_all or self.holds(name, "governance.view_papers", self.steering)

    def sees(self, name: str, collaboration: Collaboration) -> bool:
        return self.holds(name, "governance.view_collaboration", collaboration)

    def _reach(self, place: Any) -> set[Any]:
        if place not in self._reached:
            self._reached[place] = {place, *_around(place)}
        return self._reached[place]


def _around(place: Any) -> Iterable[Any]:
    """What a place holds, and what it belongs to."""
    if isinstance(place, Collaboration):
        return place.bodies.all()
    if isinstance(place, Body):
        return [place.collaboration]
    return Collaboration.objects.filter(memberships__organisation=place)


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
