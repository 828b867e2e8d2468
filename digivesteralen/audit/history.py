"""The history of one thing, as people read it: who, when, what before and after, and the acts about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.audit.models import Act
from digivesteralen.audit.together import of_each
from digivesteralen.audit.wording import verb_in_words

# Shown on a page; the whole stands in the database.
LATEST = 50
# Read at a time, where the whole is taken out.
PIECE = 500
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
    on_behalf: str = ""


def history(thing: models.Model) -> list[Entry]:
    """The latest changes of a thing and the acts about it, newest first; few questions to the database."""
    events = list(_events(thing))
    acts = list(Act.objects.about(thing).order_by("-at", "-pk")[:LATEST])
    names = names_of([_user(event) for event in events] + [act.by_id for act in acts])
    entries = [_act_entry(act, names) for act in acts]
    told = _Teller(type(thing), events)
    for index, event in enumerate(events[:LATEST]):
        older = events[index + 1] if index + 1 < len(events) else None
        entry = Entry(event.pgh_created_at, verb_in_words(event.pgh_label), _said_for(names[_user(event)], event))
        if event.pgh_label == "update" and older is not None and not _was_screened(thing, older, event):
            entry.changes = told.changes(older, event)
        entries.append(entry)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:LATEST]


def told_in_words(
    model: type[models.Model], pairs: Sequence[tuple[Any, Any]], things: Mapping[Any, models.Model]
) -> list[Entry]:
    """Events of many rows of one model, each with the one before it; what has no thing here tells no fields."""
    names = names_of([_user(event) for event, _older in pairs])
    told = _Teller(model, [event for pair in pairs for event in pair if event is not None])
    entries = []
    for event, older in pairs:
        entry = Entry(event.pgh_created_at, verb_in_words(event.pgh_label), names[_user(event)])
        entry.on_behalf = str((event.pgh_context or {}).get("on_behalf") or "")
        thing = things.get(event.pgh_obj_id)
        if thing is not None and older is not None and not _was_screened(thing, older, event):
            entry.changes = told.changes(older, event)
        entries.append(entry)
    return entries


def _was_screened(thing: models.Model, *events: Any) -> bool:
    """Written while the thing was exempt from public disclosure, which it no longer is: not told (rule 8)."""
    was_screened = getattr(thing, "was_screened", None)
    return was_screened is not None and any(was_screened(event) for event in events)


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
    # A sum, so that the database sorts the few events of the thing and does not read those of all things backwards.
    return events.objects.filter(pgh_obj_id=thing.pk).order_by((F("pgh_id") + 0).desc())[: LATEST + 1]


def _user(event: Any) -> int | None:
    return (event.pgh_context or {}).get("user")


def _said_for(name: str, event: Any) -> str:
    """«Kari Nordmann, på vegne av Sortland», where it is known whom the person acted for."""
    party = (event.pgh_context or {}).get("on_behalf")
    return _("%(name)s, on behalf of %(party)s") % {"name": name, "party": party} if party else name


def names_of(keys: Iterable[int | None]) -> dict[int | None, str]:
    """Names of the people; one who is gone keeps the number, and no one at all is the portal itself."""
    wanted = {key for key in keys if key is not None}
    people = get_user_model()._default_manager.in_bulk(wanted) if wanted else {}
    names: dict[int | None, str] = {key: str(people.get(key, f"#{key}")) for key in wanted}
    return {**names, None: str(_("The portal"))}


@dataclass(frozen=True)
class Wanted:
    """What of a thing's history is asked for."""

    # The number of a person, 0 for the portal itself, or nothing for everybody.
    person: int | None = None
    # "changes" or "acts", or nothing for both.
    kind: str = ""
    since: date | None = None
    until: date | None = None


