"""Whose user is closed gets nothing more from the portal, and the secretariat is told (T27)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.mail.models import Letter
from digivesteralen.operations import users
from governance.models import Person
from tests.mail.conftest import Server, tried_again

pytestmark = pytest.mark.django_db
REASON = "Personen har sluttet i kommunen."


def test_who_is_closed_gets_nothing_and_the_others_do(
    letter: Callable[..., Job], director: User, sysadmin: User
) -> None:
    """Also at the address that the secretariat has written down since, which is not the one to sign in with."""
    Person.objects.filter(user=director).update(email="ny@sortland.example")
    job = letter("NY@sortland.example", director.email, "a@bo.example")
    users.close(user=director, reason=REASON, by=sysadmin)

    assert jobs.run(job.pk).state == "done"
    assert [message.to for message in mail.outbox] == [["a@bo.example"]]
    kept = Letter.objects.exclude(to="a@bo.example")
    assert {(one.state, one.error, one.attempts) for one in kept} == {("failed", "Personens bruker er stengt.", 0)}


def test_closed_while_a_letter_waits(
    server: Server, letter: Callable[..., Job], director: User, sysadmin: User
) -> None:
    server.answers[director.email] = "451 4.7.1 Greylisted, come back"
    job = jobs.run(letter(director.email).pk)
    users.close(user=director, reason=REASON, by=sysadmin)
    server.answers.clear()

    assert tried_again(job).state == "done"
    assert server.receivers == []


def test_opened_again_the_next_letter_comes(letter: Callable[..., Job], director: User, sysadmin: User) -> None:
    users.close(user=director, reason=REASON, by=sysadmin)
    jobs.run(letter(director.email).pk)
    users.open_again(user=User.objects.get(pk=director.pk), reason=REASON, by=sysadmin)
    jobs.run(letter(director.email, key="two").pk)

    assert [message.to for message in mail.outbox] == [[director.email]]


def test_the_secretariat_sees_who_must_be_told_in_another_way(
    client: Client, letter: Callable[..., Job], director: Any, secretary: User, sysadmin: User
) -> None:
    address = f"/vesteralen/personer/{director.person.pk}/"
    client.force_login(secretary)
    assert "Send ny invitasjon" in client.get(address).content.decode()
    users.close(user=director, reason=REASON, by=sysadmin)
    jobs.run(letter(director.email).pk)
    page = client.get(address).content.decode()

    assert "Portalen skriver ikke til denne personen" in page
    assert "Send ny invitasjon" not in page, "it would be refused"
    assert client.get("/vesteralen/personer/").content.decode().count("Brukeren er stengt") == 1
