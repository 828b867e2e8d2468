"""The history of one thing, as people read it: who, when, what before and after, and the acts about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.audit.models import Act
from digivesteralen.audit.wording import verb_in_words

# Shown on a page; the whole stands in the database.
LATEST = 50
NOT_TOLD = {"id", "version", "created_at", "updated_at"}


@dataclass(frozen=True)
class Change:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass
class Entry:
    """One line of the history."""

    at: datetime
    verb: str
    who: str
    # A look or a file taken out changes nothing.
    is_act: bool = False
    changes: list[Change] = field(default_factory=list)


def history(thing: models.Model) -> list[Entry]:
    """The latest changes of a thing and the acts about it, newest first; few questions to the database."""
    events = list(_events(thing))
    acts = list(Act.objects.about(thing).order_by("-at", "-pk")[:LATEST])
    names = _names([_user(event) for event in events] + [act.by_id for act in acts])
    entries = [Entry(act.at, verb_in_words(act.verb), names[act.by_id], is_act=True) for act in acts]
    told = _Teller(type(thing), events)
    for index, event in enumerate(events[:LATEST]):
        older = events[index + 1] if index + 1 < len(events) else None
        entry = Entry(event.pgh_created_at, verb_in_words(event.pgh_label), names[_user(event)])
        if event.pgh_label == "update" and older is not None and not _was_screened(thing, older, event):
            entry.changes = told.changes(older, event)
        entries.append(entry)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:LATEST]


def _was_screened(thing: models.Model, *events: Any) -> bool:
    """Written while the thing was exempt from public disclosure, which it no longer is: not told (rule 8)."""
    return not getattr(thing, "exempt", True) and any(event.exempt for event in events)


def event_model(model: type[models.Model]) -> Any:
    """The model of a tracked model's events, or nothing where the model is not tracked."""
    for related in model._meta.related_objects:
        if related.field.name == "pgh_obj":
            return related.related_model
    return None


def _events(thing: models.Model) -> Iterable[Any]:
    events = event_model(type(thing))
    if events is None:
        return []
    return events.objects.filter(pgh_obj_id=thing.pk).order_by("-pgh_id")[: LATEST + 1]


def _user(event: Any) -> int | None:
    return (event.pgh_context or {}).get("user")


def _names(keys: Iterable[int | None]) -> dict[int | None, str]:
    """Names of the people; one who is gone keeps the number, and no one at all is the portal itself."""
    wanted = {key for key in keys if key is not None}
    people = get_user_model()._default_manager.in_bulk(wanted) if wanted else {}
    names: dict[int | None, str] = {key: str(people.get(key, f"#{key}")) for key in wanted}
    return {**names, None: str(_("The portal"))}


class _Teller:
    """Puts values into words; things that are pointed at are fetched once per kind."""

    def __init__(self, model: type[models.Model], events: list[Any]) -> None:
        tracked = {f.attname for f in type(events[0])._meta.concrete_fields} if events else set()
        self.fields = [
            f
            for f in model._meta.concrete_fields
            if f.attname in tracked and f.name not in NOT_TOLD and not f.primary_key and not f.generated and _label(f)
        ]
        self.things = {f: self._fetch(f, events) for f in self.fields if isinstance(f, models.ForeignKey)}

    def _fetch(self, f: models.ForeignKey[Any, Any], events: list[Any]) -> dict[Any, Any]:
        keys = {getattr(event, f.attname) for event in events} - {None}
        # One value in all events is never shown as a change.
        if len({getattr(event, f.attname) for event in events}) < 2:
            return {}
        return defaultdict(str, f.related_model._base_manager.in_bulk(keys, field_name=f.target_field.name))

    def changes(self, older: Any, newer: Any) -> list[Change]:
        return [
            Change(_label(f), self._words(f, before), self._words(f, after))
            for f in self.fields
            if (before := getattr(older, f.attname)) != (after := getattr(newer, f.attname))
        ]

    def _words(self, f: models.Field[Any, Any], value: Any) -> str:
        if value is None or value == "":
            return "–"
        if f in self.things:
            return str(self.things[f].get(value, f"#{value}"))
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if f.choices:
            return str(dict(f.flatchoices).get(value, value))
        return str(value) if f.name == "year" else _formatted(value)


def _label(f: models.Field[Any, Any]) -> str:
    """The field's own words; a pointer without any is called by what it points at, and what has none is not told."""
    if f._verbose_name is not None:  # type: ignore[attr-defined]
        return str(f.verbose_name)
    return str(f.related_model._meta.verbose_name) if isinstance(f, models.ForeignKey) else ""


def _formatted(value: Any) -> str:
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return str(formats.localize(value))
