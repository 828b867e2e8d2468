"""A post with more in it than the form asks for changes no more than the form does (T21).

Each form of each page is filled in and sent twice: as it is, and with the names of all columns of the rows that it
wrote. What is written to the database must be the same, statement by statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.addresses.asking import nothing
from tests.addresses.forms import ATTEMPTS, Form, every_form, forms_of
from tests.addresses.world import World
from tests.conftest import as_owner

# One process loads the demo and walks, while the other plays the journey.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("walk")]

BESIDE = ("django_session", "usersessions_usersession", "accounts_brake", "django_cache")
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)".*', re.DOTALL)
OF_ITS_OWN = (
    re.compile(r"'\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d'"),
    re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"),
    re.compile(r"[\w-]{32,}"),
    re.compile(r"documents/\w\w/"),
)
# What a form may send beside what it shows: which row it was shown for, checked by itself.
ASKED = {"version"}

NUMBERS = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"


@dataclass(frozen=True)
class Sent:
    """What a post was answered, and what it wrote."""

    status: int
    text: str
    writes: tuple[str, ...]

    @property
    def tables(self) -> list[str]:
        return [found[2] for one in self.writes if (found := WRITES.match(one))]


def test_fields_that_no_form_asks_for_change_nothing(world: World, clients: dict[str, Client], quick: None) -> None:
    forms, taken, different = every_form(world, clients), 0, []
    with as_owner() as owner, owner.cursor() as cursor:
        for (target, _fields), (who, form) in forms.items():
            with _same_numbers_again(cursor):
                filled, sent = _filled(clients[who], form)
            more = {name: value for name, value in _columns(sent).items() if name not in {*filled.values, *ASKED}}
            with _same_numbers_again(cursor):
                again = _send(clients[who], filled, more) if sent.writes else sent
            if again.writes != sent.writes:
                different.append((target, who, *_told(sent.writes, again.writes)))
            taken += bool(sent.writes)
    assert different == []
    assert taken > 0.8 * len(forms), "more than a fifth of the forms is not filled in as they ask"


def _filled(client: Client, form: Form) -> tuple[Form, Sent]:
    """The form as it is taken: what the page points at is filled in anew, as long as there is something to try."""
    sent = _send(client, form)
    for attempt in ATTEMPTS:
        if sent.writes or sent.status != 200:
            break
        shown = next((one for one in forms_of(sent.text, form.action) if one.refused), None)
        if shown is None:
            break
        form = form.with_another(attempt, shown.refused)
        sent = _send(client, form)
    return form, sent


def _send(client: Client, form: Form, more: Mapping[str, Any] | None = None) -> Sent:
    """What happens in the answer is undone."""
    connection.queries_log.clear()
    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as captured, transaction.atomic():
        if more is not None:
            patch.setattr(Template, "render", nothing)
        answer = client.post(form.action, {**form.sent(), **(more or {})})
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        transaction.set_rollback(True)
    written = (WRITES.search(query["sql"]) for query in captured.captured_queries)
    return Sent(answer.status_code, text, tuple(_plain(one[0]) for one in written if one and one[2] not in BESIDE))


def _plain(sql: str) -> str:
    for pattern in OF_ITS_OWN:
        sql = pattern.sub("…", sql)
    return sql


@contextmanager
def _same_numbers_again(cursor: Any) -> Iterator[None]:
    """New rows are numbered as they were the last time: of numbers given, nothing is undone by itself."""
    before = dict(cursor.execute(NUMBERS).fetchall())
    yield
    for name, value in cursor.execute(NUMBERS).fetchall():
        if value != before[name]:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, before[name] or 1, before[name] is not None])


def _columns(sent: Sent) -> dict[str, Any]:
    """A value for every column of what was written, and of who one is, that it does not have."""
    kinds = {model._meta.db_table: model for model in apps.get_models()}
    wanted = [kinds[table] for table in sent.tables if table in kinds] + [get_user_model()]
    values: dict[str, Any] = {}
    for model in wanted:
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and not isinstance(field, models.AutoField | models.FileField):
                value = _another(field)
                if value is not None:
                    values.setdefault(field.name, value)
                    values.setdefault(getattr(field, "attname", field.name), value)
    return values


def _another(field: models.Field[Any, Any]) -> Any:
    if field.is_relation:
        assert field.related_model is not None
        return _newest(field.related_model)
    if field.choices:
        return list(field.flatchoices)[-1][0]
    for kinds, value in OTHERS:
        if isinstance(field, kinds):
            return value
    return None


@cache
def _newest(model: Any) -> Any:
    return model._default_manager.order_by("pk").values_list("pk", flat=True).last()


OTHERS: tuple[tuple[Any, Any], ...] = (
    (models.BooleanField, "on"),
    (models.EmailField, "smuglet@eksempel.example"),
    (models.SlugField, "smuglet"),
    (models.URLField, "https://smuglet.example/"),
    ((models.CharField, models.TextField), "Smuglet"),
    (ArrayField, "Smuglet"),
    ((models.IntegerField, models.DecimalField, models.FloatField), "7"),
    (models.DateTimeField, "2031-05-03T10:00"),
    (models.DateField, "2031-05-03"),
    (models.TimeField, "11:11"),
    (models.JSONField, '{"smuglet": true}'),
)


def _told(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    yield f"{len(before)} statements, {len(after)} with more in the post"
    for one, other in zip(before, after, strict=False):
        if one != other:
            yield one[:1500]
            yield other[:1500]
            return
