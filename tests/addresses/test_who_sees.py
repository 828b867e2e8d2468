"""«Hvem ser dette» is held against the addresses themselves: whoever is named gets in, and whoever gets in is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.actions import emergency
from governance.models import Case
from governance.who_sees import Line
from portfolio.actions import project_documents
from tests.addresses.asking import ask
from tests.addresses.world import EXEMPT, PDF, World

pytestmark = pytest.mark.xdist_group("walk")
THINGS = ["a draft", "a case", "an exempt case", "a project", "its documents", "a municipality"]


def address(world: World, thing: str) -> str:
    project = [world.ours.slug, "felles-sakarkiv"]
    exempt = Case.objects.get(body=world.steering, title=EXEMPT)
    return {
        "a draft": world.draft_case.get_absolute_url(),
        "a case": world.called.items.filter(case__exempt=False).earliest("position").case.get_absolute_url(),
        "an exempt case": exempt.get_absolute_url(),
        "a project": reverse("project", args=project),
        "its documents": reverse("project_documents", args=project),
        "a municipality": world.sortland.get_absolute_url(),
    }[thing]


@pytest.fixture
def emergency_access(world: World, undone: None) -> None:
    told = "En import henger, og loggen sier ikke hvorfor."
    emergency.open_access(collaboration=world.ours, reason=told, by=world.users["system administrator"])


@pytest.mark.parametrize("thing", THINGS)
def test_whoever_is_named_gets_in_and_whoever_gets_in_is_named(
    world: World, clients: dict[str, Client], quick: None, emergency_access: None, thing: str
) -> None:
    """For one of each role, who came from elsewhere, whose roles have ended, and who has emergency access; each page is
    read by all who get in, since the panel speaks of what its reader may see."""
    path, named, inside = address(world, thing), set(), set()
    for who, client in clients.items():
        answer: Any = client.get(path)
        if answer.status_code == 200:
            told = among(world, answer.context_data["seen"].lines)
            assert who in told
            named |= told
            inside.add(who)
    assert named == inside != {*world.users}


def among(world: World, lines: Iterable[Line]) -> set[str]:
    told = {user for line in lines for user in line.users}
    return {name for name, user in world.users.items() if user.pk in told}


def test_the_whole_list_of_systems_is_read_by_those_who_are_named_for_it(
    world: World, clients: dict[str, Client], quick: None, emergency_access: None
) -> None:
    """The others are told that they see what the collaboration's rule lets them, at its own address."""
    whole, shared = (
        {who for who, client in clients.items() if client.get(path).status_code == 200}
        for path in ("/kommune/1870/systemer/", "/vesteralen/kartlegging/systemer/liste/")
    )
    page: Any = clients["IT leader"].get("/kommune/1870/systemer/")
    lines = page.context_data["seen"].lines
    assert among(world, (line for line in lines if line.what == "hele listen")) == whole
    assert among(world, (line for line in lines if line.where == world.ours.name)) == shared


def test_exempt_documents_of_a_project_are_fetched_by_those_who_are_named_for_them(
    world: World, clients: dict[str, Client], quick: None, emergency_access: None
) -> None:
    project, by = world.ours.projects.get(slug="felles-sakarkiv"), world.users["secretariat"]
    exempt: Any = {"access": "exempt", "legal_ground": "offentleglova § 23", "dated_on": timezone.localdate()}
    added = project_documents.add_document(project=project, kind="other", title="Tilbud", upload=PDF, by=by, **exempt)
    path = reverse("project_document", args=[world.ours.slug, project.slug, added.pk])
    page: Any = clients["secretariat"].get(reverse("project_documents", args=[world.ours.slug, project.slug]))
    lines = [line for line in page.context_data["seen"].lines if line.what == "også dokumenter unntatt offentlighet"]
    assert among(world, lines) == {who for who, client in clients.items() if ask(client, "get", path).status == 200}
