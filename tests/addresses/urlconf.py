"""Every address of the portal, as the URLconf has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic import RedirectView


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf."""

    name: str
    route: str
    view: Any

    @property
    def takes(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            if pattern.urlconf_name is admin.site.urls[0] or pattern.app_name == "admin":
                continue
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif getattr(pattern.callback, "view_class", None) is RedirectView:
            continue  # an address that the library of sign-ins had before
        elif isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}", route, pattern.callback)


ADDRESSES = {address.name: address for address in _walk(get_resolver().url_patterns)}
OURS = [name for name, address in ADDRESSES.items() if hasattr(address.view, "need")]
ACCOUNT = [name for name in ADDRESSES if name not in OURS]


def lists(collaboration: str) -> list[tuple[str, str]]:
    """The addresses that hold the name of a collaboration and nothing else."""
    names = [name for name in OURS if ADDRESSES[name].takes == ["samarbeid"]]
    return [(name, reverse(name, args=[collaboration])) for name in names]
