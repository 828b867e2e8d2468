"""Whom the portal does not write to: people whose user is closed (T27)."""

from collections.abc import Callable, Iterable

from django.db.models.functions import Lower

from digivesteralen.accounts.models import User

Found = Callable[[set[str]], Iterable[str]]
_also: list[Found] = []


def also(found: Found) -> None:
    """Of addresses in small letters, those that a closed user is reached at beside the one to sign in with."""
    _also.append(found)


def among(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses, in small letters, that belong to a closed user."""
    asked = {address.lower() for address in addresses}
    users = User.objects.filter(is_active=False).annotate(address=Lower("email")).filter(address__in=asked)
    return {*users.values_list("address", flat=True), *(address for found in _also for address in found(asked))}
