"""Guessing is braked for the whole installation, whichever process answers and whatever a header says (T30, T32)."""

from typing import Any

import pytest
from django.test import Client

from digivesteralen.accounts.models import Brake, User
from digivesteralen.documents.models import Job
from digivesteralen.mail import account
from digivesteralen.servers.cache import ForgivingCache
from tests.people import PASSWORD


@pytest.fixture(autouse=True)
def _as_installed(settings: Any) -> None:
    """The tests go without brakes; an installation has the library's own."""
    del settings.ACCOUNT_RATE_LIMITS


def guess(client: Client, number: int, **headers: str) -> int:
    """Another address each time, so that only where the guess comes from is counted."""
    wrong = {"login": f"person-{number}@test.example", "password": "wrong"}
    return int(client.post("/konto/login/", wrong, **headers).status_code)


def is_let_in(user: User, **headers: str) -> bool:
    client = Client()
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD}, **headers)
    return "_auth_user_id" in client.session


def test_eleven_wrong_guesses_from_one_place_close_it(it_leader: User) -> None:
    for number in range(10):
        guess(Client(), number, REMOTE_ADDR="10.0.0.1")

    assert not is_let_in(it_leader, REMOTE_ADDR="10.0.0.1")
    assert is_let_in(it_leader, REMOTE_ADDR="10.0.0.2"), "others are not stopped by it"


@pytest.mark.parametrize("real", ["", ", 203.0.113.5"], ids=["no proxy", "behind a proxy"])
def test_a_made_up_header_does_not_help(it_leader: User, settings: Any, real: str) -> None:
    """No proxy is trusted unless the installation says so; then what it adds last is who asks. After ten wrong guesses
    the right password is refused, and of a hundred most are not even read."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = int(bool(real))
    here = {"REMOTE_ADDR": "10.0.0.1"}
    answers = [guess(Client(), n, **here, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}{real}") for n in range(10)]
    assert not is_let_in(it_leader, **here, HTTP_X_FORWARDED_FOR=f"198.51.100.1{real}")

    answers += [guess(Client(), n, **here, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}{real}") for n in range(10, 100)]
    assert answers == [200] * 29 + [429] * 71
    assert not is_let_in(it_leader, **here, HTTP_X_FORWARDED_FOR=f"198.51.100.2{real}")


def test_behind_one_proxy_two_people_do_not_share(it_leader: User, settings: Any) -> None:
    """Two guess by turns, the one ten times and the other nine: each is counted alone."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    one, other = ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in (5, 6))
    for number in range(19):
        guess(Client(), number, **(other if number % 2 else one))

    assert not is_let_in(it_leader, **one)
    assert is_let_in(it_leader, **other)


def test_the_guesses_are_counted_in_the_database_and_valkey_has_no_say(
    it_leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All processes look there, and who stops Valkey, or waits until it is late, guesses no faster."""
    for number in range(10):
        monkeypatch.setattr(ForgivingCache, "_away_until", float("inf") if number % 2 else 0.0)
        guess(Client(), number, REMOTE_ADDR="10.0.0.1")

    assert not is_let_in(it_leader, REMOTE_ADDR="10.0.0.1")
    assert is_let_in(it_leader, REMOTE_ADDR="10.0.0.2"), "others are let in meanwhile"
    kept = Brake.objects.values_list("cache_key", flat=True)
    assert kept and not any("10.0.0" in key for key in kept), "it tells of no address"


def test_mails_to_one_person_are_few(it_leader: User) -> None:
    """Nobody fills another's mailbox by asking for a new password."""
    for number in range(8):
        Client().post("/konto/password/reset/", {"email": it_leader.email}, REMOTE_ADDR=f"10.0.0.{number}")

    assert Job.objects.filter(kind=account.KIND).count() == 5


def test_a_fresh_sign_in_cannot_be_guessed(it_leader: User, client: Client) -> None:
    """Whoever finds an open session cannot try passwords for ever."""
    client.force_login(it_leader)
    for _ in range(10):
        client.post("/konto/reauthenticate/", {"password": "wrong"})

    assert client.post("/konto/reauthenticate/", {"password": PASSWORD}).status_code == 429
