"""What a database holds, in figures that are the same for two databases only if all is the same.

Each table: how many rows, and a sum over the MD5 of each row's text, whatever their order. Each numbering: where it
stood before the copying began. Triggers, functions, constraints and indexes: that they are there, switched on and
unchanged. Each table's rights for the application and the reader.
"""

from typing import Any

import psycopg
from psycopg import sql

from digivesteralen.audit import contact
from digivesteralen.servers import addresses

Figures = dict[str, dict[str, Any]]

# The text of a row shall not hang on how a session likes to write dates and figures.
SESSION = {"DateStyle": "ISO, YMD", "IntervalStyle": "iso_8601", "TimeZone": "UTC", "extra_float_digits": "1"}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# Two sums of 60 bits: a row that is changed, exchanged or repeated moves them.
ROWS = """
SELECT count(*), coalesce(sum(('x' || left(md5, 15))::bit(60)::bigint), 0)::text
    || '-' || coalesce(sum(('x' || substr(md5, 16, 15))::bit(60)::bigint), 0)::text
FROM (SELECT md5(whole_row_::text) AS md5 FROM {table} AS whole_row_) AS row_texts
"""
SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
TRIGGERS = """
SELECT c.relname || '.' || t.tgname, concat_ws(' ', t.tgenabled, t.tgtype, t.tgdeferrable, p.proname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
"""
# The door in the history is made anew by each portal, with the contact data that this one knows.
FUNCTIONS = """
SELECT p.oid::regprocedure::text,
    concat_ws(' ', CASE WHEN p.proname <> {made_anew} THEN md5(p.prosrc) END,
        p.prosecdef, p.proconfig, has_function_privilege({app}, p.oid, 'EXECUTE'))
FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
# Without their text: PostgreSQL writes some of them another way after a restore, with the same meaning.
CONSTRAINTS = """
SELECT conrelid::regclass || '.' || conname, concat_ws(' ', contype, condeferrable, convalidated)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, concat_ws(' ', i.indrelid::regclass, i.indisunique, i.indisvalid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace
"""
RIGHTS = """
SELECT relname, (
    SELECT string_agg(word, ' ' ORDER BY word) FROM (
        SELECT CASE r WHEN {app} THEN 'app:' ELSE 'reader:' END || p AS word
        FROM unnest(ARRAY[{app}, {reader}]) AS r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p
        WHERE has_table_privilege(r, c.oid, p)
    ) AS held
) FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""


def numberings(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Where each numbering stands now, whatever moment is read: numbers are given outside transactions."""
    return dict(connection.execute(SEQUENCES).fetchall())


def of(connection: psycopg.Connection[Any]) -> Figures:
    """All figures, within the transaction that the connection is in."""
    for setting, value in SESSION.items():
        connection.execute("SELECT set_config(%s, %s, true)", [setting, value])
    users = {role: addresses.database(role)["USER"] for role in ("app", "reader")}
    kinds = {
        "triggers": TRIGGERS,
        "functions": FUNCTIONS,
        "constraints": CONSTRAINTS,
        "indexes": INDEXES,
        "rights": RIGHTS,
    }
    found = {"rows": _rows(connection), "sequences": numberings(connection)}
    return found | {kind: _table(connection, text, users) for kind, text in kinds.items()}


def _rows(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    figures = {}
    for (table,) in connection.execute(TABLES).fetchall():
        found = connection.execute(sql.SQL(ROWS).format(table=sql.Identifier(table))).fetchone()
        figures[table] = list(found or ())
    return figures


def _table(connection: psycopg.Connection[Any], text: str, users: dict[str, str]) -> dict[str, Any]:
    named = {role: sql.Literal(user) for role, user in {**users, "made_anew": contact.NAME}.items()}
    return dict(connection.execute(sql.SQL(text).format(**named)).fetchall())


def differences(before: Figures, now: Figures) -> list[str]:
    """In words, one line each; none where the two are the same."""
    told = []
    for kind in sorted(before.keys() | now.keys()):
        then, here = before.get(kind, {}), now.get(kind, {})
        for name in sorted(then.keys() | here.keys()):
            if then.get(name) != here.get(name) and not (kind == "sequences" and _is_ahead(then, here, name)):
                told.append(f"{kind}, {name}: {_told(then, name)} in the backup, {_told(here, name)} here")
    return told


def _is_ahead(then: dict[str, int], here: dict[str, int], name: str) -> bool:
    """Numbers given while the copy was made are only left out; a numbering that went back would give some twice."""
    return name in then and name in here and here[name] > then[name]


def _told(figures: dict[str, Any], name: str) -> str:
    if name not in figures:
        return "missing"
    value = figures[name]
    return f"{value[0]} rows ({value[1]})" if isinstance(value, list) else str(value)


def count(figures: Figures) -> int:
    return sum(rows for rows, _proof in figures["rows"].values())
