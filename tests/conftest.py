"""Tests run on a real PostgreSQL and a real Valkey, as the application's own database role."""

import contextlib
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState, setup_databases
from hypothesis import settings as trying
from psycopg import sql

from digivesteralen.accounts import access
from digivesteralen.servers import addresses
from digivesteralen.servers.embedded import SUPERUSER
from digivesteralen.servers.holding import servers
from digivesteralen.servers.roles import acting_as
from tests import prepared

# The people and places of the tests are fixtures everywhere.
pytest_plugins = ["tests.browser", "tests.people"]

# The same made-up cases in every run: what is red here is red everywhere.
trying.register_profile("portal", derandomize=True, deadline=None, max_examples=100)
trying.load_profile("portal")

# What the migrations made and no test writes.
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
FAULTS = Path(__file__).parent / "faults"
_running = contextlib.ExitStack()


def _in_charge(config: pytest.Config) -> bool:
    """With xdist one process starts the servers, and the workers use them."""
    return not hasattr(config, "workerinput") and not config.option.collectonly


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A short name for what is long, and one that is the same in every process.

    A workbook holds the moment it was made, so its bytes are others in the process beside.
    """
    if isinstance(val, bytes):
        return argname
    return f"{val[:40]}…" if isinstance(val, str) and len(val) > 60 else None


def pytest_itemcollected(item: pytest.Item) -> None:
    if FAULTS in item.path.parents:
        item.add_marker("faults")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What kills processes, or takes long, runs in `make faults`, or where one asks for its file or folder."""
    if "faults" in config.option.markexpr:
        return
    asked = {Path(named.partition("::")[0]).resolve() for named in config.args}
    left_out = [item for item in items if item.get_closest_marker("faults") and not asked & _places(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _places(item: pytest.Item) -> set[Path]:
    """Where one finds it: its file, and the folder of what kills processes."""
    return {item.path, *({FAULTS} & set(item.path.parents))}


def pytest_collection_finish(session: pytest.Session) -> None:
    """Several thousand tests and all of Django stay to the end: they are not searched for leftovers again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionstart(session: pytest.Session) -> None:
    if _in_charge(session.config):
        prepared.remove_what_killed_runs_left()
        if addresses.embedded():
            prepared.prepare()
        _running.enter_context(servers(may_be_joined=True, keep_safe=False))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _in_charge(session.config):
        _running.close()
        if addresses.var_dir().parent == prepared.FOLDER:
            shutil.rmtree(addresses.var_dir(), ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _pages_as_in_production(django_test_environment: None) -> None:
    """Django's own tests copy the context of every template, which costs a twentieth of the time; ours read
    ``context_data``."""
    Template._render = _TestState.saved_data.template_render  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The owner makes the database and its tables; the tests run as the application."""
    with django_db_blocker.unblock():
        with acting_as("owner"):
            setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=[])
        yield
        connections.close_all()


def emptied(*_: Any) -> None:
    """After a test with real transactions all rows are taken away, which the application's role may not.

    Django truncates several hundred tables and makes content types and rights anew, in three seconds; nearly all are
    empty, and who is above triggers and keys takes away what the others hold in a hundredth of that.
    """
    if "postgres" in addresses.embedded():
        place = connections["default"].settings_dict
        with psycopg.connect(host=place["HOST"], user=SUPERUSER, dbname=place["NAME"]) as above:
            _take_away(above)
    else:  # nobody is above the owner there
        with acting_as("owner"):
            call_command("flush", verbosity=0, interactive=False)
        access.NAMES.clear()


def _take_away(above: psycopg.Connection) -> None:
    above.execute("SET session_replication_role = replica")
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)"
    filled = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for (name,) in above.execute(tables, [KEPT]).fetchall()
    )
    for (name,) in above.execute(filled).fetchall():
        above.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


TransactionTestCase._fixture_teardown = emptied  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def owner(transactional_db: None) -> Iterator[Any]:
    """A connection as the owner of the tables, to look at what the application may not touch."""
    with as_owner() as connection:
        yield connection


@contextlib.contextmanager
def as_owner() -> Iterator[Any]:
    connection = connections.create_connection("default")
    connection.settings_dict = {**connection.settings_dict, **addresses.database("owner"), "NAME": _test_name()}
    try:
        yield connection
    finally:
        connection.close()


def _test_name() -> str:
    return str(connections["default"].settings_dict["NAME"])


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """The environment in which another process (a worker, a command) uses this test's database."""
    return environment_of_other_processes()


def environment_of_other_processes() -> dict[str, str]:
    urls = {}
    for role, variable in addresses.VARIABLES.items():
        place = addresses.database(role)
        urls[variable] = f"postgresql://{place['USER']}:{place['PASSWORD']}@/{_test_name()}?host={place['HOST']}"
        if place["PORT"]:
            urls[variable] += f"&port={place['PORT']}"
    return {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "tests.settings"}
