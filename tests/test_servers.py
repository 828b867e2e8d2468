"""The embedded servers, the three roles, and `make run` as a whole: what is started is stopped, and nothing is lost."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml

from digivesteralen.run import supervisor
from digivesteralen.servers import addresses, roles
from digivesteralen.servers.place import CannotStart, private_folder
from digivesteralen.servers.processes import GIVES_WAY, Child
from tests.machines import ROOT, machine, python

__all__ = ["machine"]


# --- Addresses ---


def test_addresses_of_ones_own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:p%40ss@db.example.no:5433/portal?sslmode=require")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/portal?host=/run/postgresql")
    monkeypatch.setenv("REDIS_URL", "rediss://:secret@valkey.example.no:6380/5")
    monkeypatch.delenv("CACHE_URL", raising=False)

    app, owner = addresses.database("app"), addresses.database("owner")

    assert (app["USER"], app["PASSWORD"], app["HOST"], app["PORT"]) == ("app", "p@ss", "db.example.no", "5433")
    assert (app["NAME"], app["OPTIONS"]["sslmode"]) == ("portal", "require")
    assert (owner["USER"], owner["HOST"]) == ("owner", "/run/postgresql")
    assert addresses.database("reader")["USER"] == "app"
    assert addresses.broker_url() == "rediss://:secret@valkey.example.no:6380/0"
    assert addresses.cache_url() == "rediss://:secret@valkey.example.no:6380/1"
    assert addresses.embedded() == []


@pytest.mark.parametrize(
    "url", ["mysql://app@host/portal", "postgresql://app@host:port/portal", "postgresql://app@host", "x"]
)
def test_nonsense_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(addresses.WrongAddress, match="Write it like DATABASE_URL=postgresql://"):
        addresses.database()


def test_a_socket_of_a_deep_folder_lies_in_a_short_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / ("deep" * 30)))

    assert len(str(addresses.socket_dir("postgres") / ".s.PGSQL.5432")) < 100


def test_somebody_elses_folder_is_a_trap(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(CannotStart, match="belongs to the user"):
        private_folder(tmp_path / "link")


def test_a_private_folder_is_closed_also_if_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o777)

    assert private_folder(tmp_path / "open").stat().st_mode & 0o777 == 0o700


def test_a_closed_parent_makes_a_file_unreachable(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "file").touch(mode=0o644)

    assert not addresses.reachable(tmp_path / "closed" / "file")


# --- The servers ---


def _connect(role: addresses.Role) -> psycopg.Connection:
    place = addresses.database(role)
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or None,
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=place["NAME"],
    )


def test_every_database_sorts_and_searches_the_same_everywhere(transactional_db: None) -> None:
    with _connect("app") as connection:
        rows = connection.execute(
            "SELECT datname, datlocprovider, datlocale FROM pg_database WHERE datname LIKE '%digivesteralen%'"
        ).fetchall()
        assert {(provider, locale) for _, provider, locale in rows} == {("b", "C.UTF-8")}
        assert connection.execute("SELECT 'Østbø' ILIKE '%ØSTBØ%'").fetchone() == (True,)


def test_the_application_waits_for_nobody_for_long(transactional_db: None) -> None:
    with _connect("app") as connection:
        limits = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in roles.LIMITS}  # type: ignore[index]
    assert limits == {"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "1min"}


@pytest.mark.parametrize("role", ["app", "reader"])
def test_no_role_but_the_owner_makes_databases_or_tables(role: addresses.Role, transactional_db: None) -> None:
    with _connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (n int)")
    with _connect(role) as connection:
        rights = connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert rights.fetchone() == (False,)


def test_servers_of_ones_own_are_neither_started_nor_stopped(machine: dict[str, str]) -> None:
    machine |= {"DATABASE_URL": "postgresql://app@db.example.no/portal", "REDIS_URL": "redis://valkey.example.no"}
    done = python(machine, "from digivesteralen.servers.holding import servers\nwith servers() as s: print(s)")

    assert done.stdout.strip() == "[]"
    assert not Path(machine["VAR_DIR"]).exists()


# --- make run ---


@pytest.mark.parametrize(("port", "sentence"), [("eighty", "is no port"), ("0", "is no port"), ("70000", "is no port")])
def test_a_wrong_port_is_said_before_anything_starts(machine: dict[str, str], port: str, sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "digivesteralen.run"],
        env=machine | {"PORT": port},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and sentence in done.stderr
    assert not Path(machine["VAR_DIR"]).exists()


def test_a_port_in_use_is_said_before_anything_starts(machine: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "digivesteralen.run"],
            env=machine | {"PORT": str(taken.getsockname()[1])},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1 and "cannot be used" in done.stderr
    assert not Path(machine["VAR_DIR"]).exists()


# --- Servers of one's own ---


def test_the_sql_of_the_roles_is_the_same_in_the_container() -> None:
    container = re.sub(r"\s+", " ", (ROOT / "docs/deploy/roles.sh").read_text())
    lines = [
        line for line in roles.script().splitlines() if line.startswith(("ALTER", "CREATE DATABASE", "REVOKE", "GRANT"))
    ]

    assert len(lines) == 6
    for line in lines:
        assert re.sub(r"\s+", " ", line) in container
    for name in addresses.USERS.values():
        assert f"CREATE ROLE {name} LOGIN PASSWORD" in container


def test_the_composition_names_what_exists() -> None:
    composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = composition["services"]
    programs = {"gunicorn", "celery", "python"}
    for service in ("migrate", "worker", "beat"):
        assert services[service]["command"][0] in programs
        program = services[service]["command"][0]
        assert (Path(sys.executable).parent / program).exists()
    assert services["migrate"]["command"][1:3] == ["manage.py", "migrate"]
    # A place that the operator may choose has a volume of ours in its stead: ${NAME:-volume}.
    named = (
        re.sub(r"\$\{\w+:-(\w+)\}", r"\1", volume) for one in services.values() for volume in one.get("volumes", [])
    )
    volumes = {volume.split(":")[0] for volume in named}
    assert {volume for volume in volumes if not volume.startswith(".")} == set(composition["volumes"])
    assert all((ROOT / volume).exists() for volume in volumes if volume.startswith("."))
    assert "noeviction" in services["valkey"]["command"] and "yes" in services["valkey"]["command"]
    queues = services["worker"]["command"][services["worker"]["command"].index("--queues") + 1]
    assert queues == "documents,imports,mail,celery"


@pytest.mark.skipif(
    not shutil.which("docker-compose") and not os.environ.get("CI"), reason="Debian's docker-compose is not here"
)
def test_debians_docker_compose_accepts_the_composition() -> None:
    words = ("SECRET_KEY", "OWNER_PASSWORD", "APP_PASSWORD", "READER_PASSWORD", "SUPERUSER_PASSWORD")
    settings = {**os.environ, **dict.fromkeys(words, "abc"), "PORTAL_HOST": "portal.example.no"}
    said = subprocess.run(
        ["docker-compose", "--file", "docker-compose.yml", "config", "--quiet"],
        cwd=ROOT, env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_the_image_runs_commands_that_exist() -> None:
    lines = (ROOT / "Dockerfile").read_text()
    assert re.search(r'^CMD \["gunicorn", .*"digivesteralen\.wsgi"\]$', lines, re.MULTILINE)
    assert (Path(sys.executable).parent / "gunicorn").exists()
    assert "make install" in lines and re.search(r"^install:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert (ROOT / "digivesteralen" / "wsgi.py").exists()


def test_the_worker_gives_way_to_those_who_read_pages(tmp_path: Path) -> None:
    """Reports and imports take the time that is left over, also where Linux shares it between sessions first."""
    assert {"worker"} == supervisor.GIVE_WAY
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert composed["worker"]["cpu_shares"] < 1024 and "cpu_shares" not in composed["web"]

    tells = Child("tells", ["sh", "-c", "nice; cat /proc/self/autogroup"], log=tmp_path / "log", gives_way=True)
    tells.process.wait(10)
    first, *between_sessions = tells.last_words().splitlines()
    assert int(first) == min(19, os.nice(0) + GIVES_WAY)
    assert Path("/proc/self/autogroup").exists() == any(line.endswith(f"nice {GIVES_WAY}") for line in between_sessions)
