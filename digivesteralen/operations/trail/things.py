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
from governance import belonging


class Things:
    """Fetched kind by kind for as many acts as a page shows, and asked one by one."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._seen: dict[tuple[str, str], models.Model] = {}

    def fetch(self, acts: Iterable[Act]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for act in acts:
            if act.object_type:
                wanted[act.object_type].add(act.object_id)
        for kind, keys in wanted.items():
            if (model := _model(kind)) is not None:
                for thing in belonging.open_to(self._reader, model).filter(pk__in=keys):
                    self._seen[kind, str(thing.pk)] = thing

    def of(self, act: Act) -> models.Model | None:
        return self._seen.get((act.object_type, act.object_id))

    def name(self, act: Act) -> str:
        """«Sak: Felles sakarkiv», or the kind alone."""
        model = _model(act.object_type)
        if model is None:
            return ""
        kind, thing = capfirst(str(model._meta.verbose_name)), self.of(act)
        return _("%(kind)s: %(name)s") % {"kind": kind, "name": thing} if thing is not None else kind


def _model(kind: str) -> Any:
    try:
        return apps.get_model(kind) if kind else None
    except LookupError:
        # A kind of thing that is no longer in the portal: its acts stand.
        return None
