"""What comes back is known by a signed address, is noted once, and is shown to those who can correct the address."""

import io
import mailbox
import sys
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.mail import bounces, undelivered
from digivesteralen.mail.bounces import Outcome
from digivesteralen.mail.models import Letter
from governance.models import Collaboration, Person
from tests.mail.conftest import Server

Ask = Callable[..., Job]
pytestmark = pytest.mark.django_db
SAID = "smtp; 550 5.1.1 <feil@bo.example>: Recipient address rejected"


@pytest.fixture(autouse=True)
def _return_address(settings: Any) -> None:
    settings.EMAIL_BOUNCE_ADDRESS = "retur@portal.example"


@pytest.fixture
def sent(letter: Ask) -> Letter:
    jobs.run(letter("feil@bo.example").pk)
    found: Letter = Letter.objects.get()
    assert found.state == "sent"
    return found


def report(to: str, *, action: str = "failed", said: str = SAID) -> EmailMessage:
    """As Postfix writes it (RFC 3464)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "MAILER-DAEMON@bo.example", to, "Undelivered Mail"
    message.set_content("I'm sorry to have to inform you …")
    status = EmailMessage()
    status.set_type("message/delivery-status")
    status.set_payload(
        [
            _block({"Reporting-MTA": "dns; mx.bo.example"}),
            _block({"Final-Recipient": "rfc822; feil@bo.example", "Action": action, "Diagnostic-Code": said}),
        ]
    )
    message.make_mixed()
    message.attach(status)
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    return message


def _block(fields: dict[str, str]) -> EmailMessage:
    block = EmailMessage()
    for name, value in fields.items():
        block[name] = value
    return block


def test_the_envelope_carries_the_return_address_and_the_reader_sees_the_portal(
    server: Server, letter: Ask, settings: Any
) -> None:
    jobs.run(letter("a@bo.example").pk)

    (envelope,) = server.received
    assert envelope.mail_from == bounces.return_address(Letter.objects.get())
    assert str(envelope.mail_from).startswith("retur+") and str(envelope.mail_from).endswith("@portal.example")
    assert f"From: {settings.DEFAULT_FROM_EMAIL}".encode() in (envelope.content or b"")
    assert b"retur+" not in (envelope.content or b"")


def test_a_bounce_is_noted_once_with_what_the_server_said(sent: Letter) -> None:
    message = report(bounces.return_address(sent))

    assert bounces.read(message) == Outcome.BOUNCED
    assert bounces.read(message) == Outcome.KNOWN
    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("bounced", "550 5.1.1 <feil@bo.example>: Recipient address rejected")


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_address_is_found_where_servers_write_it_whatever_their_case(sent: Letter, header: str) -> None:
    message = report("postmaster@portal.example")
    message[header] = bounces.return_address(sent).upper()

    assert bounces.read(message) == Outcome.BOUNCED


def test_nobody_makes_another_unreachable_without_the_signature(sent: Letter, settings: Any) -> None:
    right = bounces.return_address(sent)
    letter, _dash, rest = right.partition("-")
    forged = [
        f"{letter}-{'0' * 20}@portal.example",
        f"retur+{sent.pk + 1}-{rest}",
        right.replace("portal.example", "elsewhere.example"),
        "retur@portal.example",
        f"retur+{'9' * 400}-{rest}",
        "",
    ]
    for address in forged:
        message = report("x@portal.example")
        message.replace_header("To", address)
        message["Message-ID"] = sent.message_id
        assert bounces.read(message) == Outcome.UNSIGNED, address
    settings.EMAIL_BOUNCE_ADDRESS = ""
    assert bounces.read(report(right)) == Outcome.UNSIGNED
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_an_answering_machine_and_a_delay_are_no_bounce(sent: Letter) -> None:
    address = bounces.return_address(sent)
    away = EmailMessage()
    away["To"], away["Auto-Submitted"] = address, "auto-replied"
    away.set_content("Jeg er på ferie. Action: failed")

    assert bounces.read(away) == Outcome.OTHER
    assert bounces.read(report(address, action="delayed")) == Outcome.DELAYED
    assert bounces.read(report(address, action="delivered")) == Outcome.OTHER
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_folder_of_mail_is_read_once(sent: Letter, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = mailbox.Maildir(tmp_path / "retur")
    for message in (report(bounces.return_address(sent)), report("x@portal.example")):
        folder.add(message)
    folder.add(b"\xff\xfe not a message at all \x00" * 100)

    for line in ("bounced=1 known=0 delayed=0 other=0 unsigned=2", "bounced=0 known=0 delayed=0 other=0 unsigned=0"):
        call_command("read_bounces", str(tmp_path / "retur"))
        assert capsys.readouterr().out.strip() == line
    assert len(list((tmp_path / "retur" / "cur").iterdir())) == 3, "what was read is kept"


def test_one_that_cannot_be_read_does_not_hide_those_behind_it(
    sent: Letter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "1.bad").write_bytes(b"Subject: bad\n\n")
    (new / "2.good").write_bytes(report(bounces.return_address(sent)).as_bytes())
    usual = bounces.read

    def read(message: Any) -> Outcome:
        if message["Subject"] == "bad":
            raise ValueError("a parser's own fault")
        return usual(message)

    monkeypatch.setattr(bounces, "read", read)
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("read_bounces", str(tmp_path))
    sent.refresh_from_db()
    assert sent.state == "bounced"
    assert [path.name for path in new.iterdir()] == ["1.bad"], "it stays until somebody has looked"


def test_a_sign_the_database_does_not_take_is_left_out_of_the_reason(sent: Letter) -> None:
    raw = report(bounces.return_address(sent), said="SAYS").as_bytes().replace(b"SAYS", b"smtp; 550 no\x00such user")

    assert bounces.read(message_from_bytes(raw)) == Outcome.BOUNCED
    sent.refresh_from_db()
    assert sent.error == "550 no such user"


def test_one_on_standard_input(
    sent: Letter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = report(bounces.return_address(sent)).as_bytes() + b"\n" + b"x" * 3_000_000
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))

    call_command("read_bounces", "-")
    assert capsys.readouterr().out.startswith("bounced=1 ")


def test_what_is_no_folder_is_said(tmp_path: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match="is no Maildir"):
        call_command("read_bounces", str(tmp_path))
    settings.EMAIL_BOUNCE_ADDRESS = ""
    with pytest.raises(CommandError, match="EMAIL_BOUNCE_ADDRESS is not set"):
        call_command("read_bounces", "-")


# --- told to the secretariat ---


def returned(letter: Ask, address: str, *, key: str, days: int = 0) -> Letter:
    jobs.run(letter(address, key=key).pk)
    one: Letter = Letter.objects.get(job__key=key)
    bounces.read(report(bounces.return_address(one)))
    Letter.objects.filter(pk=one.pk).update(ended_at=timezone.now() - timedelta(days=days))
    return one


def test_the_secretariat_sees_that_e_mail_does_not_get_through_and_nobody_else(
    client: Client, letter: Ask, digi: Collaboration, director: Any, secretary: Any
) -> None:
    person = Person.objects.get(user=director)
    Person.objects.filter(pk=person.pk).update(email=person.email.replace("@", "@Post."))
    person.refresh_from_db()
    returned(letter, person.email.lower(), key="one")

    for reader, told in ((secretary, True), (director, False)):
        client.force_login(reader)
        page = client.get(f"/vesteralen/personer/{person.pk}/").content.decode()
        assert ("Recipient address rejected" in page) is told
        people = client.get("/vesteralen/personer/")
        assert people.content.decode().count('data-color="warning"') == (1 if told else 0)


def test_the_notice_goes_when_an_e_mail_has_got_through(letter: Ask) -> None:
    returned(letter, "kari@bo.example", key="one", days=5)
    assert undelivered.among(["Kari@bo.example", "ola@bo.example", ""]) == {"kari@bo.example"}

    jobs.run(letter("KARI@bo.example", key="two").pk)
    later = Letter.objects.filter(job__key="two")
    assert undelivered.to("kari@bo.example"), "it may still come back"
    later.update(sent_at=timezone.now() - timedelta(days=2))
    assert undelivered.to("kari@bo.example") is None
    assert undelivered.to("") is None and undelivered.among([""]) == set()

    returned(letter, "kari@bo.example", key="three")
    assert undelivered.to("kari@bo.example")
