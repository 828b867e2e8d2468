"""The way in: invited by the secretariat, used once, before its last day (T33)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail, signing
from django.db import transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts import invitations
from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import Invitation, User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.actions import people
from governance.models import Collaboration, Person
from tests.at_once import ending, until_somebody_waits

NEW = {"new_password1": "a-password-of-my-own", "new_password2": "a-password-of-my-own"}


@pytest.fixture
def invited(digi: Collaboration, secretary: User) -> Person:
    who = people.welcome(
        collaboration=digi, name="Kari Ny", email="kari@test.example", title="", organisation=None, invite=True,
        by=secretary,
    )  # fmt: skip
    who.refresh_from_db()
    return who


def link(who: Person) -> str:
    """What stands in the e-mail."""
    for job in Job.objects.filter(kind="governance.invitation", subject=who.pk, state="asked"):
        jobs.run(job.pk)
    return str(re.findall(r"https?://[^/]+(/konto/invitasjon/\S+)", mail.outbox[-1].body)[0])


def test_the_link_leads_to_choosing_a_password_and_in(invited: Person, client: Client) -> None:
    page = client.get(link(invited), follow=True)
    assert page.status_code == 200
    assert "kari@test.example" in page.content.decode()

    done = client.post("/konto/invitasjon/", NEW)

    assert done.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(invited.user_id)
    assert Invitation.objects.get().accepted is not None


def test_a_weak_password_is_refused(invited: Person, client: Client) -> None:
    client.get(link(invited))
    for weak in ("short", "password1234", "Passord 12345!", "Velkommen2026", "123456789012", "kari@test.example"):
        page = client.post("/konto/invitasjon/", {"new_password1": weak, "new_password2": weak})
        assert page.status_code == 200
    assert Invitation.objects.get().accepted is None


def test_the_link_works_once(invited: Person) -> None:
    path = link(invited)
    first, second = Client(), Client()
    first.get(path)
    second.get(path)
    first.post("/konto/invitasjon/", NEW)

    assert second.post("/konto/invitasjon/", NEW).status_code == 410
    assert Client().get(path).status_code == 410


def test_two_at_once_give_one(invited: Person) -> None:
    held = Invitation.objects.get()
    invitations.accept(invitation=held, password="the-first-password")  # noqa: S106

    with pytest.raises(NotAllowedNow):
        invitations.accept(invitation=held, password="the-second-password")  # noqa: S106
    assert User.objects.get(pk=held.user_id).check_password("the-first-password")


@pytest.mark.django_db(transaction=True)
def test_who_accepts_while_a_new_one_is_made_waits_and_is_told(invited: Person) -> None:
    """Each holds the person first: neither waits for what the other has."""
    first = Invitation.objects.get()

    def accepts() -> Any:
        return invitations.accept(invitation=first, password="a-password-of-my-own")  # noqa: S106

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=invited.user_id)
            answer = beside.submit(ending(accepts))
            until_somebody_waits()
            invitations.invite(user=first.user, by=None)
        with pytest.raises(NotAllowedNow):
            answer.result(timeout=10)

    assert not User.objects.get(pk=invited.user_id).has_usable_password()
    assert [one.is_open for one in Invitation.objects.order_by("pk")] == [False, True]


def test_after_its_last_day_it_opens_nothing(invited: Person, client: Client) -> None:
    path = link(invited)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1), tick=False):
        assert client.get(path).status_code == 410


def test_an_invitation_that_is_over_is_not_renewed_as_a_forgotten_password(invited: Person, client: Client) -> None:
    link(invited)
    sent = len(mail.outbox)
    answer = client.post("/konto/password/reset/", {"email": "kari@test.example"})

    assert answer.status_code == 302
    assert len(mail.outbox) == sent


def test_a_new_invitation_ends_the_earlier(invited: Person, secretary: User) -> None:
    first = link(invited)
    people.give_access(person=invited, by=secretary)
    second = link(invited)

    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 302


def test_a_withdrawn_invitation_opens_nothing(invited: Person, secretary: User, client: Client) -> None:
    path = link(invited)
    client.force_login(secretary)
    page = client.get(f"/vesteralen/personer/{invited.pk}/").content.decode()
    assert f"/vesteralen/personer/{invited.pk}/trekk/" in page
    assert client.post(f"/vesteralen/personer/{invited.pk}/trekk/").status_code == 302

    assert Client().get(path).status_code == 410
    assert client.post(f"/vesteralen/personer/{invited.pk}/trekk/").status_code == 409


def test_withdrawn_before_the_message_goes_out_nothing_is_sent(invited: Person, secretary: User) -> None:
    people.withdraw_access(person=invited, by=secretary)
    jobs.run(Job.objects.get(kind="governance.invitation", subject=invited.pk).pk)

    assert mail.outbox == []


@pytest.mark.parametrize("who", ["director", "outsider", "auditor"])
def test_only_the_secretariat_invites_and_withdraws(
    invited: Person, client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    for what in ("inviter", "trekk"):
        assert client.post(f"/vesteralen/personer/{invited.pk}/{what}/").status_code in {403, 404}
    assert invitations.usable().count() == 1


def test_a_made_up_link_opens_nothing(invited: Person) -> None:
    pk = Invitation.objects.get().pk
    for made_up in (str(pk), signing.dumps(pk, salt="something else"), "../../", "a" * 500):
        assert Client().get(f"/konto/invitasjon/{made_up}/").status_code in {404, 410}


def test_a_closed_person_gets_in_by_no_invitation(invited: Person) -> None:
    path = link(invited)
    User.objects.filter(pk=invited.user_id).update(is_active=False)

    assert Client().get(path).status_code == 410


def test_the_link_stands_in_no_row(invited: Person) -> None:
    written = link(invited).rstrip("/").rpartition("/")[2]
    rows = str(list(Invitation.objects.values())) + str(list(Job.objects.values()))

    assert written not in rows
