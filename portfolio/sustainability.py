"""The sustainability goals of the United Nations, as data with its source and day (D15)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from digivesteralen.ui import wording

FILE = Path(__file__).with_name("sustainability.toml")


@cache
def _list() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


def choices() -> list[tuple[int, str]]:
    """«13. Stoppe klimaendringene», in the language of the reader."""
    name = "en" if (get_language() or "").startswith("en") else "nb"
    return [(one["number"], f"{one['number']}. {one[name]}") for one in _list()["goal"]]


def named(numbers: Iterable[int]) -> list[str]:
    wanted = set(numbers)
    return [label for number, label in choices() if number in wanted]


def source() -> str:
    """Whose list it is, and of which day."""
    told = _list()
    return _("Adopted by the UN on %(day)s; names from %(source)s.") % {
        "day": wording.day(told["adopted_on"]),
        "source": told["source"],
    }
