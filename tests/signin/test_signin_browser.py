"""The pages of the sign-in in a browser: a passkey by its own authenticator, both widths, nothing to complain of."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from digivesteralen.accounts import invitations
from digivesteralen.accounts.models import User
from tests.browser import faults_of, opened
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
    """Who must have a second step makes a passkey, and signs in with that alone the next time."""
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
    assert complaints == []
