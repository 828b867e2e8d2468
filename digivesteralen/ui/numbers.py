"""Numbers that an address, a button or a hidden field names."""

from django.http import HttpRequest


def whole(said: str) -> int | None:
    """The number, where it is one and no longer than the database takes; else none."""
    return int(said) if said.isdecimal() and len(said) < 10 else None


def version_in(request: HttpRequest, name: str = "version") -> int:
    """The version that the page with the button was made from; what is no number, or not sent, fits no version."""
    return whole(request.POST.get(name, "")) or 0
