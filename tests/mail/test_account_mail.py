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
    (link,) = re.findall(r"https?://[^/]+(/\S+)", message.body)
    assert client.get(link, follow=True).status_code == 200


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
