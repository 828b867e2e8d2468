"""What the portal holds about one person, gathered from every table (the right of access, GDPR article 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from digivesteralen.audit.chain import outside
from digivesteralen.audit.history import NOT_TOLD, label
from digivesteralen.audit.models import Act
from digivesteralen.audit.wording import verb_in_words
from digivesteralen.privacy.trails import Trail, trails
from governance.models import Appointment, Person
from portfolio.models import Registration
from surveys.models import Response

WHEN = ("created_at", "made_at", "registered_at", "at", "given_at", "since", "on")
# How the portal keeps a row, and secrets of the sign-in: nothing about the person.
OF_THE_MACHINE = {"version", "digest", "data", "based_on"}
LOOKED = ("personal_data_looked_at", "personal_data_exported", outside.ERASED)


@dataclass(frozen=True)
class Subject:
    """The one it is about: a person who holds roles, a user who signs in, or both."""

    person: Person | None
    user: Any

    @classmethod
    def of_user(cls, user: Any) -> Subject:
        return cls(Person.objects.filter(user=user).first(), user)

    @classmethod
    def of_person(cls, person: Person) -> Subject:
        return cls(person, person.user)

    @property
    def name(self) -> str:
        return str(self.person or self.user)

    @property
    def addresses(self) -> list[str]:
        found = [one.email.lower() for one in (self.person, self.user) if one is not None and one.email]
        return sorted(set(found))


@dataclass
class Trace:
    """One place where the person stands: the kind of row, as what, about what, when, and what is said there."""

    kind: str
    role: str
    about: str = ""
    when: date | datetime | None = None
    told: dict[str, Any] = field(default_factory=dict)


@dataclass
class Collected:
    subject: Subject
    facts: dict[str, Any]
    traces: list[Trace]
    acts: list[dict[str, Any]]


def collect(subject: Subject, *, reader: Any) -> Collected:
    """All of it. A reader who is not the person gets only rows they may see, and none of the person's own words."""
    own = subject.user is not None and reader.pk == subject.user.pk
    traces = [trace for trail in trails() for trace in _traces(trail, subject, reader, own=own)]
    traces += list(_named(subject, reader, own=own))
    return Collected(subject, _facts(subject), traces, _acts(subject) if own else [])


def _facts(subject: Subject) -> dict[str, Any]:
    person, user = subject.person, subject.user
    facts: dict[str, Any] = {_("Name"): subject.name}
    if person is not None:
        facts |= {_("E-mail"): person.email, _("Title"): person.title, _("Employed by"): str(person.organisation or "")}
    if user is not None:
        facts |= {
            _("Signs in as"): user.email,
            _("Language"): user.get_language_display(),
            _("Since"): user.date_joined,
            _("Last signed in"): user.last_login,
            _("Active"): user.is_active,
        }
    return facts


def _traces(trail: Trail, subject: Subject, reader: Any, *, own: bool) -> Iterator[Trace]:
    rows = trail.rows(subject.person, subject.user)
    found = list((rows if own else trail.open_to(rows, reader)).order_by("pk"))
    if not found:
        return
    seen = set(trail.open_to(rows, reader).values_list("pk", flat=True)) if own else None
    titles = _titles(trail, found)
    for row in found:
        trace = Trace(_kind(trail.model), _label(trail.field), when=_when(row))
        if seen is None or row.pk in seen:
            trace.about = titles.get(row.pk, "")
            trace.told = _columns(row) if own and trail.is_about else {}
        elif trail.seen_by:
            trace.about = _("Not open to you today")
        yield trace


def _titles(trail: Trail, rows: list[Any]) -> dict[Any, str]:
    """What each row is about, in words, fetched in one go."""
    if not trail.seen_by or not rows:
        return {}
    way, model = trail.seen_by[-1]
    keys = trail.model._base_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", way or "pk")
    to = dict(keys)
    near = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)]
    things = model._base_manager.select_related(*near).in_bulk({key for key in to.values() if key is not None})
    return {pk: _in_words(things[key]) for pk, key in to.items() if key in things}


def _in_words(thing: Any) -> str:
    """A seat is told by where it is; who holds it is known."""
    return str(thing.place if isinstance(thing, Appointment) else thing)


def _columns(row: Any) -> dict[str, Any]:
    """The plain columns of a row that is about the person, by their labels."""
    told = {}
    for f in row._meta.concrete_fields:
        value = getattr(row, f.attname)
        untold = f.is_relation or f.primary_key or not f.editable or f.name in {*NOT_TOLD, *OF_THE_MACHINE}
        if untold or value in (None, "", {}, []):
            continue
        told[_label(f)] = str(dict(f.flatchoices).get(value, value)) if f.choices else value
    return told


def _named(subject: Subject, reader: Any, *, own: bool) -> Iterator[Trace]:
    """Where the person is written down by e-mail address alone."""
    if not subject.addresses:
        return
    answers, registered = Q(), Q()
    for address in subject.addresses:
        answers |= Q(respondent_email__iexact=address)
        registered |= Q(email__iexact=address)
    places: list[tuple[Any, Q, list[str]]] = [
        (Response, answers, ["respondent_name", "respondent_email"]),
        (Registration, registered, ["name", "title", "email", "needs"]),
    ]
    for model, named, columns in places:
        found = model.objects.filter(named)
        found = found if own else found.visible_to(reader)
        for row in found.select_related("municipality"):
            told = {_label(row._meta.get_field(name)): getattr(row, name) for name in columns}
            yield Trace(_kind(model), _("by e-mail address"), str(row.municipality or ""), _when(row), told)


def _acts(subject: Subject) -> list[dict[str, Any]]:
    """Sign-ins, exports and refused access: what the person did without changing a row."""
    if subject.user is None:
        return []
    found = Act.objects.filter(by=subject.user).order_by("-at", "-pk").values("at", "verb", "object_type", "detail")
    return [{**one, "verb": verb_in_words(one["verb"])} for one in found]


def looks(person: Person | None, user: Any) -> models.QuerySet[Act]:
    """Who has looked at the person's data or taken it out, newest first."""
    about = Q(pk__in=[])
    for thing in (person, user):
        if thing is not None:
            about |= Q(object_type=thing._meta.label_lower, object_id=str(thing.pk))
    return Act.objects.filter(about, verb__in=LOOKED).select_related("by").order_by("-at", "-pk")


def _kind(model: Any) -> str:
    words = str(model._meta.verbose_name)
    return words[:1].upper() + words[1:]


def _label(f: Any) -> str:
    """As the history calls it; who did something is told so, and what has no words at all by its own name."""
    untold = f._verbose_name is None and f.name.endswith("by")
    words = _("the one who did it") if untold else label(f) or str(f.verbose_name)
    return words[:1].upper() + words[1:]


def _when(row: Any) -> date | datetime | None:
    names = {f.name for f in row._meta.concrete_fields if isinstance(f, models.DateField)}
    first = next((name for name in WHEN if name in names), None) or next(iter(sorted(names)), None)
    return getattr(row, first) if first else None
