"""The last part of an address: given once, unique in its collaboration, never changed."""

from collections.abc import Container

from governance.addresses import plain

LONGEST = 50


def slug_for(words: str, taken: Container[str]) -> str:
    """An address that is not taken; the second of the same name gets «-2»."""
    stem = plain(words, limit=LONGEST) or "uten-navn"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