class WholeHistory(Sequence[Entry]):
    """All that has happened to a thing, newest first, read piece by piece."""

    def __init__(self, thing: models.Model, wanted: Wanted | None = None) -> None:
        self.thing = thing
        wanted = wanted or Wanted()
        events = event_model(type(thing))
        self._events = events.objects.filter(pgh_obj_id=thing.pk) if events is not None else None
        parts = []
        if self._events is not None and wanted.kind != "acts":
            parts.append(_keys(narrowed(self._events, wanted, "pgh_created_at", "pgh_context__user"), "pgh_created_at"))
        if wanted.kind != "changes":
            parts.append(_keys(narrowed(Act.objects.about(thing), wanted, "at", "by_id"), "at"))
        both: Any = parts[0].union(*parts[1:], all=True) if parts else Act.objects.none()
        self._keys: Any = both.order_by("-row_moment", "-row_key") if parts else both

    def __len__(self) -> int:
        return int(self._keys.count())

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1][0]
        return self._told(list(self._keys[wanted]))

    def __iter__(self) -> Iterator[Entry]:
        """All of it as it stood when the reading began, a piece in memory at a time."""
        keys = self._keys.iterator(chunk_size=PIECE)
        while piece := list(islice(keys, PIECE)):
            yield from self._told(piece)

    def _told(self, keys: list[tuple[int, datetime, bool]]) -> list[Entry]:
        acts = Act.objects.in_bulk([key for key, _moment, is_act in keys if is_act])
        events = self._with_the_ones_before([key for key, _moment, is_act in keys if not is_act])
        names = names_of([act.by_id for act in acts.values()] + [_user(event) for event, _before in events.values()])
        told = _Teller(type(self.thing), [event for pair in events.values() for event in pair if event is not None])
        return [
            _act_entry(acts[key], names) if is_act else self._entry(*events[key], names=names, told=told)
            for key, _moment, is_act in keys
        ]

    def people(self) -> dict[int | None, str]:
        """Everybody who stands in it, by their numbers."""
        keys = set(Act.objects.about(self.thing).values_list("by_id", flat=True))
        if self._events is not None:
            keys |= set(self._events.values_list("pgh_context__user", flat=True))
        return {key: name for key, name in names_of(keys).items() if key in keys}

    def _with_the_ones_before(self, keys: list[int]) -> dict[int, tuple[Any, Any]]:
        if self._events is None or not keys:
            return {}
        earlier = self._events.filter(pgh_id__lt=models.OuterRef("pgh_id")).order_by("-pgh_id").values("pgh_id")[:1]
        found = list(self._events.filter(pgh_id__in=keys).annotate(one_before=models.Subquery(earlier)))
        before = self._events.in_bulk({event.one_before for event in found} - {None})
        return {event.pgh_id: (event, before.get(event.one_before)) for event in found}

    def _entry(self, event: Any, older: Any, *, names: dict[int | None, str], told: _Teller) -> Entry:
        entry = Entry(event.pgh_created_at, verb_in_words(event.pgh_label), names[_user(event)])
        if event.pgh_label == "update" and older is not None and not _was_screened(self.thing, older, event):
            entry.changes = told.changes(older, event)
        return entry


def narrowed(rows: Any, wanted: Wanted, moment: str, person: str) -> Any:
    """The rows by who and when."""
    if wanted.person:
        rows = rows.filter(**{person: wanted.person})
    elif wanted.person is not None:
        rows = rows.filter(models.Q(**{person: None}) | models.Q(**{f"{person.partition('__')[0]}__isnull": True}))
    if wanted.since:
        rows = rows.filter(**{f"{moment}__gte": _midnight(wanted.since)})
    if wanted.until:
        rows = rows.filter(**{f"{moment}__lt": _midnight(wanted.until + timedelta(days=1))})
    return rows


def _keys(rows: Any, moment: str) -> Any:
    is_act = models.Value(rows.model is Act, output_field=models.BooleanField())
    # Projects and decisions have a field called key.
    told = rows.order_by().annotate(row_key=models.F("pk"), row_moment=models.F(moment), row_is_act=is_act)
    return told.values_list("row_key", "row_moment", "row_is_act")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _act_entry(act: Act, names: dict[int | None, str]) -> Entry:
    return Entry(act.at, verb_in_words(act.verb), names[act.by_id], is_act=True)


class _Teller:
    """Puts values into words; things that are pointed at are fetched once per kind."""

    def __init__(self, model: type[models.Model], events: list[Any]) -> None:
        self.model = model
        hidden = NOT_TOLD | getattr(model, "not_in_history", frozenset())
        tracked = {f.attname for f in type(events[0])._meta.concrete_fields} if events else set()
        self.fields = [
            f
            for f in model._meta.concrete_fields
            if f.attname in tracked and f.name not in hidden and not f.primary_key and not f.generated and label(f)
        ]
        self.things = {f: self._fetch(f, events) for f in self.fields if isinstance(f, models.ForeignKey)}

    def _fetch(self, f: models.ForeignKey[Any, Any], events: list[Any]) -> dict[Any, str]:
        keys = {getattr(event, f.attname) for event in events} - {None}
        # One value in all events is never shown as a change.
        if len({getattr(event, f.attname) for event in events}) < 2:
            return {}
        named = f.target_field.name
        pointed_at = f.related_model._base_manager.filter(**{f"{named}__in": keys})
        names = of_each(pointed_at, _name)
        return {getattr(thing, named): names[thing.pk] for thing in pointed_at}

    def changes(self, older: Any, newer: Any) -> list[Change]:
        return [
            Change(label(f), self._words(f, before), self._words(f, after))
            for f in self.fields
            if (before := getattr(older, f.attname)) != (after := getattr(newer, f.attname))
        ]

    def _words(self, f: models.Field[Any, Any], value: Any) -> str:
        if value is None or value == "":
            return "–"
        if f in self.things:
            return self.things[f].get(value, f"#{value}")
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, list):
            return ", ".join(str(one) for one in value) or "–"
        if told := getattr(self.model, "told_in_history", {}).get(f.name):
            return str(told(value))
        if f.choices:
            return str(dict(f.flatchoices).get(value, value))
        return str(value) if f.name == "year" else _formatted(value)


def _name(thing: models.Model) -> str:
    """What all may read: a history has more readers than the case or the resolution it points at (rule 8)."""
    return str(getattr(thing, "open_name", thing))


def label(f: models.Field[Any, Any]) -> str:
    """The field's own words; a pointer without any is called by what it points at, and what has none is not told."""
    if f._verbose_name is not None:  # type: ignore[attr-defined]
        return str(f.verbose_name)
    return str(f.related_model._meta.verbose_name) if isinstance(f, models.ForeignKey) else ""


def _formatted(value: Any) -> str:
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return str(formats.localize(value))
