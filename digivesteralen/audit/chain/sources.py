"""Which tables are sealed, and what of each row counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from psycopg import sql

from digivesteralen.audit.models import Act
from digivesteralen.audit.protection import event_models


@dataclass(frozen=True)
class Source:
    """A table of history: its key, the moment of a row, and the columns that are not contact data."""

    table: str
    key: str
    moment: str
    columns: tuple[str, ...]
    # Keys inside JSON columns that do not count, as "column.key".
    without: tuple[str, ...] = ()

    def rows(self) -> sql.Composed:
        """``SELECT`` of each row's key, moment and digest; the session must speak UTC."""
        return sql.SQL(
            "SELECT source.{key}::text AS row, source.{moment} AS moment,"
            " sha256(convert_to((to_jsonb(told){without})::text, 'UTF8')) AS digest"
            " FROM {table} source CROSS JOIN LATERAL (SELECT {columns}) told"
        ).format(
            key=sql.Identifier(self.key),
            moment=sql.Identifier(self.moment),
            table=sql.Identifier(self.table),
            columns=sql.SQL(", ").join(sql.Identifier("source", column) for column in self.columns),
            without=sql.Composed([_left_out(path) for path in self.without]),
        )


def _left_out(path: str) -> sql.Composed:
    return sql.SQL(" #- {}::text[]").format(sql.Literal(f"{{{path.replace('.', ',')}}}"))


def sources() -> Iterator[Source]:
    """Every table of events, and the acts."""
    for tracked, events in tracked_models():
        yield _source(events, "pgh_created_at", contact_data(tracked))
    yield _source(Act, "at", contact_data(Act))


def tracked_models() -> list[tuple[Any, Any]]:
    """Each tracked model with the model of its events, by the name of their table."""
    found: list[Any] = sorted(event_models(), key=lambda model: model._meta.db_table)
    return [(events._meta.get_field("pgh_obj").related_model, events) for events in found]


def contact_data(model: Any) -> tuple[str, ...]:
    return settings.CONTACT_DATA.get(model._meta.label, ())


def _source(model: Any, moment: str, contact: Sequence[str]) -> Source:
    every = {field.column for field in model._meta.concrete_fields}
    paths = tuple(path for path in contact if "." in path)
    return Source(model._meta.db_table, model._meta.pk.column, moment, tuple(sorted(every - set(contact))), paths)
