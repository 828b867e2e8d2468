"""E-mail of the sign-in goes the same way out as all other: asked for first, sealed, and never held up by a server."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.mail import account
from digivesteralen.mail.models import Letter
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def asked_for(client: Client, email: str) -> list[Job]:
    assert client.post(reverse("account_reset_password"), {"email": email}).status_code == 302
    return list(Job.objects.filter(kind=account.KIND))


def test_a_new_password_comes_by_a_job_with_its_row_in_the_log(client: Client, it_leader: Any) -> None:
    (job,) = asked_for(client, it_leader.email)
    assert mail.outbox == [], "the page waits for no mail server"
    assert jobs.run(job.pk).state == "done"

    (message,) = mail.outbox
    assert message.to == [it_leader.email] and Letter.objects.get().state == "sent"
    link = re.findall(r"https?://[^/]+(/\S+)", message.body)[0]
    assert client.get(link, follow=True).status_code == 200


def test_what_the_sign_in_sends_is_in_the_portals_own_words_and_under_its_own_address(
    client: Client, it_leader: Any, settings: Any
) -> None:
    """Whatever the request called the portal: what it says is not believed."""
    settings.PORTAL_ADDRESS, settings.ALLOWED_HOSTS = "https://portal.example.no", ["en.annen.example"]
    client.post(reverse("account_reset_password"), {"email": it_leader.email}, headers={"host": "en.annen.example"})
    client.force_login(it_leader, backend="django.contrib.auth.backends.ModelBackend")
    changed = {"oldpassword": PASSWORD, "password1": "blå elg under broa", "password2": "blå elg under broa"}
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post(
        reverse("account_change_password"), changed, headers={"host": "en.annen.example", "user-agent": firefox}
    )
    for job in Job.objects.filter(kind=account.KIND):
        jobs.run(job.pk)

    reset, notice = sorted(mail.outbox, key=lambda message: message.subject != "Nytt passord i portalen")
    assert "https://portal.example.no/konto/password/reset/key/" in reset.body
    assert "Firefox" in notice.body and "Si fra til sekretariatet" in notice.body
    for message in (reset, notice):
        assert "annen.example" not in message.subject + message.body and "[" not in message.subject
        assert "https://portal.example.no" in message.body


def test_the_link_stands_in_no_row_and_is_gone_when_it_is_sent(client: Client, it_leader: Any) -> None:
    (job,) = asked_for(client, it_leader.email)
    assert "http" not in str(job.arguments) and it_leader.email not in str(job.arguments)

    job = jobs.run(job.pk)
    assert job.arguments == {}
    account.send_sealed(job, lambda progress, phase="": None)
    assert len(mail.outbox) == 1, "a kill after it was sent sends no second"


def test_with_the_mail_server_away_the_page_is_the_same_and_it_comes_later(
    client: Client, it_leader: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    (job,) = asked_for(client, it_leader.email)

    job = jobs.run(job.pk)
    assert job.state == "asked" and "sealed" in job.arguments


def test_nobody_learns_who_has_a_user(client: Client, it_leader: Any) -> None:
    assert asked_for(client, "ukjent@bo.example") == []
    assert mail.outbox == []


def test_a_new_secret_key_is_said(client: Client, it_leader: Any, settings: Any) -> None:
    (job,) = asked_for(client, it_leader.email)
    settings.SECRET_KEY = "another"

    job = jobs.run(job.pk)
    assert job.state == "failed" and mail.outbox == []
