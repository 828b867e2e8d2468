"""Who must have a second step gets no further than to setting it up (T35)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from digivesteralen.accounts import second_step
from digivesteralen.accounts.models import User
from governance.actions import collaborations
from governance.models import Collaboration
from tests.people import PASSWORD
from tests.signin.entering import password

ALL = ["system_admin", "secretariat", "director"]
SET_UP = "/konto/to-trinn/"


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_app(user: User) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


@pytest.fixture
def enforced(settings: Any) -> None:
    settings.SECOND_STEP_FOR = ALL


@pytest.mark.parametrize("role", ["secretary", "director", "sysadmin"])
@pytest.mark.parametrize("path", ["/", "/vesteralen/", "/konto/profil/", "/vesteralen/personer/?format=xlsx"])
def test_a_role_that_asks_for_it_opens_only_the_page_of_setting_up(
    enforced: None, client: Client, request: pytest.FixtureRequest, role: str, path: str
) -> None:
    client.force_login(request.getfixturevalue(role))

    for answer in (client.get(path), client.post(path, {})):
        assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP)


@pytest.mark.parametrize(
    "path", [SET_UP, "/konto/2fa/", "/konto/2fa/totp/activate/", "/konto/2fa/webauthn/add/", "/personvern/"]
)
def test_setting_up_is_open(enforced: None, client: Client, secretary: User, path: str) -> None:
    client.force_login(secretary)

    assert client.get(path).status_code == 200


def test_a_fragment_sends_the_whole_window_there(enforced: None, client: Client, secretary: User) -> None:
    client.force_login(secretary)
    answer = client.get("/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, SET_UP)


def test_other_roles_are_not_asked(enforced: None, client: Client, contact: User) -> None:
    client.force_login(contact)

    assert client.get("/").status_code == 200
    assert client.get(SET_UP).headers["Location"] == "/konto/sikkerhet/"


def test_an_app_lets_the_person_in_and_is_asked_for_the_next_time(enforced: None, secretary: User) -> None:
    client = Client()
    password(client, secretary)
    assert client.get("/").headers["Location"] == SET_UP
    page = client.get("/konto/2fa/totp/activate/")
    secret = page.context_data["form"].secret
    done = client.post("/konto/2fa/totp/activate/", {"code": code(secret)})
    assert done.status_code == 302
    assert client.get("/").status_code == 200

    cache.clear()  # a code is good once; the next is half a minute away
    again = Client()
    first = password(again, secretary)
    assert first.headers["Location"] == "/konto/2fa/authenticate/"
    assert again.get("/").headers["Location"].startswith("/konto/login/")
    again.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in again.session
    again.post("/konto/2fa/authenticate/", {"code": code(secret)})
    assert again.get("/").status_code == 200


def test_a_code_is_good_once(secretary: User) -> None:
    secret = with_app(secretary)
    given = code(secret)
    outcomes = []
    for _ in range(2):
        client = Client()
        password(client, secretary)
        client.post("/konto/2fa/authenticate/", {"code": given})
        outcomes.append("_auth_user_id" in client.session)

    assert outcomes == [True, False]


def test_a_code_that_changed_while_it_was_typed_is_good_once_too(secretary: User) -> None:
    """Half a minute later the app shows the next one; a minute later the first is no code any more."""
    secret, start = with_app(secretary), datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        given = code(secret)
    came_in = []
    for later in (31, 59, 61):
        with time_machine.travel(start + timedelta(seconds=later), tick=False):
            client = Client()
            password(client, secretary)
            client.post("/konto/2fa/authenticate/", {"code": given})
            came_in.append("_auth_user_id" in client.session)
        cache.delete(f"allauth.mfa.totp.used?user={secretary.pk}&code={given}")  # the library remembers half a minute

    assert came_in == [True, False, False]


def test_guessing_codes_is_braked(secretary: User, settings: Any) -> None:
    del settings.ACCOUNT_RATE_LIMITS
    secret = with_app(secretary)
    client = Client()
    password(client, secretary)
    for _ in range(6):
        client.post("/konto/2fa/authenticate/", {"code": "000000"})
    client.post("/konto/2fa/authenticate/", {"code": code(secret)})

    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_once(secretary: User) -> None:
    with_app(secretary)
    one = RecoveryCodes.activate(secretary).generate_codes()[0]
    outcomes = []
    for _ in range(2):
        client = Client()
        password(client, secretary)
        client.post("/konto/2fa/authenticate/", {"code": one})
        outcomes.append("_auth_user_id" in client.session)

    assert outcomes == [True, False]


def test_recovery_codes_are_shown_once(secretary: User) -> None:
    client = Client()
    password(client, secretary)
    with_app(secretary)
    codes = RecoveryCodes.activate(secretary).generate_codes()

    first, second = (client.get("/konto/2fa/recovery-codes/").content.decode() for _ in range(2))

    assert all(one in first for one in codes)
    assert not any(one in second for one in codes)


def test_the_last_step_of_who_must_have_one_cannot_be_removed(enforced: None, secretary: User) -> None:
    client = Client()
    client.force_login(secretary)
    with_app(secretary)
    client.post("/konto/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=secretary, type="totp").exists()


def test_secrets_lie_sealed_in_the_database(secretary: User) -> None:
    secret = with_app(secretary)
    seed = RecoveryCodes.activate(secretary).instance

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "sealed:" in seed.data["seed"]


def test_a_collaboration_may_ask_it_of_everybody(digi: Collaboration, secretary: User, contact: User) -> None:
    """From the next page of everybody who has a role in it; and of nobody else."""
    client = Client()
    client.force_login(contact)
    assert client.get("/").status_code == 200

    collaborations.change_collaboration(collaboration=digi, second_step=True, by=secretary)
    assert client.get("/").headers["Location"] == SET_UP

    collaborations.change_collaboration(collaboration=digi, second_step=False, by=secretary)
    assert client.get("/").status_code == 200


def test_another_collaboration_is_not_asked(digi: Collaboration, secretary: User, outsider: User) -> None:
    collaborations.change_collaboration(collaboration=digi, second_step=True, by=secretary)

    assert second_step.is_needed(secretary)
    assert not second_step.is_needed(outsider)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/admin/login/", "/admin/"),
        ("/admin/login/?next=/konto/drift/", "/konto/drift/"),
        ("/admin/login/?next=https://evil.example/", "/admin/"),
    ],
)
def test_the_administration_has_no_way_in_of_its_own(client: Client, sysadmin: User, path: str, wanted: str) -> None:
    """Its form would ask for the password alone, and count no guesses."""
    with_app(sysadmin)

    for answer in (client.get(path), client.post(path, {"username": sysadmin.email, "password": PASSWORD})):
        assert answer.headers["Location"] == f"/konto/login/?next={wanted}"
    assert "_auth_user_id" not in client.session

    client.force_login(sysadmin)
    assert client.get(path).headers["Location"] == wanted


def test_a_password_is_changed_in_one_place_which_tells_the_person(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)

    assert client.get("/admin/password_change/").headers["Location"] == "/konto/password/change/"


def test_who_does_not_run_the_installation_is_not_sent_round_in_the_administration(
    client: Client, director: User
) -> None:
    client.force_login(director)

    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/", 302)
