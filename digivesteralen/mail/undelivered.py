"""Whom e-mail does not reach: told to those who can correct the address."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from digivesteralen.mail.models import Letter


def to(address: str) -> Letter | None:
    """The newest message to this address that was refused or came back, if none has got through since."""
    if not address:
        return None
    letter: Letter | None = Letter.objects.to_address(address).still_in_vain().order_by("-ended_at").first()
    return letter


def among(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that e-mail does not reach, in small letters; one query for a whole list."""
    asked = {address.lower() for address in addresses if address}
    found = Letter.objects.still_in_vain().annotate(address=Lower("to")).filter(address__in=asked)
    return set(found.values_list("address", flat=True))
