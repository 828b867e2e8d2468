"""Signing in at the municipality's own provider, against a real one on this machine (T31, T33)."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from digivesteralen.accounts import invitations, oidc, session_limits, social
from digivesteralen.accounts.models import Invitation, User
from digivesteralen.ui import sending

# The provider of the tests is built on what its own libraries will change.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

EMAIL = "kari@sortland.example"
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "openid-connect.example.toml"
HIGH = {"acr": "idporten-loa-high"}
KARI = {"email": EMAIL, "email_verified": True, "name": "Kari Ny"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def tenants(provider: str, settings: Any, tmp_path: Path) -> None:
    """Two tenants and Ansattporten, read from a file as an installation has it."""
    (tmp_path / "secret").write_text("hush")
    told = [
        'id = "sortland"\nemail_domains = ["sortland.example"]\nsecond_step_amr = ["mfa"]',
        'id = "hadsel"\nemail_domains = ["hadsel.example"]',
        f'id = "ansattporten"\nemail_by_invitation = true\nacr = ["{HIGH["acr"]}"]\nacr_values = "{HIGH["acr"]}"',
    ]
    rest = f'name = "T"\nserver_url = "{provider}"\nclient_id = "portal"\nclient_secret_file = "secret"'
    (tmp_path / "p.toml").write_text("".join(f"[[provider]]\n{one}\n{rest}\n" for one in told))
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(str(tmp_path / "p.toml"))


@pytest.fixture
def kari(db: None) -> User:
    return User.objects.create_user(EMAIL, None, name="Kari Ny")


def signs_in(client: Client, provider: str, at: str, sub: str, process: str = "login", **claims: Any) -> Any:
    """The whole way there and back."""
    there = client.get(f"/konto/oidc/{at}/login/?process={process}").headers["Location"]
    return proves_it(client, provider, there, sub, **claims)


def proves_it(client: Client, provider: str, there: str, sub: str, **claims: Any) -> Any:
    """Sent there, the person proves who it is, and comes back with what the provider tells."""
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5)
    back = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def opens_invitation(client: Client, user: User) -> None:
    client.get(f"/konto/invitasjon/{invitations.token(invitations.invite(user=user, by=None))}/")


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_invitation_links_and_the_next_time_needs_none(tenants: None, provider: str, kari: User) -> None:
    first, later = Client(), Client()
    opens_invitation(first, kari)
    assert b"/konto/oidc/sortland/login/" in first.get("/konto/invitasjon/").content
    signs_in(first, provider, "sortland", "kari-1", **KARI)
    assert first.session["_auth_user_id"] == str(kari.pk)
    assert Invitation.objects.get().accepted is not None

    signs_in(later, provider, "sortland", "kari-1", email="married@sortland.example", email_verified=True)

    assert later.session["_auth_user_id"] == str(kari.pk), "the number of the account counts, not the address"


def test_the_way_there_is_guarded(tenants: None, provider: str, kari: User, client: Client) -> None:
    there = client.get("/konto/oidc/ansattporten/login/").headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}

    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) >= 43
    assert asked["state"] and asked["acr_values"] == "idporten-loa-high"
    assert asked["redirect_uri"].endswith("/konto/oidc/ansattporten/login/callback/")


def test_a_provider_that_refuses_the_code_puts_no_secret_in_the_log_or_on_the_page(
    tenants: None, provider: str, kari: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    there = client.get("/konto/oidc/sortland/login/").headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = client.get(f"/konto/oidc/sortland/login/callback/?code=feil&state={state}", follow=True)

    assert not is_in(client) and "<h1" in answer.content.decode()
    assert "hush" not in answer.content.decode() + caplog.text


def test_an_answer_that_nobody_asked_for_is_refused(tenants: None, provider: str, kari: User, client: Client) -> None:
    """Another's answer, pasted into this browser."""
    other = Client()
    opens_invitation(other, kari)
    there = other.get("/konto/oidc/sortland/login/").headers["Location"]
    requests.put(f"{provider}/users/kari-2", json=KARI, timeout=5)
    back = requests.post(there, data={"sub": "kari-2"}, allow_redirects=False, timeout=5).headers["Location"]
    client.get(back.removeprefix("http://testserver"))

    assert not is_in(client) and not SocialAccount.objects.exists()


def test_without_an_invitation_nobody_is_linked(tenants: None, provider: str, kari: User, client: Client) -> None:
    page = signs_in(client, provider, "sortland", "stranger", **KARI)

    assert page.status_code == 403
    assert not is_in(client) and not SocialAccount.objects.exists() and User.objects.count() == 1


