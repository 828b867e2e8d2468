"""The rights in the database that make history true: the application writes no event, changes none, and cannot switch
it off. Done by the owner after each migrate, because every new trigger brings back pgtrigger's own functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from pghistory.models import Event
from psycopg import sql

from digivesteralen.audit import contact
from digivesteralen.audit.models import Act, Link, Seal
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
NEW_TRIGGERS_AS_OWNER = TRIGGERS_AS_OWNER.replace("    LOOP\n", "        AND NOT prosecdef\n    LOOP\n", 1)


@contextmanager
def history_goes_on() -> Iterator[None]:
    """Each migration leaves its new triggers as they shall be, in its own transaction: people work meanwhile, and what
    they save must reach the history before the last migration is done (F22)."""
    usual = Migration.apply

    def apply(self: Migration, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        after = usual(self, project_state, schema_editor, collect_sql)
        if not collect_sql:
            schema_editor.execute(NEW_TRIGGERS_AS_OWNER, params=None)
        return after

    Migration.apply = apply  # type: ignore[method-assign]
    try:
        yield
    finally:
        Migration.apply = usual  # type: ignore[method-assign]


def protect(connection: BaseDatabaseWrapper) -> None:
    """Give the application and the reader their rights, and take those on the history away."""
    app, reader = (addresses.database(role)["USER"] for role in ("app", "reader"))
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS_AS_OWNER)
        # pgtrigger lets a session name triggers that shall not run. History has no such exception, but for its owner's
        # own function that blanks contact data.
        cursor.execute(contact.ONLY_WHEN_ERASING)
        cursor.execute(contact.definition())
        cursor.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION public.{} FROM PUBLIC").format(sql.Identifier(contact.NAME)))
        for role, rights in ((reader, "SELECT"), (app, "SELECT, INSERT, UPDATE, DELETE")):
            if role != connection.settings_dict["USER"]:
                _grant(cursor, role, rights)
                # Where each numbering stands belongs to a backup, which the reader makes.
                _execute(cursor, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)
        if app != connection.settings_dict["USER"]:
            _grant_sequences(cursor, app)
            _execute(cursor, "GRANT EXECUTE ON FUNCTION {} TO {}", contact.NAME, app)
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
    protected["django_migrations"] = "INSERT, UPDATE, DELETE"
    protected |= {model._meta.db_table: "UPDATE, DELETE" for model in (Act, Link, Seal)}
    present = set(connection.introspection.table_names())
    return {table: rights for table, rights in protected.items() if table in present}


def event_models() -> list[type[Event]]:
    return [m for m in apps.get_models() if issubclass(m, Event) and m._meta.managed and not m._meta.proxy]


def _execute(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
