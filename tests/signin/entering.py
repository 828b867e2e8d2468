"""Signing in as people do it: on the page, with the password."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.models import User
from tests.people import PASSWORD


def password(client: Client, user: User) -> Any:
    """The first step; the address is one that a form takes."""
    user.email = f"person-{user.pk}@test.example"
    user.save(update_fields=["email"])
    return client.post("/konto/login/", {"login": user.email, "password": PASSWORD})


def sign_in(user: User, browser: str = "A browser") -> Client:
    client = Client(headers={"user-agent": browser})
    password(client, user)
    assert "_auth_user_id" in client.session
    return client


def later(**much: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**much), tick=False)