def test_another_tenant_with_the_same_address_gets_nothing(tenants: None, provider: str, kari: User) -> None:
    """A second tenant says it has the director's e-mail; also with an invitation open in the same browser (T33)."""
    client = Client()
    opens_invitation(client, kari)

    assert signs_in(client, provider, "hadsel", "thief", **KARI).status_code == 403
    assert not is_in(client) and not SocialAccount.objects.exists()
    assert invitations.usable().exists(), "the right person can still use it"


def test_the_same_number_in_two_tenants_is_two_people(tenants: None, provider: str, kari: User) -> None:
    client = Client()
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "number-1", **KARI)
    other = Client()

    assert signs_in(other, provider, "hadsel", "number-1", **KARI).status_code == 403
    assert not is_in(other)


@pytest.mark.parametrize("email", [{"email": EMAIL, "email_verified": False}, {"email": "x@sortland.example"}, {}])
def test_only_the_invited_address_is_linked(
    tenants: None, provider: str, kari: User, client: Client, email: dict[str, Any]
) -> None:
    opens_invitation(client, kari)

    assert signs_in(client, provider, "sortland", "kari-3", name="Kari", **email).status_code == 403
    assert not is_in(client) and not SocialAccount.objects.exists()


@pytest.mark.parametrize(("level", "lets_in"), [("idporten-loa-high", True), ("idporten-loa-low", False), ("", False)])
def test_the_level_is_checked_each_time(
    tenants: None, provider: str, kari: User, client: Client, level: str, lets_in: bool
) -> None:
    opens_invitation(client, kari)
    signs_in(client, provider, "ansattporten", f"p-{level}", acr=level)

    assert is_in(client) is lets_in


def test_a_weaker_sign_in_is_refused_also_when_linked(tenants: None, provider: str, kari: User) -> None:
    first, later = Client(), Client()
    opens_invitation(first, kari)
    signs_in(first, provider, "ansattporten", "p-9", **HIGH)
    assert is_in(first)

    assert signs_in(later, provider, "ansattporten", "p-9", acr="idporten-loa-low").status_code == 403
    assert not is_in(later)


def test_nobody_links_from_inside(tenants: None, provider: str, kari: User, client: Client) -> None:
    """A session left open cannot be made into a lasting way in."""
    client.force_login(kari)

    assert signs_in(client, provider, "sortland", "thief-2", process="connect", **KARI).status_code == 403
    assert not SocialAccount.objects.exists()


def test_what_the_provider_knows_is_not_kept(tenants: None, provider: str, kari: User, client: Client) -> None:
    opens_invitation(client, kari)
    for _ in range(2):
        signs_in(client, provider, "sortland", "kari-4", pid="01017012345", **KARI)

    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize(("amr", "leads_to"), [(["pwd", "mfa"], 200), (["pwd"], 302)])
def test_the_second_step_may_be_the_providers(
    tenants: None, provider: str, kari: User, settings: Any, client: Client, amr: list[str], leads_to: int
) -> None:
    settings.SECOND_STEP_FOR = ["system_admin"]
    User.objects.update(is_staff=True)
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", f"boss-{len(amr)}", amr=amr, **KARI)

    assert client.get("/konto/profil/").status_code == leads_to


def test_a_closed_person_is_not_let_in(tenants: None, provider: str, kari: User) -> None:
    first, later = Client(), Client()
    opens_invitation(first, kari)
    signs_in(first, provider, "sortland", "kari-5", **KARI)
    User.objects.update(is_active=False)
    signs_in(later, provider, "sortland", "kari-5", **KARI)

    assert not is_in(later)
    assert first.get("/").status_code == 302


def test_an_old_sign_in_there_is_not_fresh_here(tenants: None, provider: str, kari: User, client: Client) -> None:
    """The provider may let in without asking; then a vote asks anew, there."""
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "kari-6", auth_time=int(time.time()) - 3600, **KARI)
    answer = client.get("/vesteralen/saker/1/syn/1870/")
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)

    assert answer.headers["Location"].startswith(provider)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize("path", ["/konto/password/set/", "/konto/password/change/"])
def test_nobody_gives_oneself_a_password_past_the_municipalitys_own_sign_in(
    tenants: None, provider: str, kari: User, client: Client, path: str
) -> None:
    """It would outlive the sign-in there, and be the proof that a vote asks of whoever sits at an open machine."""
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "kari-9", auth_time=int(time.time()) - 3600, **KARI)

    answer = client.post(path, {"password1": "en-lang-frase-av-ord", "password2": "en-lang-frase-av-ord"}, follow=True)

    assert answer.redirect_chain[-1] == ("/konto/sikkerhet/", 302)
    kari.refresh_from_db()
    assert not kari.has_usable_password()


