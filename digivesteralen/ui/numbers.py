"""Numbers that an address, a button or a hidden field names."""


def whole(said: str) -> int | None:
    """The number, where it is one and no longer than the database takes; else none."""
    return int(said) if said.isdecimal() and len(said) < 10 else None
