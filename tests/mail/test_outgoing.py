"""Each message goes out once to each who can get it, whatever the mail server says (rule 12)."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.documents import jobs, tasks
from digivesteralen.documents.models import Job
from digivesteralen.mail import keeping, outgoing
from digivesteralen.mail.models import Letter
from tests.mail.conftest import Server, running, tried_again

Ask = Callable[..., Job]
pytestmark = pytest.mark.django_db


def states() -> dict[str, str]:
    return dict(Letter.objects.values_list("to", "state"))


def test_each_receiver_gets_one_and_the_log_says_so(server: Server, letter: Ask) -> None:
    job = jobs.run(letter("a@bo.example", "b@bo.example", "a@bo.example").pk)

    assert job.state == "done"
    assert sorted(server.receivers) == ["a@bo.example", "b@bo.example"]
    assert states() == {"a@bo.example": "sent", "b@bo.example": "sent"}
    log = Letter.objects.get(to="a@bo.example")
    assert (log.kind, log.attempts, log.error) == ("tests.mail", 1, "") and log.sent_at
    sent = message_from_bytes(server.received[0].content or b"")
    assert sent["Message-ID"] == log.message_id, "on one line"
    assert str(make_header(decode_header(sent["Subject"]))) == "Innkalling til møte"
    assert sent["To"] == "a@bo.example", "nobody sees the others"


def test_a_receiver_who_is_busy_gets_it_later_and_the_others_no_second_time(server: Server, letter: Ask) -> None:
    server.answers["b@bo.example"] = "451 4.7.1 Greylisted, come back"
    job = jobs.run(letter("a@bo.example", "b@bo.example", "c@bo.example").pk)

    assert job.state == "asked" and job.not_before and job.error == ""
    assert server.receivers == ["a@bo.example", "c@bo.example"]
    waiting = Letter.objects.waiting().get()
    assert (waiting.to, waiting.error) == ("b@bo.example", "451 4.7.1 Greylisted, come back")

    assert jobs.run(job.pk).attempt == job.attempt, "not before its time"
    server.answers.clear()
    assert tried_again(job).state == "done"
    assert server.receivers == ["a@bo.example", "c@bo.example", "b@bo.example"]
    assert Letter.objects.get(to="b@bo.example").attempts == 2


def test_the_sweeper_wakes_a_worker_when_the_wait_is_over(
    server: Server, letter: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.to_data = "452 4.3.1 Disk full"
    job = jobs.run(letter("a@bo.example").pk)
    woken: list[Any] = []
    monkeypatch.setattr(tasks, "send", lambda pk, queue: woken.append(pk))
    Job.objects.update(sent_at="2026-01-01T00:00Z")

    tasks.sweep()
    assert woken == []
    Job.objects.update(not_before=timezone.now())
    tasks.sweep()
    assert woken == [job.pk]


def test_the_waits_grow_and_after_a_day_it_is_given_up(server: Server, letter: Ask) -> None:
    server.answers["a@bo.example"] = "450 4.2.0 Try later"
    job, waits = letter("a@bo.example"), []
    job = jobs.run(job.pk)
    while job.state == "asked":
        assert job.not_before is not None
        waits.append(job.not_before - timezone.now())
        job = tried_again(job)

    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 5, 15, 60, 180, 360, 720]
    assert job.state == "failed" and job.error.endswith("1 × 450 4.2.0"), "the job names no receiver"
    assert states() == {"a@bo.example": "failed"}


@pytest.mark.parametrize("at", ["receiver", "message"])
def test_what_is_refused_for_good_is_not_tried_again(server: Server, letter: Ask, at: str) -> None:
    if at == "receiver":
        server.answers["feil@bo.example"] = "550 5.1.1 No such user here"
    else:
        server.to_data = "554 5.7.1 Looks like spam"
    job = jobs.run(letter("feil@bo.example").pk)

    log = Letter.objects.get()
    assert (job.state, log.state, log.attempts) == ("failed", "failed", 1) and log.ended_at
    assert log.error[:3] in ("550", "554") and job.error.endswith(f"1 × {log.error[:9]}")
    assert "@" not in job.error


def test_one_refused_and_one_busy_the_refused_is_left_alone(server: Server, letter: Ask) -> None:
    server.answers = {"feil@bo.example": "550 5.1.1 No such user", "treg@bo.example": "451 4.0.0 Later"}
    job = jobs.run(letter("feil@bo.example", "treg@bo.example", "god@bo.example").pk)
    server.answers = {}

    assert tried_again(job).state == "done"
    assert server.receivers == ["god@bo.example", "treg@bo.example"]
    assert states()["feil@bo.example"] == "failed"


def test_asked_for_anew_what_failed_is_tried_anew(server: Server, letter: Ask) -> None:
    server.answers["a@bo.example"] = "550 5.1.1 No such user"
    job = jobs.run(letter("a@bo.example").pk)
    before = Letter.objects.get().message_id
    server.answers = {}

    assert jobs.run(jobs.ask_again(job=job, by=None).pk).state == "done"
    assert server.receivers == ["a@bo.example"]
    assert (Letter.objects.get().state, Letter.objects.get().message_id) == ("sent", before)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_line_cut_in_the_middle_is_tried_again_as_the_same_message(server: Server, letter: Ask, cut: str) -> None:
    """After the server took it and before we heard so, it may come twice, and is known as the same."""
    server.hangs_up = cut
    job = jobs.run(letter("a@bo.example").pk)
    assert (job.state, states()) == ("asked", {"a@bo.example": "asked"})
    server.hangs_up = ""

    assert tried_again(job).state == "done"
    assert len(server.received) == (2 if cut == "after" else 1)
    assert len({message_from_bytes(one.content or b"")["Message-ID"] for one in server.received}) == 1


def test_a_server_that_is_away_keeps_everything_waiting(server: Server, letter: Ask, settings: Any) -> None:
    alive, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    job = jobs.run(letter("a@bo.example", "b@bo.example").pk)

    assert job.state == "asked" and states() == {"a@bo.example": "asked", "b@bo.example": "asked"}
    assert "refused" in Letter.objects.get(to="a@bo.example").error
    assert Letter.objects.get(to="b@bo.example").attempts == 1, "one knock is enough for all"
    settings.EMAIL_PORT = alive
    assert tried_again(job).state == "done"
    assert sorted(server.receivers) == ["a@bo.example", "b@bo.example"]


def test_after_a_day_without_a_server_nobody_is_tried_for_another_day(letter: Ask, settings: Any) -> None:
    """Else the second receiver's day would begin when the first one's ended, and the last be told weeks late."""
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    job = jobs.run(letter("a@bo.example", "b@bo.example", "c@bo.example").pk)
    tries = 1
    while job.state == "asked":
        job, tries = tried_again(job), tries + 1

    assert (job.state, tries) == ("failed", len(outgoing.WAITS) + 1)
    assert set(states().values()) == {"failed"}


def test_one_message_the_server_hangs_up_on_does_not_keep_the_others_waiting(
    server: Server, letter: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = outgoing._hand_over

    def hangs_up(message: Any) -> None:
        if message.to == ["a@bo.example"]:
            raise outgoing.Away("SMTPServerDisconnected: gone")
        usual(message)

    monkeypatch.setattr(outgoing, "_hand_over", hangs_up)
    job = jobs.run(letter("a@bo.example", "b@bo.example", "c@bo.example").pk)
    assert server.receivers == []

    assert tried_again(job).state == "asked"
    assert server.receivers == ["b@bo.example", "c@bo.example"]
    assert states()["a@bo.example"] == "asked"


def test_an_answer_with_a_sign_the_database_does_not_take_is_kept_without_it(server: Server, letter: Ask) -> None:
    server.answers["a@bo.example"] = "550 5.1.1 No\x00such user"

    assert jobs.run(letter("a@bo.example").pk).state == "failed"
    assert Letter.objects.get().error == "550 5.1.1 No such user"


def test_killed_before_it_was_written_down_it_goes_again_as_the_same_message(
    server: Server, letter: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = outgoing._hand_over

    def killed(message: Any) -> None:
        usual(message)
        raise SystemExit

    monkeypatch.setattr(outgoing, "_hand_over", killed)
    job = letter("a@bo.example", "b@bo.example")
    with pytest.raises(SystemExit):
        jobs.run(job.pk)
    monkeypatch.undo()
    Job.objects.update(lease_until="2026-01-01T00:00Z")

    assert jobs.run(job.pk).state == "done"
    assert sorted(server.receivers) == ["a@bo.example", "a@bo.example", "b@bo.example"]
    assert len({message_from_bytes(one.content or b"")["Message-ID"] for one in server.received}) == 2


def test_somebody_who_comes_in_between_gets_an_own_message(server: Server, letter: Ask) -> None:
    server.answers["b@bo.example"] = "451 4.0.0 Later"
    job = jobs.run(letter("b@bo.example", "c@bo.example").pk)
    known = dict(Letter.objects.values_list("to", "message_id"))
    server.answers = {}
    Job.objects.filter(pk=job.pk).update(arguments={"to": ["a@bo.example", "b@bo.example", "c@bo.example"]})

    assert tried_again(job).state == "done"
    assert sorted(server.receivers) == ["a@bo.example", "b@bo.example", "c@bo.example"]
    assert known.items() <= dict(Letter.objects.values_list("to", "message_id")).items()


def test_an_address_that_is_none_is_refused_at_once(server: Server, letter: Ask) -> None:
    assert jobs.run(letter("ikke en adresse").pk).state == "failed"
    assert states() == {"ikke en adresse": "failed"}


def test_a_wrong_password_is_not_the_receivers_fault_and_stands_in_no_log(
    server: Server, letter: Ask, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "feil-passord"
    job = jobs.run(letter("a@bo.example").pk)

    assert (job.state, states()) == ("asked", {"a@bo.example": "asked"})
    told = [*caplog.messages, caplog.text, job.error, *Letter.objects.values_list("error", flat=True)]
    assert caplog.text and not [words for words in told if "feil-passord" in words]


# --- TLS ---


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_server(settings: Any, certificate: Path) -> Iterator[Server]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    settings.EMAIL_USE_TLS = True
    for server in running(Server(), settings, tls_context=context, require_starttls=True):
        settings.EMAIL_HOST = "localhost"
        yield server


def test_with_tls_the_server_proves_who_it_is(
    tls_server: Server, letter: Ask, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.run(letter("a@bo.example").pk)
    assert job.state == "asked" and "CERTIFICATE_VERIFY_FAILED" in Letter.objects.get().error
    assert tls_server.received == []

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert tried_again(job).state == "done"
    assert tls_server.receivers == ["a@bo.example"]


def test_where_tls_is_asked_for_nothing_goes_in_clear(server: Server, letter: Ask, settings: Any) -> None:
    settings.EMAIL_USE_TLS = True
    job = jobs.run(letter("a@bo.example").pk)

    assert job.state == "asked" and server.received == []
    assert "STARTTLS" in Letter.objects.get().error


# --- the log ---


def test_the_log_says_nothing_of_what_was_written_and_ends_after_a_year(letter: Ask) -> None:
    jobs.run(letter("a@bo.example").pk)
    jobs.run(letter("b@bo.example", key="two").pk)
    assert len(mail.outbox) == 2
    assert not any("Bø" in str(value) for row in Letter.objects.values() for value in row.values())
    Letter.objects.filter(to="a@bo.example").update(asked_at=timezone.now() - timedelta(days=366))

    assert keeping.erase_old(before=timezone.now() - timedelta(days=365)) == 1
    assert states() == {"b@bo.example": "sent"}
    assert keeping.forget("B@bo.example") == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"state": "sent"},
        {"state": "failed", "error": "550 no"},
        {"state": "bounced", "ended_at": "2026-01-01T00:00Z"},
        {"error": "", "ended_at": "2026-01-01T00:00Z"},
    ],
)
def test_a_row_that_cannot_be(letter: Ask, values: dict[str, Any]) -> None:
    job = letter("a@bo.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(job=job, kind=job.kind, to="a@bo.example", message_id="<1@x>", **values)
