"""The pages of the sign-in itself, and those of the system administrator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from governance.models import Collaboration, Meeting, Organisation, Region, Role
from tests.addresses.asking import ask
from tests.addresses.built import appointed
from tests.addresses.urlconf import ACCOUNT, ADDRESSES
from tests.addresses.world import ROLES, World
from tests.frozen import FROZEN, WITHOUT_A_ROW

# One process loads the demo and walks, while the other plays the journey.
pytestmark = pytest.mark.xdist_group("walk")


# Of the sign-in's own pages these need no sign-in; all others lead to it.
OPEN = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_email_verification_sent",
    "account_confirm_email", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
KEYS = {"account_confirm_email": ["abc"], "account_reset_password_from_key": ["1", "abc-def"]}
KEYS |= dict.fromkeys(["openid_connect_login", "openid_connect_callback"], ["nowhere"])


@pytest.fixture(scope="module")
def just_signed_in(world: World) -> Iterator[Client]:
    """With a password, given once more a moment ago: the pages about one's own sign-in ask for that."""
    with transaction.atomic():
        user = appointed(world, "fresh director", Role.DIRECTOR, world.sortland, world.users["secretariat"])
        password = "a-long-password-for-tests"
        user.set_password(password)
        user.save()
        client = Client()
        client.post("/konto/login/", {"login": user.email, "password": password})
        assert "_auth_user_id" in client.session
        client.post("/konto/reauthenticate/", {"password": password})
        yield client
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ACCOUNT)
def test_the_pages_of_the_sign_in(name: str, world: World, just_signed_in: Client) -> None:
    path = reverse(name, args=KEYS.get(name, [1] if "<int:pk>" in ADDRESSES[name].route else []))
    for method in ("get", "post"):
        stranger = ask(Client(), method, path)

        assert stranger.status < 500
        assert name in OPEN or stranger.leads_to.startswith("/konto/login/")
        if name != "account_logout" or method == "get":
            assert ask(just_signed_in, method, path).status < 500


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"])
def test_a_second_step_can_be_set_up(name: str, world: World, just_signed_in: Client) -> None:
    assert ask(just_signed_in, "get", reverse(name)).status == 200


@pytest.mark.parametrize("who", [*ROLES, "nobody"])
def test_the_administration_is_for_the_system_administrator(
    world: World, clients: dict[str, Client], who: str, quick: None
) -> None:
    pages = [reverse("admin:index")]
    pages += [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]

    assert [ask(clients[who], "get", page).status for page in pages] == [302] * len(pages)


def test_the_system_administrator_reads_no_content(world: World, clients: dict[str, Client], quick: None) -> None:
    """Names of what the installation holds, to look after it; access to more is by appointment only."""
    who = clients["system administrator"]
    pages = {m: reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry}

    assert ask(who, "get", reverse("admin:index")).status == 200
    assert {m.__name__ for m, page in pages.items() if ask(who, "get", page).status == 200} == {
        "Collaboration", "Organisation", "Region",
    }  # fmt: skip


def test_nothing_is_changed_in_the_administration(
    world: World, clients: dict[str, Client], admin_client: Client, quick: None
) -> None:
    """T24: what has gone out is not there at all, and what is there is only read, whoever asks."""
    frozen = {one.table for one in FROZEN} | set(WITHOUT_A_ROW)
    assert not frozen & {model._meta.db_table for model in admin.site._registry}

    for client in (clients["system administrator"], admin_client):
        minutes = Meeting.objects.filter(state=Meeting.State.APPROVED).values_list("pk", flat=True)[0]
        for what in ("change", "delete"):
            assert ask(client, "post", f"/admin/governance/meeting/{minutes}/{what}/").status == 404
        for name, row in (("collaboration", Collaboration), ("organisation", Organisation), ("region", Region)):
            one = row.objects.values_list("pk", flat=True)[0]
            pages = [reverse(f"admin:governance_{name}_add")]
            pages += [reverse(f"admin:governance_{name}_{what}", args=[one]) for what in ("change", "delete")]
            assert [ask(client, "post", page, data={"name": "Et annet"}).status for page in pages] == [403] * 3
