"""Three roles in the database: the owner changes tables, the application changes rows, the reader reads."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from digivesteralen.servers import addresses

# A page that hangs must not keep others waiting; see «lock_timeout» in PostgreSQL's manual.
LIMITS = {"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}
NEW_DATABASE = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"


def prepare_embedded(connection: psycopg.Connection) -> None:
    """Make the roles and the database of an embedded server, where they are missing."""
    for role, name in addresses.USERS.items():
        if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", name):
            may = sql.SQL("LOGIN CREATEDB") if role == "owner" else sql.SQL("LOGIN")
            connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), may))
    for setting, value in LIMITS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(addresses.USERS["app"]), sql.Identifier(setting), sql.Literal(value)
            )
        )
    if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", addresses.DATABASE):
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(addresses.DATABASE), sql.Identifier(addresses.USERS["owner"])
            )
        )


def _exists(connection: psycopg.Connection, question: str, name: str) -> bool:
    return connection.execute(sql.SQL(question), [name]).fetchone() is not None


def script() -> str:
    """The SQL that an administrator runs once, with psql as superuser, on a server of one's own."""
    owner, app, reader = (addresses.USERS[role] for role in ("owner", "app", "reader"))
    lines = [
        "-- Run once with psql as a superuser. It asks for a password for each of the three roles.",
        *(f"CREATE ROLE {name} LOGIN;" for name in (owner, app, reader)),
        *(f"\\password {name}" for name in (owner, app, reader)),
        *(f"ALTER ROLE {app} SET {setting} = '{value}';" for setting, value in LIMITS.items()),
        f"CREATE DATABASE {addresses.DATABASE} OWNER {owner} {NEW_DATABASE};",
        f"REVOKE ALL ON DATABASE {addresses.DATABASE} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {addresses.DATABASE} TO {app}, {reader};",
        "-- Then point the portal at it and let the owner make the tables and give the other two their rights:",
        f"--   DATABASE_URL=postgresql://{app}:…@host:5432/{addresses.DATABASE}",
        f"--   DATABASE_OWNER_URL=postgresql://{owner}:…@host:5432/{addresses.DATABASE}",
        f"--   DATABASE_READER_URL=postgresql://{reader}:…@host:5432/{addresses.DATABASE}",
        "--   manage.py migrate",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def acting_as(role: addresses.Role, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let Django's connection speak as another role for a while, in the same database."""
    connection = connections[using]
    before = connection.settings_dict.copy()
    wanted = addresses.database(role)
    if wanted["USER"] == before["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict.update({key: wanted[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})
    try:
        yield
    finally:
        connection.close()
        # The name may have changed meanwhile: the tests make a database of their own.
        connection.settings_dict.update({key: before[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})


def count_anew(using: str = DEFAULT_DB_ALIAS) -> None:
    """After much was written at once PostgreSQL learns now how much is where, and not when it comes round to it: a
    page that reads all shares took 430 ms of its time until then, and 20 ms from then on."""
    with acting_as("owner", using), connections[using].cursor() as cursor:
        cursor.execute("ANALYZE")
