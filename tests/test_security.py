"""How the portal stands in the world: headers, settings, sign-in, and the pages of refusal."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from digivesteralen import environment
from digivesteralen.accounts.models import User
from digivesteralen.documents import running
from digivesteralen.documents.models import Job
from digivesteralen.mail import account
from digivesteralen.operations import standing
from tests.people import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
KEY = "k3y-" * 16


def manage(*arguments: str, var: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command as an administrator gives it, with nothing of the test run in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "VAR_DIR": str(var), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


# --- settings -----------------------------------------------------------------------------------------

PRODUCTION = {"PRODUCTION": "1", "SECRET_KEY": "ab-Cd_9" * 10, "ALLOWED_HOSTS": "portal.example.no"}


AROUND = {
    "DATABASE_URL": "postgresql://app:x@db.example:5432/digivesteralen",
    "DATABASE_OWNER_URL": "postgresql://owner:x@db.example:5432/digivesteralen", "REDIS_URL": "redis://queue.example:6379",
    "PORTAL_ADDRESS": "https://portal.example.no", "DEFAULT_FROM_EMAIL": "portal@portal.example.no",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "mail.example.no",
}  # fmt: skip


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "INFO", var=tmp_path, **PRODUCTION, **AROUND)

    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_the_deployment_check_names_each_thing_that_is_not_set(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **PRODUCTION)

    assert done.returncode != 0
    needed = AROUND.keys() - {"DATABASE_OWNER_URL"}
    assert {name for name in needed if f"{name} is not set." not in done.stderr} == set()


def test_the_deployment_check_says_that_links_go_out_without_https(tmp_path: Path) -> None:
    open_to_all = {**AROUND, "PORTAL_ADDRESS": "http://portal.example.no"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **PRODUCTION, **open_to_all)

    assert done.returncode != 0
    assert "PORTAL_ADDRESS begins with http://." in done.stderr


@pytest.mark.faults
def test_a_database_that_cannot_be_reached_tells_no_secret_of_the_installation(tmp_path: Path) -> None:
    """Neither its own password nor the others that stand in the environment."""
    word = "hysjhysj"
    secrets = {
        "DATABASE_URL": f"postgresql://app:{word}@127.0.0.1:1/portal",
        "SECRET_KEY": f"{word}-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
        "EMAIL_HOST_PASSWORD": word,
        "S3_SECRET_KEY": word,
        "WATCH_TOKEN": word,
        "REDIS_URL": f"redis://:{word}@127.0.0.1:1",
    }
    for command in (
        ["check", "--database", "default"],
        ["migrate", "--check"],
        ["verify"],
        ["backup", str(tmp_path / "copy")],
    ):
        done = manage(*command, var=tmp_path, **{**PRODUCTION, **AROUND, **secrets})
        assert done.returncode != 0 and done.stdout + done.stderr, command
        assert word not in done.stdout + done.stderr, command


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PRODUCTION": "1", "ALLOWED_HOSTS": "a.example"}, "SECRET_KEY is empty"),
        ({"PRODUCTION": "1", "SECRET_KEY": KEY}, "ALLOWED_HOSTS is empty"),
        ({**PRODUCTION, "DEMO": "1"}, "DEMO and PRODUCTION are both on"),
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps': write 1 or 0."),
    ],
)
def test_nonsense_stops_the_start(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = manage("check", var=tmp_path, **variables)

    assert done.returncode != 0
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("TRUE", True), ("off", False), (" no ", False), ("", True)]
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("SWITCH", written)

    assert environment.flag("SWITCH", default=True) is meant


def test_a_number_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBER", "1O")

    with pytest.raises(environment.Nonsense, match="NUMBER='1O': write a whole number."):
        environment.number("NUMBER", 0)


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))

    assert environment.secret("SECRET") == "hush"


def test_one_machine_keeps_a_key_of_its_own(tmp_path: Path) -> None:
    """Random, the same at the next start, another on the next machine, and closed to other users."""
    key = environment.kept_secret(tmp_path / "one" / "secret_key")

    assert len(key) >= 50
    assert environment.kept_secret(tmp_path / "one" / "secret_key") == key
    assert environment.kept_secret(tmp_path / "two" / "secret_key") != key
    assert stat.S_IMODE((tmp_path / "one" / "secret_key").stat().st_mode) == 0o600
    assert [found.name for found in (tmp_path / "one").iterdir()] == ["secret_key"]


def test_a_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(environment.Nonsense, match="set SECRET_KEY"):
        environment.kept_secret(tmp_path / "var" / "secret_key")


# --- headers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/konto/login/", "/", "/finnes-ikke/", "/vesteralen/saker/"])
def test_every_answer_says_what_the_browser_may_do(client: Client, director: User, address: str) -> None:
    client.force_login(director)
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["object-src"], policy["base-uri"]) == ("'none'", "'none'", "'none'")
    assert policy["form-action"] == "'self'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))


def _broken_by(fault: Exception, client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    class Broken:
        def cursor(self) -> None:
            raise fault

    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(standing, "connection", Broken())
        return client.get("/readyz")


def test_every_kind_of_answer_says_it(
    client: Client, director: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that are made before the portal has looked at the person or the page, and files of its look (T45)."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    client.force_login(director)
    answers = {
        200: client.get("/static/css/portal.css"),
        204: Client().get("/vesteralen/", headers={"HX-Request": "true"}),
        301: client.get("/vesteralen"),
        302: Client().get("/vesteralen/"),
        400: client.get("/", headers={"Host": "evil.example"}),
        403: client.get("/vesteralen/rediger/"),
        404: client.get("/static/css/no-such.css"),
        405: client.get("/konto/visning/"),
        413: client.post("/konto/visning/", {}, headers={"Content-Length": str(10**9)}),
        500: _broken_by(RuntimeError(), client, monkeypatch),
        503: _broken_by(OperationalError(), client, monkeypatch),
    }
    settings.MOST_PER_MINUTE = {"pages": 1}
    answers[429] = [client.get("/konto/profil/") for _time in range(3)][-1]  # a new minute may begin among them

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    for answer in answers.values():
        answer.close()
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert (answer.headers["X-Frame-Options"], answer.headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
        assert {"Permissions-Policy", "Referrer-Policy", "Cross-Origin-Opener-Policy"} <= set(answer.headers)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/vesteralen/portefolje/?format=xlsx",
        "/vesteralen/rediger/",
        "/finnes-ikke/",
        "/konto/login/",
        "/personvern/",
    ],
)
def test_no_page_is_kept_for_the_next_one_at_the_machine(client: Client, director: User, address: str) -> None:
    client.force_login(director)

    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_files_of_the_look_are_kept(client: Client, db: None, settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True

    file = client.get("/static/css/portal.css")
    file.close()
    assert "no-store" not in file.headers["Cache-Control"]


def test_production_keeps_to_https(tmp_path: Path) -> None:
    """The way there, the cookies, and a year in which no browser asks without it."""
    asking = (
        "from django.test import Client; from django.middleware.csrf import get_token;"
        "a = Client().get('/finnes-ikke/', SERVER_NAME='portal.example.no');"
        "b = Client().get('/healthz', SERVER_NAME='portal.example.no', secure=True);"
        "print(a.status_code, a['Location']); print(b['Strict-Transport-Security']);"
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE)"
    )
    done = manage("shell", "--command", asking, var=tmp_path, **PRODUCTION)

    assert done.stdout.splitlines()[-3:] == [
        "301 https://portal.example.no/finnes-ikke/",
        "max-age=31536000; includeSubDomains; preload",
        "True True True",
    ], done.stderr


def test_the_session_cookie_is_out_of_reach_for_scripts(client: Client, it_leader: User) -> None:
    client.post("/konto/login/", {"login": it_leader.email, "password": PASSWORD})
    cookie = client.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.session.get_expiry_age() == 8 * 60 * 60
    client.get("/konto/profil/")
    assert client.cookies["csrftoken"]["httponly"] is True


# --- addresses that want to lead elsewhere ----------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver@evil.example", "evil.testserver", "testserver.evil.example"]
)
def test_another_name_for_the_portal_is_refused_in_norwegian(client: Client, caplog: Any, db: None, host: str) -> None:
    page = client.get("/konto/login/", headers={"Host": host})

    assert page.status_code == 400
    assert "Portalen forsto ikke det nettleseren sendte" in page.content.decode()
    assert "evil" not in page.content.decode()
    assert "evil" not in caplog.text, "what strangers send is no fault of ours"


def test_what_a_proxy_is_said_to_have_forwarded_names_no_other_host(client: Client, it_leader: User) -> None:
    page = client.post(
        "/konto/password/reset/", {"email": it_leader.email}, headers={"X-Forwarded-Host": "evil.example"}
    )
    running.perform(Job.objects.get(kind=account.KIND).pk, beating=False)

    assert page.headers["Location"] == "/konto/password/reset/done/"
    assert "evil" not in str(mail.outbox[0].body) and "http" in str(mail.outbox[0].body)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_link_is_never_taken_for_a_button(client: Client, director: User, header: str) -> None:
    client.force_login(director)
    client.get("/konto/logout/?_method=POST", headers={header: "POST"})

    assert signed_in(client)


# --- sign-in ------------------------------------------------------------------------------------------


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_nobody_makes_an_account_for_oneself(client: Client, db: None) -> None:
    page = client.post("/konto/signup/", {"email": "new@test.example", "password1": PASSWORD, "password2": PASSWORD})

    assert page.status_code == 200
    assert not User.objects.filter(email="new@test.example").exists()
    assert not signed_in(client)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_sign_in_leads_nowhere_else(client: Client, it_leader: User, elsewhere: str) -> None:
    page = client.post("/konto/login/", {"login": it_leader.email, "password": PASSWORD, "next": elsewhere})

    assert (page.status_code, page.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "start", "1' OR '1'='1", "{{7*7}}", ""]
)
def test_the_choice_of_language_leads_nowhere_else(client: Client, db: None, elsewhere: str) -> None:
    """What is no address of ours leads to the start; a word could be the name of a page, or of none."""
    chosen = client.post("/konto/visning/", {"language": "en", "next": elsewhere})

    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/")


def test_a_closed_user_is_out_at_the_next_request(client: Client, it_leader: User) -> None:
    client.force_login(it_leader)
    assert client.get("/vesteralen/").status_code == 200

    User.objects.filter(pk=it_leader.pk).update(is_active=False)

    assert client.get("/vesteralen/").headers["Location"].startswith("/konto/login/")
    again = Client()
    again.post("/konto/login/", {"login": it_leader.email, "password": PASSWORD})
    assert not signed_in(again)


def test_a_new_password_ends_the_sessions_elsewhere(client: Client, it_leader: User) -> None:
    client.force_login(it_leader)
    it_leader.set_password("another-long-password")
    it_leader.save()

    assert client.get("/vesteralen/").status_code == 302


def test_guessing_is_braked(client: Client, it_leader: User, settings: Any) -> None:
    """After five wrong passwords the right one does not help for a while, from whichever address it comes."""
    del settings.ACCOUNT_RATE_LIMITS  # the tests go without; an installation has the library's own
    for number in range(5):
        client.post("/konto/login/", {"login": it_leader.email, "password": "wrong"}, REMOTE_ADDR=f"10.0.0.{number}")
    right = {"login": it_leader.email, "password": PASSWORD}
    client.post("/konto/login/", right, REMOTE_ADDR="10.0.0.9")
    assert not signed_in(client)

    caches["brakes"].clear()  # the while is over
    client.post("/konto/login/", right, REMOTE_ADDR="10.0.0.9")
    assert signed_in(client)


def test_brakes_are_off_in_tests_only() -> None:
    source = (ROOT / "digivesteralen" / "settings.py").read_text()

    assert source.count("RATE_LIMITS") == 1
    assert "if TESTING:\n    ACCOUNT_RATE_LIMITS = False" in source


def test_an_unknown_address_is_told_nothing(client: Client, it_leader: User) -> None:
    """The same answer for those we know and those we do not (T33)."""
    known, unknown = (
        client.post("/konto/password/reset/", {"email": email}) for email in (it_leader.email, "nobody@test.example")
    )

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    running.perform(Job.objects.get(kind=account.KIND).pk, beating=False)
    assert [message.to for message in mail.outbox] == [[it_leader.email]]


def test_a_form_from_elsewhere_is_refused(it_leader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(it_leader)
    page = client.post("/konto/profil/", {"name": "Somebody else"})

    assert page.status_code == 403
    assert "Skjemaet hadde stått åpent for lenge" in page.content.decode()


# --- what goes wrong is said in Norwegian ----------------------------------------------------------------


def test_what_is_not_there(client: Client, director: User) -> None:
    client.force_login(director)
    page = client.get("/finnes-ikke/")

    assert page.status_code == 404
    assert "Vi finner ikke siden" in page.content.decode()
    assert '<html lang="nb"' in page.content.decode()


def test_what_one_may_not_do(client: Client, director: User) -> None:
    client.force_login(director)
    page = client.get("/vesteralen/rediger/")

    assert page.status_code == 403
    assert "Du har ikke tilgang til dette" in page.content.decode()


def test_what_breaks_tells_no_detail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _broken_by(RuntimeError("a secret detail"), client, monkeypatch)

    assert page.status_code == 500
    assert "Noe gikk galt hos oss" in page.content.decode()
    assert "secret" not in page.content.decode() and "Traceback" not in page.content.decode()


# --- the guards' own addresses --------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_whoever_watches_needs_no_sign_in(client: Client, db: None, address: str) -> None:
    page = client.get(address)

    assert (page.status_code, page.content) == (200, b"ok")


def test_rights_of_nobody(sortland: Any) -> None:
    """Not signed in means no right, whatever stands in the tables."""
    assert not type(sortland).objects.visible_to(AnonymousUser()).exists()
