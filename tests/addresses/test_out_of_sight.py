"""Out of sight is the same as not there, and two collaborations never leak (T20)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts import invitations
from digivesteralen.accounts.models import User
from governance.actions import calendars, exemption, people
from governance.models import Person, Role
from portfolio.actions.project_guests import share_project
from tests.addresses.asking import ask, counted, plain
from tests.addresses.expected import sample
from tests.addresses.urlconf import ADDRESSES, OURS, lists
from tests.addresses.world import MARKER, World

# One process loads the demo and walks, while the other plays the journey.
pytestmark = pytest.mark.xdist_group("walk")


# Their keys are drawn by chance and stand in no list that a stranger reads; whose a paper is must be looked up.
UNGUESSED = {"document", "job", "job_cancel", "job_again"}


def elsewhere(name: str, arguments: list[Any]) -> list[Any]:
    """The same address with something that is nowhere."""
    nowhere = {"int": 987654, "slug": "finnes-ikke", "str": "9999", "uuid": UUID(int=0)}
    kinds = re.findall(r"<(\w+):\w+>", ADDRESSES[name].route)
    place = next((place for place, word in enumerate(ADDRESSES[name].takes) if word in ("pk", "prosjekt", "avtale")), 0)
    return [*arguments[:place], nowhere[kinds[place]], *arguments[place + 1 :]]


@pytest.fixture
def guest(world: World, undone: None) -> Client:
    """Reads one project of ours, which was shared, and nothing else."""
    secretary, project = world.users["secretariat"], world.ours.projects.get(slug="et-prosjekt-med-faser")
    said = {"name": "Gjest", "email": "gjest@leverandor.example", "purpose": "Skal gi et tilbud."}
    shared = share_project(project=project, **said, until=timezone.localdate() + timedelta(days=7), by=secretary)
    client = Client()
    assert shared.person.user is not None
    client.force_login(shared.person.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("shared_project", args=[world.ours.slug, project.slug])).status_code == 200
    return client


@pytest.mark.parametrize("who", ["outsider", "IT leader"])
def test_what_is_out_of_sight_answers_as_what_is_not_there(world: World, clients: dict[str, Client], who: str) -> None:
    """The same status, the same page to the letter, and the same work behind it, so that not even the time tells (T20).

    For the secretariat of another collaboration, and for one who sees the collaboration but not all of it.
    """
    assert told_apart(world, clients[who], who, OURS) == []


def test_who_reads_one_shared_project_learns_of_nothing_else(world: World, guest: Client) -> None:
    """The same for a guest, once for all addresses that begin alike."""
    alike = {re.sub(r"[^>]*$", "", ADDRESSES[name].route): name for name in OURS}

    assert told_apart(world, guest, "guest", alike.values()) == []


def told_apart(world: World, client: Client, who: str, names: Iterable[str]) -> list[str]:
    """The addresses at which one can tell what is out of sight from what is not there."""
    different = []
    client.cookies.pop("messages", None)  # what another walk was told is not said on the first page of this one
    for name in names:
        found = sample(world, name)
        assert found.seen_by is not None
        if not found.arguments or found.seen_by(who):
            continue
        real, none = (reverse(name, args=words) for words in (found.arguments, elsewhere(name, found.arguments)))
        method, nowhere = "get", counted(client, "get", none)
        if nowhere[0].status == 405:
            method, nowhere = "post", counted(client, "post", none)
        (answers, counts) = zip(counted(client, method, real), nowhere, strict=True)
        if abs(counts[0] - counts[1]) > 1:  # what the first answer of its kind had to look up is remembered by now
            counts = tuple(counted(client, method, path)[1] for path in (real, none))
        if answers[0].status != answers[1].status or plain(answers[0]) != plain(answers[1]):
            different.append(name)
        # A stranger's own pages are asked for more or less by what lies in them.
        elif who != "outsider" and name not in UNGUESSED and abs(counts[0] - counts[1]) > 1:
            different.append(f"{name}: {counts[0]} queries where it is, {counts[1]} where nothing is")
    return different


def test_what_is_closed_behind_a_key_answers_as_no_key_at_all(
    world: World, clients: dict[str, Client], guest: Client
) -> None:
    """An ended calendar, a withdrawn invitation and what is not published tell nobody that they were ever there."""
    calendar = calendars.make_link(by=world.users["contact"])
    calendars.end_link(by=world.users["contact"])
    invitation = invitations.invite(user=world.users["member"], by=None)
    withdrawn = invitations.token(invitation)
    invitations.withdraw(user=world.users["member"])
    meeting = [world.steering.slug, world.called.number, world.called.year]
    pairs: list[tuple[str, list[Any], list[Any]]] = [
        ("calendar_feed", [calendar], ["x" * len(calendar)]),
        ("open_invitation", [withdrawn], ["x" * len(withdrawn)]),
        ("public_collaboration", [world.theirs.slug], ["finnes-ikke"]),
        ("public_minutes", [world.ours.slug, *meeting], [world.ours.slug, "finnes-ikke", *meeting[1:]]),
        ("public_minutes", [world.ours.slug, *meeting], [world.ours.slug, meeting[0], 99, meeting[2]]),
        ("public_minutes_pdf", [world.ours.slug, *meeting], [world.ours.slug, meeting[0], 99, meeting[2]]),
    ]
    different = []
    for who, client in {"nobody": clients["nobody"], "guest": guest}.items():
        ask(client, "get", "/offentlig/")
        for name, closed, none in pairs:
            there, asked = counted(client, "get", reverse(name, args=closed))
            nowhere, least = counted(client, "get", reverse(name, args=none))
            if (there.status, plain(there)) != (nowhere.status, plain(nowhere)) or abs(asked - least) > 1:
                different.append(f"{who}: {name} {there.status} {nowhere.status}, {asked} and {least} queries")
            assert there.status in (404, 410)
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


@pytest.mark.faults
def test_who_sits_in_two_collaborations_reads_nothing_of_one_on_the_pages_of_the_other(
    world: World, clients: dict[str, Client], undone: None
) -> None:
    """Rule 5 of security.md § 7, as secretariat in both: every page, list, export and file under our name.

    The two forms by which one collaboration is tied to another offer what the reader sees in both: a body that serves
    as something here too, and a project that ours depends on.
    """
    people.appoint(
        person=world.users["secretariat"].person, role=Role.SECRETARIAT, at=world.theirs,
        by=User.objects.get(email="leder@fremmed.example"),
    )  # fmt: skip
    told = set()
    for name in OURS:
        found = sample(world, name)
        path = reverse(name, args=found.arguments)
        if path.startswith("/vesteralen/") and MARKER in ask(clients["secretariat"], "get", path).text:
            told.add(name)
    assert told == {"serve_as", "new_dependency"}
