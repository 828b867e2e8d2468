"""The names of national solutions in a cell: «ID-porten, KRR; Fiks SvarUt / SvarInn»."""

from __future__ import annotations

import difflib
import re
from typing import Any

from django.utils.translation import gettext as _

from surveys.inventory_cells import empty
from surveys.inventory_names import parts_of
from surveys.models import Integration, NationalSolution
from surveys.models.catalogue import key_of

STATES = {"connected": Integration.State.CONNECTED.value, "ready": Integration.State.READY.value}


class Solutions:
    """The list of national solutions by what people call them."""

    def __init__(self) -> None:
        self._by_name: dict[str, int] = {}
        self.names: dict[str, str] = {}
        for solution in NationalSolution.objects.order_by("pk"):
            self.names[str(solution.pk)] = solution.name
            for name in _called(solution.name):
                self._by_name.setdefault(key_of(name), solution.pk)

    def said(self, field: str, value: Any) -> dict[str, str]:
        """State by solution; a name that no solution has is a fault, with the near ones."""
        if empty(value):
            return {}
        found = {}
        for name in parts_of(str(value), self._by_name):
            if key_of(name) not in self._by_name:
                raise ValueError(self._unknown(name))
            found[str(self._by_name[key_of(name)])] = STATES[field]
        return found

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(key_of(name), self._by_name, n=3, cutoff=0.5)
        said = _("«%(name)s» is no national solution in the portal.") % {"name": name}
        if not near:
            return f"{said} {_('See the list of national solutions.')}"
        names = dict.fromkeys(self.names[str(self._by_name[one])] for one in near)
        return f"{said} {_('Did you mean %(names)s?') % {'names': ', '.join(f'«{one}»' for one in names)}}"


def _called(name: str) -> list[str]:
    """«Kontakt- og reservasjonsregisteret (KRR)» is also either of the two; «Digisos / Fiks Digisos» each part."""
    bare = re.sub(r"\s*\([^()]*\)", "", name)
    short = [one for one in re.findall(r"\(([^()]*)\)", name) if " " not in one]
    return [name, bare, *short, *(part for part in re.split(r"\s+/\s+", bare))]
