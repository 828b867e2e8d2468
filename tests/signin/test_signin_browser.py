"""The pages of the sign-in in a browser: a passkey by its own authenticator, both widths, nothing to complain of."""

import re
from pathlib import Path
from typing import Any

import allauth
import polib
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from digivesteralen.accounts import invitations
from digivesteralen.accounts.models import User
from digivesteralen.ui import wording
from digivesteralen.ui.translations import texts
from tests.browser import SPILLS, faults_of, opened, violations, window
from tests.people import PASSWORD

PAGES = [
    "/konto/sikkerhet/", "/konto/sessions/", "/konto/2fa/", "/konto/2fa/webauthn/", "/konto/2fa/webauthn/add/",
    "/konto/2fa/totp/activate/", "/konto/password/change/",
]  # fmt: skip


def test_the_pages_of_the_own_sign_in(browser: Browser, live_server: Any, it_leader: User) -> None:
    assert faults_of(browser, live_server, [(it_leader, path) for path in PAGES], unfolded=False) == []


def test_the_pages_of_the_way_in(browser: Browser, live_server: Any, it_leader: User) -> None:
    token = invitations.token(invitations.invite(user=it_leader, by=None))
    paths = ("/konto/login/", "/konto/password/reset/", f"/konto/invitasjon/{token}/")
    faults = faults_of(browser, live_server, [(None, path) for path in paths], unfolded=False)
    assert faults == [f"{paths[2]}: leads to {live_server.url}/konto/invitasjon/"]  # without what lets one in


def authenticator(page: Page) -> None:
    """A device with a fingerprint reader, as the browser itself plays it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_a_passkey_is_made_and_signs_in(browser: Browser, live_server: Any, it_leader: User, settings: Any) -> None:
    """Who must have a second step makes a passkey, and signs in with that alone, or after the password."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.SECOND_STEP_FOR = ["it_leader"]
    home = live_server.url.replace("127.0.0.1", "localhost")
    page, complaints = opened(browser, f"{home}/konto/login/")
    authenticator(page)
    page.get_by_label("E-post").fill(it_leader.email)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page).to_have_url(f"{home}/konto/to-trinn/")

    page.goto(f"{home}/konto/2fa/webauthn/add/")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{home}/konto/profil/")
    expect(page).to_have_url(f"{home}/konto/profil/")

    page.context.clear_cookies()
    page.goto(f"{home}/konto/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"{home}/konto/profil/")
    expect(page).to_have_url(f"{home}/konto/profil/")

    page.context.clear_cookies()
    page.goto(f"{home}/konto/login/")
    page.get_by_label("E-post").fill(it_leader.email)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page.locator("main")).not_to_contain_text("autentiseringsapp")
    assert violations(page) == [] and page.evaluate(SPILLS) == 0
    page.get_by_role("button", name="Bruk en passnøkkel").click()
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    page.goto(f"{home}/konto/profil/")
    expect(page).to_have_url(f"{home}/konto/profil/")
    assert complaints == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("SecurityError", "bruker ikke passnøkler på denne adressen"),  # as at a bare number
        ("NotAllowedError", "Passnøkkelen ble ikke brukt"),  # none at hand, or the person stopped
    ],
)
def test_a_passkey_that_the_browser_refuses_is_told(browser: Browser, live_server: Any, fault: str, told: str) -> None:
    page, _complaints = opened(browser, f"{live_server.url}/konto/login/")
    page.evaluate(f"() => {{ navigator.credentials.get = () => Promise.reject(new DOMException('', '{fault}')); }}")
    for _press in range(2):
        page.locator("#passkey_login").click()
        expect(page.get_by_role("alert")).to_contain_text(told)
    assert violations(page) == []


def test_the_pages_of_who_has_two_steps(browser: Browser, live_server: Any, it_leader: User) -> None:
    """An app, recovery codes that are shown once, and a passkey to name and to remove."""
    TOTP.activate(it_leader, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    RecoveryCodes.activate(it_leader)
    key = Authenticator.objects.create(
        user=it_leader, type="webauthn", data={"name": "Jobbtelefonen", "credential": {}}
    )
    paths = [
        "/konto/sikkerhet/", "/konto/2fa/", "/konto/2fa/recovery-codes/", "/konto/2fa/recovery-codes/generate/",
        "/konto/2fa/totp/deactivate/", "/konto/2fa/webauthn/", f"/konto/2fa/webauthn/keys/{key.pk}/edit/",
        f"/konto/2fa/webauthn/keys/{key.pk}/remove/", "/konto/reauthenticate/", "/konto/2fa/reauthenticate/",
    ]  # fmt: skip
    assert faults_of(browser, live_server, [(it_leader, path) for path in paths], unfolded=False) == []


def test_the_second_step_of_signing_in(browser: Browser, live_server: Any, it_leader: User) -> None:
    """Also where the code was wrong."""
    TOTP.activate(it_leader, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    page, complaints = opened(browser, f"{live_server.url}/konto/login/", width=390)
    page.get_by_label("E-post").fill(it_leader.email)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/konto/2fa/authenticate/")
    assert violations(page) == [] and page.evaluate(SPILLS) == 0

    page.get_by_label("Kode").fill("000000")
    with page.expect_navigation():
        page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page.get_by_label("Kode")).to_be_visible()
    # Who has an app alone is offered neither a passkey nor a recovery code.
    expect(page.locator("main")).not_to_contain_text(re.compile("passnøkkel|gjenoppretting"))
    assert violations(page) == [] and page.evaluate(SPILLS) == 0
    assert complaints == []


def test_the_key_of_an_app_is_read_in_groups_and_copied_whole(
    browser: Browser, live_server: Any, it_leader: User
) -> None:
    page, complaints = window(
        browser, live_server, it_leader, "/konto/2fa/totp/activate/", width=390,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    shown = page.locator(".p-key").inner_text()
    page.get_by_role("button", name="Kopier nøkkelen").click()
    expect(page.locator("[data-copied]")).to_have_text("Kopiert.")
    copied = page.evaluate("navigator.clipboard.readText()")

    assert {len(group) for group in shown.split()} == {4} and shown.replace(" ", "") == copied
    assert page.locator(f'a[href*="secret={copied}"]').inner_text() == "Åpne appen her"
    assert complaints == []


def test_what_the_browser_says_of_itself_is_told_in_words() -> None:
    agents = {
        "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1": "Safari on iPhone",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
        "curl/8.0": "curl/8.0",
        "": "unknown",
    }
    with translation.override("en"):
        assert {agent: wording.browser(agent) for agent in agents} == agents


def test_the_librarys_texts_that_are_said_anew_are_still_the_librarys() -> None:
    """A release that writes one otherwise would bring its own words back."""
    theirs = polib.pofile(str(Path(allauth.__file__).parent / "locale/nb/LC_MESSAGES/django.po"))
    known = {(entry.msgid, entry.msgid_plural) for entry in theirs}
    ours = [(text.text, text.plural) for text in texts() if text.file.endswith("accounts/phrases.py")]

    assert len(ours) > 50
    assert [text for text in ours if text not in known] == []
