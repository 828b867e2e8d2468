"""Strange words in an address, behind the question mark of a list, and in every field of every form."""

from __future__ import annotations

import re
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from digivesteralen.ui.forms import FilterForm
from tests.addresses.asking import ask
from tests.addresses.expected import WELL
from tests.addresses.forms import every_form
from tests.addresses.places import arguments_of
from tests.addresses.urlconf import ADDRESSES, OURS, lists
from tests.addresses.world import World

# One process loads the demo and walks, while the other plays the journey.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("walk")]


# No number of theirs, too large, of no calendar, another's syntax, half a letter, far too long, nothing at all.
STRANGE = (
    "-1", "99999999999999999999999", "1e999", "nan", "²", "٣", "2026-13-45", "31.02.2026", "0000-00-00", "9999-12",
    "a\x00b", "\ud800", "9" * 5000, "' OR 1=1 --", "../../etc/passwd", "x" * 3000, "__class__", "-", "",
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:Use '__' to separate")  # told by the library about a strange word
def test_what_stands_behind_the_question_mark_makes_no_list_stumble(world: World, clients: dict[str, Client]) -> None:
    """Page, order, view and every filter of a list hold one strange word, and those of the next list another."""
    fields = {name for form in kinds_of(FilterForm) for name in form.base_fields}
    fell = []
    for place, (_name, path) in enumerate(lists("vesteralen")):
        strange = STRANGE[place % len(STRANGE)]
        words = dict.fromkeys(sorted(fields | {"sort", "page", "side", "vis", "ar", "dato", "kommune"}), strange)
        query = urlencode(words, errors="surrogatepass")
        if ask(clients["secretariat"], "get", f"{path}?{query}").status not in {*WELL, 400, 403, 404}:
            fell.append(f"{path} {strange!r}")
    assert fell == []


# What fits the pattern of an address and is still nothing: the number of a case, of a municipality, a key.
FITS = {
    "int": ("0", "0000000000000007", "2147483648", "9223372036854775808", "9" * 400),
    "str": ("\x00", "١٨٧٠", "²", "18\n70", "%", "..", "' OR 1=1 --", "x" * 3000, "\u202e", "__class__", "a:b:c"),
    "slug": ("-", "_", "0", "__class__", "x" * 3000, "None"),
    "uuid": ("00000000-0000-0000-0000-000000000000",),
}


def test_strange_words_in_the_place_of_a_number_or_a_key_name_nothing(
    world: World, clients: dict[str, Client], quick: None
) -> None:
    """The last place of an address, once for all that begin alike, for one who may see what really is there."""
    words = {kind: cycle(some) for kind, some in FITS.items()}
    tried, fell = set(), []
    for name in OURS:
        if not (parts := re.fullmatch(r"(.*)<(\w+):\w+>(.*)", ADDRESSES[name].route)) or parts[1] in tried:
            continue
        before, kind, after = parts.groups()
        tried.add(before)
        for own in arguments_of(world, name)[:-1]:
            before = re.sub(r"<\w+:\w+>", str(own), before, count=1)
        path = f"/{before}{quote(next(words[kind]), safe='')}{after}"
        status = ask(clients["secretariat"], "get", path, drawn=False).status
        status = ask(clients["secretariat"], "post", path, drawn=False).status if status == 405 else status
        if status not in {*WELL, 400, 403, 404}:
            fell.append(f"{path[:120]}: {status}")
    assert fell == []


def test_strange_words_in_every_field_make_no_form_stumble(
    world: World, clients: dict[str, Client], quick: None
) -> None:
    """Each form twice, with a word in every other field beside what belongs in the rest."""
    words = [word for word in STRANGE if word != "\ud800"]  # no browser can send half a letter
    fell = []
    for place, ((target, _fields), (who, form)) in enumerate(every_form(world, clients).items()):
        for turn in range(2):
            word = words[(2 * place + turn) % len(words)]
            some = {name for number, name in enumerate(sorted(form.values)) if number % 2 == turn}
            strange = form.with_another(word, some - {"csrfmiddlewaretoken"})
            status = ask(clients[who], "post", form.action, data=strange.sent(), drawn=turn == 0).status
            if status not in {*WELL, 400, 403, 404, 413}:
                fell.append(f"{target} {word[:40]!r} in {sorted(some)}: {status}")
    assert fell == []


def kinds_of(form: Any) -> list[Any]:
    return [kind for one in form.__subclasses__() for kind in (one, *kinds_of(one))]
