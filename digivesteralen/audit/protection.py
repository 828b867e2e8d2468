"""The rights in the database that make history true: the application writes no event, changes none, and cannot switch
it off. Done by the owner after each migrate, because every new trigger brings back pgtrigger's own functions."""

from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from pghistory.models import Event
from psycopg import sql

from digivesteralen.audit.models import Act
from digivesteralen.servers import addresses

# A trigger that writes an event does so as the owner. Fired triggers need no right to execute; without it, nobody can
# hang the function on a table of one's own and forge events.
TRIGGERS_AS_OWNER = """
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype AND proname LIKE 'pgtrigger\\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END
$$
"""
# pgtrigger lets a session name triggers that shall not run. History has no such exception.
NOTHING_IS_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def protect(connection: BaseDatabaseWrapper) -> None:
    """Give the application and the reader their rights, and take those on the history away."""
    app, reader = (addresses.database(role)["USER"] for role in ("app", "reader"))
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS_AS_OWNER)
        cursor.execute(NOTHING_IS_IGNORED)
        for role, rights in ((reader, "SELECT"), (app, "SELECT, INSERT, UPDATE, DELETE")):
            if role != connection.settings_dict["USER"]:
                _grant(cursor, role, rights)
        if app != connection.settings_dict["USER"]:
            _grant_sequences(cursor, app)
            for table, rights in _protected(connection).items():
                _execute(cursor, f"REVOKE {rights} ON TABLE {{}} FROM {{}}", table, app)


def _grant(cursor: Any, role: str, rights: str) -> None:
    _execute(cursor, "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", cursor.db.settings_dict["NAME"])
    _execute(cursor, "GRANT USAGE ON SCHEMA public TO {}", role)
    _execute(cursor, f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {{}}", role)


def _grant_sequences(cursor: Any, role: str) -> None:
    _execute(cursor, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)


def _protected(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What the application may not do, table by table; a table that is not made yet is left out."""
    protected = {model._meta.db_table: "INSERT, UPDATE, DELETE" for model in event_models()}
    protected |= {"django_migrations": "INSERT, UPDATE, DELETE", Act._meta.db_table: "UPDATE, DELETE"}
    present = set(connection.introspection.table_names())
    return {table: rights for table, rights in protected.items() if table in present}


def event_models() -> list[type[Event]]:
    return [m for m in apps.get_models() if issubclass(m, Event) and m._meta.managed and not m._meta.proxy]


def _execute(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
