"""What acts and changes are about, by name, for one reader: who may not see a thing does not read its name here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.audit.models import Act
from digivesteralen.audit.together import of_each
from governance import belonging


class Things:
    """Fetched kind by kind for as many acts as are shown, and asked one by one."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        # By kind and number: what it is called, and where it stands.
        self._seen: dict[tuple[str, str], tuple[str, str]] = {}

    def fetch(self, acts: Iterable[Act]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for act in acts:
            if act.object_type:
                wanted[act.object_type].add(act.object_id)
        for kind, keys in wanted.items():
            if (model := _model(kind)) is not None:
                for key, told in of_each(belonging.open_to(self._reader, model).filter(pk__in=keys), _told).items():
                    self._seen[kind, str(key)] = told

    def address(self, act: Act) -> str:
        return self._seen.get((act.object_type, act.object_id), ("", ""))[1]

    def name(self, act: Act) -> str:
        """«Sak: Felles sakarkiv», or the kind alone."""
        model = _model(act.object_type)
        if model is None:
            return ""
        kind, told = capfirst(str(model._meta.verbose_name)), self._seen.get((act.object_type, act.object_id))
        return _("%(kind)s: %(name)s") % {"kind": kind, "name": told[0]} if told is not None else kind


def _told(thing: models.Model) -> tuple[str, str]:
    address = getattr(thing, "get_absolute_url", None)
    return str(thing), address() if address is not None else ""


def _model(kind: str) -> Any:
    try:
        return apps.get_model(kind) if kind else None
    except LookupError:
        # A kind of thing that is no longer in the portal: its acts stand.
        return None
