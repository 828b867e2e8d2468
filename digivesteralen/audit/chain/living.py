"""What stands against what the history says of it: a row changed behind the triggers has no event that tells so."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from psycopg import sql

from digivesteralen.audit.chain.sealing import speaking_plainly
from digivesteralen.audit.chain.sources import contact_data, tracked_models


@transaction.atomic
def differences() -> list[str]:
    """Rows that are not as the newest event about them tells; contact data does not count."""
    found = []
    with speaking_plainly() as cursor:
        for tracked, events in tracked_models():
            cursor.execute(_question(tracked, events))
            found += [
                f"row {row} of {tracked._meta.db_table} {_what(stands=stands, told=told)}"
                for row, stands, told in cursor.fetchall()
            ]
    return found


def rows() -> int:
    """How many rows stand with a history to be compared with."""
    return sum(tracked._base_manager.count() for tracked, _events in tracked_models())


def _what(*, stands: bool, told: bool) -> str:
    if stands and told:
        return "is not as its history tells."
    return "stands without its history." if stands else "is gone, and its history does not tell of it."


def _question(tracked: Any, events: Any) -> sql.Composed:
    own = {field.column for field in tracked._meta.concrete_fields} - set(contact_data(tracked))
    columns = sorted(own & {field.column for field in events._meta.concrete_fields})
    pair = (sql.SQL(", ").join(sql.Identifier(side, column) for column in columns) for side in ("live", "newest"))
    live, newest = pair
    return sql.SQL(
        "SELECT coalesce(live.{key}, newest.pgh_obj_id)::text, live.{key} IS NOT NULL, newest.pgh_obj_id IS NOT NULL"
        " FROM {table} live FULL JOIN (SELECT * FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM {events}"
        " ORDER BY pgh_obj_id, pgh_id DESC) last WHERE pgh_label <> 'delete') newest ON newest.pgh_obj_id = live.{key}"
        " WHERE live.{key} IS NULL OR newest.pgh_obj_id IS NULL OR ROW({live}) IS DISTINCT FROM ROW({newest})"
        " ORDER BY 1"
    ).format(
        key=sql.Identifier(tracked._meta.pk.column),
        table=sql.Identifier(tracked._meta.db_table),
        events=sql.Identifier(events._meta.db_table),
        live=live,
        newest=newest,
    )