VOTE = "/vesteralen/saker/1/syn/1870/"


def test_a_text_on_its_way_by_the_provider_is_not_saved(
    tenants: None, provider: str, kari: User, client: Client
) -> None:
    """The browser keeps it, and the person comes back to the page that offers it."""
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "kari-8", auth_time=int(time.time()) - 3600, **KARI)
    told = {"csrfmiddlewaretoken": "a" * 64, "draft_word": "abc1"}
    headers = {"Accept": "text/html", "Referer": f"http://testserver{VOTE}?side=2"}
    for _time in range(2):
        answer = client.post(VOTE, told, headers=headers)
        assert answer.headers["Location"].startswith(provider)
        assert sending.COOKIE not in answer.cookies
    asked = [state for state, *_rest in client.session["socialaccount_states"].values()]
    assert [state["next"] for state in asked[-2:]] == [f"{VOTE}?side=2"] * 2, "each press has a way of its own"


@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "http://testserver//evil.example/x"])
def test_the_way_back_is_never_elsewhere(referer: str, rf: Any) -> None:
    assert session_limits._page_of(rf.post(VOTE, headers={"Referer": referer})) == "/"


@pytest.mark.parametrize("seconds_ago", [None, 3600, -3600], ids=["no time", "an old time", "a time to come"])
def test_a_provider_that_does_not_tell_a_fresh_time_when_asked_is_not_believed(
    tenants: None, provider: str, kari: User, client: Client, seconds_ago: int | None
) -> None:
    """Our question passes through the browser, where it can be taken out; the person is told, and not sent around."""
    told = {**KARI, "auth_time": seconds_ago and int(time.time()) - seconds_ago}
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "kari-9", **told)
    there = client.get(VOTE).headers["Location"]
    assert there.startswith(provider), "an ordinary way in may have been silent"
    page = proves_it(client, provider, there, "kari-9", **told)
    assert page.status_code == 403
    assert "forteller ikke når du sist" in page.content.decode()
    assert client.get(VOTE).headers["Location"].startswith(provider), "nor is the vote open"
    assert SocialAccount.objects.get().extra_data == {}, "who was refused leaves nothing behind"
    assert is_in(client)


def test_whoever_proved_it_anew_there_goes_on(tenants: None, provider: str, kari: User, client: Client) -> None:
    opens_invitation(client, kari)
    signs_in(client, provider, "sortland", "kari-9", auth_time=int(time.time()) - 3600, **KARI)
    there = client.get(VOTE).headers["Location"]
    back = proves_it(client, provider, there, "kari-9", auth_time=int(time.time()), **KARI)
    assert back.headers["Location"] == VOTE
    assert not client.get(VOTE).headers.get("Location", "").startswith(provider)


@pytest.mark.parametrize("told", ["yesterday", True, None])
def test_a_time_that_is_no_number_is_no_proof(told: Any) -> None:
    assert social._proved_at({"auth_time": told}) == 0


def test_the_example_is_read(tmp_path: Path) -> None:
    copy = tmp_path / "providers.toml"
    copy.write_text(EXAMPLE.read_text())
    for name in ("sortland", "ansattporten"):
        (tmp_path / f"{name}.secret").write_text("hush\n")

    apps = oidc.providers(str(copy))["openid_connect"]["APPS"]

    assert [(one["provider_id"], one["secret"]) for one in apps] == [("sortland", "hush"), ("ansattporten", "hush")]
    assert all(one["settings"]["uid_field"] == "sub" for one in apps)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('colour = "red"\nemail_domains = ["a"]', "unknown colour"),
        ("", "say email_domains"),
        ('email_domains = ["a"]\n[[provider]]\nid = "a"', "the same id"),
        ('email_domains = ["a"]\nscope = ["openid"]', "must begin with https"),
        ('email_domains = ["a"]\n[[provider]]\nid = "b"', "is missing"),
    ],
)
def test_a_file_that_cannot_be_followed_stops_the_start(tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "s").write_text("hush")
    start = '[[provider]]\nid = "a"\nname = "A"\nserver_url = "https://a"\nclient_id = "a"\nclient_secret_file = "s"\n'
    start = start.replace("https", "http") if "https" in said else start
    (tmp_path / "p.toml").write_text(start + more)

    with pytest.raises(oidc.BadProvider, match=said):
        oidc.providers(str(tmp_path / "p.toml"))
