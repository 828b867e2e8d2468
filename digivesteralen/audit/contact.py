"""The one door in the history: a function of the owner that blanks contact data, and nothing else, and leaves a note.

The application may call it and can still change no event itself. What the history proves (who did what, when, with
what result) stands, and the hash chain never counted these columns (``CONTACT_DATA``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from digivesteralen.audit.history import event_model
from digivesteralen.audit.models import Act

NAME = "erase_contact_data"
# What a person's address is written as in an act (a refused sign-in) has no row to name; it is found by its words.
DEFINITION = """
CREATE OR REPLACE FUNCTION public.{name}(kind text, keys text[], addresses text[], before timestamptz, done_by bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $erase$
DECLARE blanked bigint := 0; told bigint;
BEGIN
    PERFORM set_config('portal.erasing', 'yes', true);
    CASE kind
{branches}
    ELSE RAISE EXCEPTION 'There is no contact data in the history of %.', kind;
    END CASE;
    PERFORM set_config('portal.erasing', '', true);
    IF blanked > 0 THEN
        INSERT INTO {acts} (verb, by_id, object_type, object_id, detail) VALUES (
            'contact_data_erased_in_history', done_by, lower(kind),
            CASE WHEN cardinality(keys) = 1 THEN keys[1] ELSE '' END, jsonb_build_object('rows', blanked)
        );
    END IF;
    RETURN blanked;
END
$erase$
"""
# The owner's own function may pass the guard of the event tables while it runs, and no other way may: whoever sets the
# variable has no right to change those tables.
ONLY_WHEN_ERASING = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
    SELECT trigger_name LIKE 'pgtrigger\\_append\\_only\\_%'
        AND coalesce(current_setting('portal.erasing', true), '') = 'yes'
$$
"""


def definition() -> sql.Composed:
    """The function, with a branch for each tracked model that has contact data."""
    return sql.SQL(DEFINITION).format(
        name=sql.Identifier(NAME),
        branches=sql.SQL("\n").join(_branches()),
        acts=sql.Identifier(Act._meta.db_table),
    )


def _branches() -> Iterator[sql.Composable]:
    for label, columns in settings.CONTACT_DATA.items():
        model = apps.get_model(label)
        if model is Act:
            yield _of_acts(label, columns)
        elif (events := event_model(model)) is not None:
            yield _of_events(label, columns, events._meta.db_table)


def _of_events(label: str, columns: tuple[str, ...], table: str) -> sql.Composed:
    blank = sql.SQL(", ").join(sql.SQL("{} = ''").format(sql.Identifier(name)) for name in columns)
    is_told = sql.SQL(" OR ").join(sql.SQL("{} <> ''").format(sql.Identifier(name)) for name in columns)
    return sql.SQL(
        "    WHEN {label} THEN"
        " UPDATE {table} SET {blank} WHERE pgh_obj_id::text = ANY(keys) AND ({is_told});"
        " GET DIAGNOSTICS told = ROW_COUNT; blanked := blanked + told;"
    ).format(label=sql.Literal(label), table=sql.Identifier(table), blank=blank, is_told=is_told)


def _of_acts(label: str, columns: tuple[str, ...]) -> sql.Composed:
    """By the address itself, or all that are older than a day."""
    keys = [name.partition(".")[2] for name in columns]
    without = sql.SQL(" - ").join([sql.SQL("detail"), *map(sql.Literal, keys)])
    said = sql.SQL(" OR ").join(
        sql.SQL("(detail ? {key} AND (lower(detail->>{key}) = ANY(addresses) OR at < before))").format(
            key=sql.Literal(key)
        )
        for key in keys
    )
    return sql.SQL(
        "    WHEN {label} THEN UPDATE {table} SET detail = {without} WHERE {said};"
        " GET DIAGNOSTICS told = ROW_COUNT; blanked := blanked + told;"
    ).format(label=sql.Literal(label), table=sql.Identifier(Act._meta.db_table), without=without, said=said)


def erase(
    label: str, *, keys: Iterable[Any] = (), addresses: Iterable[str] = (), before: Any = None, by: Any = None
) -> int:
    """Blank the contact data of these rows of a model in its history; answers with how many lines that was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.erase_contact_data(%s, %s::text[], %s::text[], %s::timestamptz, %s::bigint)",
            [
                label,
                [str(key) for key in keys],
                [address.lower() for address in addresses],
                before,
                by.pk if by is not None else None,
            ],
        )
        (blanked,) = cursor.fetchone()
    return int(blanked)
