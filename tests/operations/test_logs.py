"""The log: one line of JSON each, with the number of the request or the job, and nobody's name (T42, T44)."""

import io
import json
import logging
from collections.abc import Iterator
from smtplib import SMTPAuthenticationError
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.response import SimpleTemplateResponse
from django.test import Client, override_settings
from django.urls import path

from digivesteralen import environment, tracing
from digivesteralen.accounts.access import public
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs, registry
from digivesteralen.documents.models import Job
from digivesteralen.operations import logs
from digivesteralen.urls import handler500 as handler500
from digivesteralen.urls import urlpatterns as product
from tests.documents import kinds

SECRET = "hemmelig detalj"


@public
def breaks(request: HttpRequest, key: str) -> HttpResponse:
    raise RuntimeError(f"{SECRET} ola.nordmann@kommune.example 01019012345")


@public
def breaks_in_the_template(request: HttpRequest) -> HttpResponse:
    template = Template("{{ broken }}")
    return SimpleTemplateResponse(_Wrapped(template), {"broken": Broken()})


class Broken:
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


class _Wrapped:
    def __init__(self, template: Template) -> None:
        self.template = template

    def render(self, context: dict[str, Any], request: Any = None) -> str:
        return self.template.render(Context(context))


urlpatterns = [path("odelagt/<str:key>/", breaks, name="breaks"), path("mal/", breaks_in_the_template), *product]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What an installation writes, as the text it is."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLine())
    root, ours = logging.getLogger(), logging.getLogger("digivesteralen")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        ours.setLevel(before)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize("address", ["/odelagt/en-nokkel/", "/mal/"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_has_a_number_and_no_trace(client: Client, db: None, log: io.StringIO, address: str) -> None:
    """T44: a fault in a view, and in a template."""
    client.raise_request_exception = False
    page = client.get(address)
    told = page.content.decode()
    number = page.headers["X-Request-ID"]

    assert page.status_code == 500 and "Noe gikk galt hos oss" in told
    assert SECRET not in told and "Traceback" not in told and "RuntimeError" not in told
    assert number[:8] in told
    fault = next(line for line in lines(log) if line["level"] == "ERROR")
    assert (fault["number"], "RuntimeError" in fault["error"]) == (number, True)


def test_a_fault_in_a_job_has_its_number_in_the_log(
    client: Client, secretary: User, digi: Any, log: io.StringIO
) -> None:
    def broken(job: Job, report: registry.Report) -> None:
        raise RuntimeError(SECRET)

    registry.register(
        "tests.broken", container=kinds.container, right="governance.view_collaboration", work=broken, title="Brev"
    )
    try:
        job = jobs.run(jobs.ask("tests.broken", digi.pk, by=secretary).pk)
    finally:
        registry.forget("tests.broken")

    client.force_login(secretary)
    told = client.get(job.get_absolute_url()).content.decode()
    assert f"Oppgi nummeret {job.fault} til systemansvarlig" in told
    assert SECRET not in told and "Traceback" not in told and "RuntimeError" not in told
    fault = next(line for line in lines(log) if line["level"] == "ERROR")
    assert job.fault in fault["message"]
    assert (fault["number"], fault["in"], fault["person"]) == (str(job.pk), "tests.broken", secretary.pk)
    assert [line["state"] for line in lines(log) if line["message"] == "job"] == ["failed"]


def test_one_line_for_each_request_with_the_view_and_not_the_address(
    client: Client, secretary: User, log: io.StringIO
) -> None:
    client.force_login(secretary)
    page = client.get("/vesteralen/", {"q": "et ord som ingen skal lese"})
    told = next(line for line in lines(log) if line["message"] == "request")

    assert told["number"] == page.headers["X-Request-ID"]
    assert (told["view"], told["status"], told["person"]) == ("collaboration", 200, secretary.pk)
    assert told["queries"] > 0
    assert secretary.email not in log.getvalue() and secretary.name not in log.getvalue()
    assert "ingen skal lese" not in log.getvalue() and "/vesteralen/" not in log.getvalue()


@override_settings(ROOT_URLCONF=__name__)
def test_a_key_in_an_address_is_not_logged(client: Client, db: None, log: io.StringIO) -> None:
    client.raise_request_exception = False
    client.get("/odelagt/en-nokkel/")

    assert "en-nokkel" not in log.getvalue()
    assert "ola.nordmann" not in log.getvalue() and "01019012345" not in log.getvalue()


def test_a_person_at_the_terminal_finds_the_number_too() -> None:
    line = logging.LogRecord("portal", logging.ERROR, "", 1, "broken", None, None)
    with tracing.doing("request") as this:
        assert logs.TextLine().format(line).endswith(f"ERROR {this.short} portal broken")


@pytest.mark.parametrize(
    "name",
    [
        "Ola\nNordmann",
        'x"}\n{"level": "ERROR"}',
        "\x1b[31mrød\x1b[0m",
        "\x9b2Jborte\x85",
        "\r\n2026-01-01 ok",
        "\u2028skilt",
        "\u202ebak",
    ],
)
def test_what_people_write_makes_no_line_of_its_own(log: io.StringIO, name: str) -> None:
    """T42."""
    logging.getLogger("digivesteralen.tests").warning("signed in: %s", name)

    assert len(log.getvalue().split("\n")) == 2
    assert log.getvalue().isascii()
    assert not set("\x1b\x9b\x85\r\u202e") & set(json.loads(log.getvalue())["message"])
    assert json.loads(log.getvalue())["level"] == "WARNING"


def test_a_secret_of_the_installation_is_left_out_whoever_says_it(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server, a bucket or a provider that repeats what it was sent writes it in our log otherwise."""
    monkeypatch.setattr(environment, "SECRETS", set())
    monkeypatch.setenv("EMAIL_HOST_PASSWORD", "ord-som-ingen-vet")
    password = environment.secret("EMAIL_HOST_PASSWORD")
    try:
        raise SMTPAuthenticationError(535, f"5.7.8 no such password: {password}".encode())
    except SMTPAuthenticationError as refused:
        logging.getLogger("digivesteralen").error("refused: %s", refused, exc_info=refused)

    assert lines(log)[-1]["message"].startswith("refused: (535, ")
    assert password == "ord-som-ingen-vet" and password not in log.getvalue()


def test_what_the_database_quotes_is_left_out(log: io.StringIO) -> None:
    who = "Ola Nordmann"
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (name)=({who}) already exists.")
    except ValueError:
        logging.getLogger("digivesteralen.tests").exception("not saved")
    told = json.loads(log.getvalue())["error"]

    assert f"({who})" not in told
    assert "duplicate key" in told


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("post til ola@kommune.no kom ikke fram", False),
        ("født 010190 12345", False),
        ("ring 91 23 45 67", False),
        ("nøkkel AbCdEf0123456789AbCdEf0123456789", False),
        ("job 0b0e0d7c-6a3e-4e7f-9d7e-0a1b2c3d4e5f failed, number 12345678", True),
        ("took 1234 ms", True),
        (f"link {'0123456789abcdef' * 4}", True),
    ],
)
def test_numbers_of_ours_stay_and_those_of_people_go(written: str, kept: bool) -> None:
    assert (logs.without_people(written) == written) is kept
    assert kept or logs.MARK in logs.without_people(written)


def test_numbers_do_not_run_into_each_other() -> None:
    with tracing.doing("one") as one:
        with tracing.doing("two") as two:
            assert tracing.now() is two
        assert tracing.now() is one
    assert tracing.now() is None
