"""A person's own calendar address: made, renewed and ended by that person alone."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.models import CalendarLink


@transaction.atomic
def make_link(*, by: Any) -> str:
    """A new address; the one before stops working. Only its hash is kept, so it is shown this once."""
    end_link(by=by)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(user=by, digest=digest(token))
    return token


@transaction.atomic
def end_link(*, by: Any) -> None:
    User.objects.select_for_update().get(pk=by.pk)
    CalendarLink.objects.filter(user=by, ended_at=None).update(ended_at=timezone.now())


def holder(token: str) -> User | None:
    """Whose address it is, and that it was used; nobody's when it has ended or the person may no longer sign in."""
    link = CalendarLink.objects.filter(digest=digest(token), ended_at=None, user__is_active=True)
    found = link.select_related("user").first()
    if found is None:
        return None
    link.update(last_used_at=timezone.now())
    return found.user


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
