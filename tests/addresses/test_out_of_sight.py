"""Out of sight is the same as not there, and two collaborations never leak (T20)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.models import User
from governance.actions import exemption, people
from governance.models import Person, Role
from tests.addresses.asking import ask, counted, plain
from tests.addresses.expected import sample
from tests.addresses.urlconf import ADDRESSES, OURS, lists
from tests.addresses.world import MARKER, World

# One process loads the demo and walks, while the other plays the journey.
pytestmark = pytest.mark.xdist_group("walk")


def elsewhere(name: str, arguments: list[Any]) -> list[Any]:
    """The same address with something that is nowhere."""
    nowhere = {"int": 987654, "slug": "finnes-ikke", "str": "9999", "uuid": UUID(int=0)}
    kinds = re.findall(r"<(\w+):\w+>", ADDRESSES[name].route)
    place = next((place for place, word in enumerate(ADDRESSES[name].takes) if word in ("pk", "prosjekt", "avtale")), 0)
    return [*arguments[:place], nowhere[kinds[place]], *arguments[place + 1 :]]


@pytest.mark.parametrize("who", ["outsider", "IT leader"])
def test_what_is_out_of_sight_answers_as_what_is_not_there(world: World, clients: dict[str, Client], who: str) -> None:
    """The same status, the same page to the letter, and the same work behind it, so that not even the time tells (T20).

    For the secretariat of another collaboration, and for one who sees the collaboration but not all of it.
    """
    different = []
    for name in OURS:
        found = sample(world, name)
        assert found.seen_by is not None
        if not found.arguments or found.seen_by(who):
            continue
        real, none = (reverse(name, args=words) for words in (found.arguments, elsewhere(name, found.arguments)))
        method, nowhere = "get", counted(clients[who], "get", none)
        if nowhere[0].status == 405:
            method, nowhere = "post", counted(clients[who], "post", none)
        (answers, counts) = zip(counted(clients[who], method, real), nowhere, strict=True)
        if answers[0].status != answers[1].status or plain(answers[0]) != plain(answers[1]):
            different.append(name)
        # A uuid is guessed by nobody; and a stranger's own pages are asked for more or less by what lies in them.
        elif who != "outsider" and abs(counts[0] - counts[1]) > 1 and "uuid:" not in ADDRESSES[name].route:
            different.append(f"{name}: {counts[0]} queries where it is, {counts[1]} where nothing is")
    assert different == []


# What the two collaborations share: Sortland, the catalogue of systems and solutions, the register of organisations and
# regions; and what says that there is no strategy, ranking or window here before it looks for anything.
SHARED = {
    "delegation_on_behalf", "effort_months", "portfolio_municipality",
    "product", "solution", "supplier",
    "organisation", "edit_organisation", "rename_organisation",
    "region", "edit_region", "add_to_region", "leave_region",
    "change_goal", "move_goal", "remove_goal", "change_pillar", "move_pillar", "remove_pillar",
    "give_points", "move_candidate", "window_idea",
}  # fmt: skip


def test_a_collaboration_never_opens_what_belongs_to_another(
    world: World, clients: dict[str, Client], quick: None
) -> None:
    """Its secretariat asks under its own address for what is ours, by the very ids: nothing is there (T20)."""
    there = []
    for name in OURS:
        takes, arguments = ADDRESSES[name].takes, sample(world, name).arguments
        if takes[:1] != ["samarbeid"] or len(takes) == 1 or name in SHARED:
            continue
        path = reverse(name, args=[world.theirs.slug, *arguments[1:]])
        status = ask(clients["outsider"], "get", path, drawn=False).status
        status = ask(clients["outsider"], "post", path, drawn=False).status if status == 405 else status
        if status not in (403, 404):
            there.append(f"{name}: {path} → {status}")
    assert not there, "\n".join(there)


@pytest.mark.parametrize("who", ["secretariat", "director"])
def test_nothing_of_another_collaboration_is_found(world: World, clients: dict[str, Client], who: str) -> None:
    """Not by searching for a part of the word, not in an export, not on the start page of one who has no part in it."""
    pages = [path + query for _name, path in lists("vesteralen") for query in (f"?q={MARKER[:-3]}", "?format=xlsx")]
    pages.append("/vesteralen/vedtak/?vis=matrise")
    if who == "secretariat":
        pages += ["/", "/jobb/", "/kommune/1870/"]

    assert [page for page in pages if MARKER in ask(clients[who], "get", page).text] == []


def test_strangers_find_nothing_of_ours(world: World, clients: dict[str, Client]) -> None:
    """On their own pages, in their own exports, and in what they can choose from in their forms."""
    secrets = {
        *world.ours.projects.values_list("title", flat=True),
        *world.ours.agreements.values_list("title", flat=True),
        *world.ours.grants.values_list("title", flat=True),
        *world.steering.cases.exclude(title__startswith="Godkjenning av").values_list("title", flat=True),
        *world.ours.surveys.values_list("title", flat=True),
        *world.ours.reports.values_list("title", flat=True),
        *world.ours.proposals.values_list("title", flat=True),
        "Ragnhild Fjelltunet", "Even Myrskogen",
    }  # fmt: skip
    told = []
    own = [path for _name, path in lists("fremmed")] + ["/fremmed/organ/radet/plass/", "/", "/kommune/1870/"]
    for path in own:
        for query in ("", "?format=xlsx"):
            page = ask(clients["outsider"], "get", path + query).text
            told += [f"{path}{query}: {secret}" for secret in secrets if secret in page]
    assert told == []


def test_a_case_that_is_exempted_late_is_gone_from_what_could_be_read_before(
    world: World, clients: dict[str, Client], undone: None
) -> None:
    """Lists, their files, the meeting and the case itself, for one who sees all else (rule 8)."""
    meeting = world.approved
    told_elsewhere = " ".join(world.ours.projects.values_list("title", flat=True))
    put_up = [item.case for item in meeting.items.exclude(case=None).select_related("case")]
    case = next(one for one in put_up if one.title not in told_elsewhere and not one.is_exempt)
    pages = [path + query for _name, path in lists("vesteralen") for query in ("", "?format=xlsx")]
    pages += [meeting.get_absolute_url(), case.get_absolute_url()]

    def telling() -> list[str]:
        return [page for page in pages if case.title in ask(clients["IT leader"], "get", page).text]

    before = telling()
    assert len(before) > 3, "it stood in several places"
    exemption.change_exemption(
        case=case, exempt=True, legal_ground="offentleglova § 23 første ledd", by=world.users["secretariat"]
    )
    assert telling() == []


def test_who_sits_in_two_collaborations_chooses_only_people_of_the_one_it_is_about(
    world: World, clients: dict[str, Client], undone: None
) -> None:
    """Rule 5 of security.md § 7: as secretariat in both, on every form that lets choose a person for a project."""
    stranger = Person.objects.get(email="ola@fremmed.example")
    people.appoint(
        person=world.users["secretariat"].person, role=Role.SECRETARIAT, at=world.theirs,
        by=User.objects.get(email="leder@fremmed.example"),
    )  # fmt: skip
    project = world.ours.projects.get(slug="felles-sakarkiv")
    pages = {
        name: reverse(name, args=arguments)
        for name, arguments in (
            ("new_project", ["vesteralen"]),
            ("new_quick_measure", ["vesteralen"]),
            ("change_project", ["vesteralen", project.slug]),
            ("give_role", ["vesteralen", project.slug]),
        )
    }
    offered = {name: ask(clients["secretariat"], "get", path).text for name, path in pages.items()}

    assert all("<option" in page for page in offered.values())
    assert [name for name, page in offered.items() if stranger.name in page] == []
