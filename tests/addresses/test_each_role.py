"""Every address as every role: what may be seen, what may be done, and what is not there for whom.

Each visitor asks each address for itself: the status is that of a real request through all of the portal, with GET and
with POST. What lies behind the status is looked at where it can differ: the pages of those in ``DRAWN`` are drawn whole
and searched for what they must not tell; those of the others are the same templates with the same or more rights, and
stop before they are drawn. Where none of ``DRAWN`` is let in, the first who is gets the whole page, so that each page
and each form is drawn at least once.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.addresses.asking import Answer, ask
from tests.addresses.expected import SEE, SIGN_IN, WELL, expected_of, sample
from tests.addresses.urlconf import ACCOUNT, ADDRESSES, OURS
from tests.addresses.world import EXEMPT, MARKER, ROLES, World

# One process loads the demo and walks, while the other plays the journey.
pytestmark = pytest.mark.xdist_group("walk")

METHODS = ("get", "post")
# A view that takes one method only says so before it looks at who asks, be it a stranger or whoever may do all; where
# these have been told so, the others need not ask.
FIRST = ("nobody", "outsider", "system administrator", "secretariat")
READERS = set(ROLES) - {"director", "outsider", "secretariat"}
# One who does all, and those who may read least: on their pages a word too much is found.
DRAWN = {"nobody", "ended", "outsider", "system administrator", "secretariat", "director", "IT leader", "observer",
         "survey admin"}  # fmt: skip


def test_every_address_says_what_it_asks_for() -> None:
    assert [name for name in ACCOUNT if not ADDRESSES[name].view.__module__.startswith("allauth.")] == []


@pytest.mark.parametrize("name", OURS)
def test_each_role_at(name: str, world: World, clients: dict[str, Client], quick: None) -> None:
    found = sample(world, name)
    path = reverse(name, args=found.arguments)
    wrong, answers = [], set()
    for method in METHODS:
        expected = {who: expected_of(world, who, name, found, method) for who in clients}
        let_in = [who for who in clients if expected[who] == WELL]
        drawn = DRAWN.intersection(let_in) or let_in[:1]
        got: list[int] = []
        for who in sorted(clients, key=lambda who: who not in FIRST):
            if method == "post" and who in READERS and who in let_in and _only_reads(name):
                continue
            if len(got) == len(FIRST) and set(got[1:]) == {405}:
                break
            answer = ask(clients[who], method, path, drawn=who in drawn)
            if method == "get" and who in drawn:
                world.drawn[name, who] = answer.text
            wrong += _faults(world, who, expected[who], method, path, answer)
            got.append(answer.status)
        answers |= set(got[1:])
    assert wrong == []
    assert answers != {405}, "nobody can use this address"


def _only_reads(name: str) -> bool:
    """What all may read is posted to by those who may not, and by one who may: to the others it is one page."""
    need = ADDRESSES[name].view.need
    return need.kind != "needs" or need.right in (SEE, "governance.view_organisation")


def _faults(world: World, who: str, expected: set[int], method: str, path: str, answer: Answer) -> list[str]:
    wrong = []
    if answer.status not in expected:
        wrong.append(f"{who}: {method} {path} → {answer.status}, not {sorted(expected)}")
    if expected == {302} and not answer.leads_to.startswith(SIGN_IN):
        wrong.append(f"{who}: {method} {path} does not lead to the sign-in")
    if path.startswith("/vesteralen/") and MARKER in answer.text:
        wrong.append(f"{who}: {method} {path} tells about another collaboration")
    if EXEMPT in answer.text and not world.reads_exempt(who):
        wrong.append(f"{who}: {method} {path} tells what is exempt from public disclosure")
    return wrong
