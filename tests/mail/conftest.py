"""A real mail server, which says what a test wants it to say, and a letter to send."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from digivesteralen.documents import jobs, registry
from digivesteralen.documents.models import Job
from digivesteralen.mail import outgoing
from governance.models import Collaboration

KIND = "tests.mail"


class Server:
    """What it received, and what it answers: by receiver, or to the whole message."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.to_data = "250 OK"
        self.hangs_up = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up == "before":
            server.transport.close()
            return "421 gone"
        if self.to_data.startswith("2"):
            self.received.append(envelope)
        if self.hangs_up == "after":
            server.transport.close()
        return self.to_data

    @property
    def receivers(self) -> list[str]:
        return [envelope.rcpt_tos[0] for envelope in self.received]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    yield from running(Server(), settings)


def running(handler: Server, settings: Any, **options: Any) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def letter(digi: Collaboration) -> Iterator[Callable[..., Job]]:
    """Ask for a message to these receivers; the same key is the same job."""
    registry.register(
        KIND,
        container=lambda subject: Collaboration.objects.get(pk=subject),
        work=lambda job, report: outgoing.send(
            job, to=job.arguments["to"], subject="Innkalling\n til møte", text="Møtet er i Bø.\n"
        ),
        queue="mail",
    )
    yield lambda *to, key="one": jobs.ask(KIND, digi.pk, by=None, arguments={"to": to}, key=key)
    registry.forget(KIND)


def tried_again(job: Job) -> Job:
    """The wait is over, and a worker takes it."""
    Job.objects.filter(pk=job.pk, not_before__isnull=False).update(not_before="2026-01-01T00:00Z")
    return jobs.run(job.pk)
