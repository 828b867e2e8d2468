"""The providers of identities that people may sign in at, from a file: one for each municipality's tenant (T31, T33).

Settings import this, so it knows no models. ``docs/openid-connect.example.toml`` shows each word.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digivesteralen import environment

WORDS = {
    "id", "name", "server_url", "client_id", "client_secret_file", "email_domains", "email_by_invitation", "scope",
    "acr_values", "acr", "amr", "second_step_acr", "second_step_amr", "fetch_userinfo", "token_auth_method",
}  # fmt: skip
NEEDED = {"id", "name", "server_url", "client_id", "client_secret_file"}


class BadProvider(ValueError):
    """The file says something that cannot be followed; the start stops and tells."""


def providers(path: str) -> dict[str, Any]:
    """What the library reads as SOCIALACCOUNT_PROVIDERS; PKCE always, also where a provider does not ask for it."""
    apps = _apps(Path(path)) if path else []
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _apps(path: Path) -> list[dict[str, Any]]:
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("provider", [])
    names = [one.get("id") for one in found]
    if len(set(names)) != len(names):
        raise BadProvider(f"{path}: two providers have the same id.")
    return [_app(one, path.parent) for one in found]


def _app(told: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    name = told.get("id", "?")
    if unknown := set(told) - WORDS:
        raise BadProvider(f"Provider {name}: unknown {', '.join(sorted(unknown))}.")
    if missing := NEEDED - set(told):
        raise BadProvider(f"Provider {name}: {', '.join(sorted(missing))} is missing.")
    if not told.get("email_domains") and not told.get("email_by_invitation"):
        raise BadProvider(f"Provider {name}: say email_domains, or email_by_invitation = true.")
    where = urlsplit(told["server_url"])
    if where.scheme != "https" and where.hostname not in {"127.0.0.1", "localhost"}:
        raise BadProvider(f"Provider {name}: server_url must begin with https://.")
    settings: dict[str, Any] = {
        "server_url": told["server_url"],
        "fetch_userinfo": told.get("fetch_userinfo", True),
        "scope": told.get("scope", ["openid", "profile", "email"]),
        "uid_field": "sub",
        "email_authentication": False,
        "email_domains": [one.lower() for one in told.get("email_domains", [])],
        "email_by_invitation": bool(told.get("email_by_invitation")),
        **{word: list(told.get(word, [])) for word in ("acr", "amr", "second_step_acr", "second_step_amr")},
    }
    if told.get("acr_values"):
        settings["auth_params"] = {"acr_values": told["acr_values"]}
    if told.get("token_auth_method"):
        settings["token_auth_method"] = told["token_auth_method"]
    secret = environment.known((folder / told["client_secret_file"]).read_text(encoding="utf-8").strip())
    return {
        "provider_id": name, "name": told["name"], "client_id": told["client_id"], "secret": secret,
        "settings": settings,
    }  # fmt: skip


def is_strong_enough(asked: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """What the provider demands of the way a person signed in: one of its levels, and one of its methods."""
    return _one_of(asked["acr"], _words(claims.get("acr"))) and _one_of(asked["amr"], _words(claims.get("amr")))


def has_second_step(asked: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """The provider says that the person used more than a password."""
    levels, methods = asked["second_step_acr"], asked["second_step_amr"]
    by_level = bool(levels) and _one_of(levels, _words(claims.get("acr")))
    return by_level or (bool(methods) and _one_of(methods, _words(claims.get("amr"))))


def vouches_for(asked: Mapping[str, Any], email: str, claims: Mapping[str, Any]) -> bool:
    """Whether this provider may say who has that address: said in its claims, in its own domains, and not denied.

    Entra ID says nothing of ``email_verified``; the tenant then answers for its own domains alone. A provider that
    knows no addresses (Ansattporten) leans on the invitation, which went to the address and holds once.
    """
    if asked["email_by_invitation"]:
        return True
    told = str(claims.get("email") or "").lower()
    in_domain = told.rpartition("@")[2] in asked["email_domains"]
    return told == email.lower() and in_domain and claims.get("email_verified", True) is True


def _words(value: Any) -> set[str]:
    return {str(one) for one in value} if isinstance(value, list) else {str(value)} if value else set()


def _one_of(demanded: list[str], told: set[str]) -> bool:
    return not demanded or bool(told.intersection(demanded))
