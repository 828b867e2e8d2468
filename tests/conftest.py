"""Tests run on a real PostgreSQL and a real Valkey, as the application's own database role."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from hypothesis import settings as trying

from digivesteralen.servers import addresses
from digivesteralen.servers.holding import servers
from digivesteralen.servers.roles import acting_as
from tests import prepared

# The people and places of the tests are fixtures everywhere.
pytest_plugins = ["tests.browser", "tests.people"]

# The same made-up cases in every run: what is red here is red everywhere.
trying.register_profile("portal", derandomize=True, deadline=None, max_examples=200)
trying.load_profile("portal")

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


def _emptied_by_the_owner(empty: Any) -> Any:
    """Between two tests with real transactions all tables are emptied, which the application's role may not."""

    def _fixture_teardown(self: TransactionTestCase) -> None:
        with acting_as("owner"):
            empty(self)

    return _fixture_teardown


TransactionTestCase._fixture_teardown = _emptied_by_the_owner(TransactionTestCase._fixture_teardown)  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def owner(transactional_db: None) -> Iterator[Any]:
    """A connection as the owner of the tables, to look at what the application may not touch."""
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
