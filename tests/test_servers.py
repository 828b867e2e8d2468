"""The embedded servers, the three roles, and `make run` as a whole: what is started is stopped, and nothing is lost."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from digivesteralen.servers import addresses, roles
from digivesteralen.servers.place import CannotStart, private_folder

ROOT = addresses.BASE_DIR


@pytest.fixture
def machine() -> Iterator[dict[str, str]]:
    """The environment of a machine on which nothing runs yet."""
    yield from _new_machine()


def _new_machine() -> Iterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(dir=addresses.var_dir()))
    folder.chmod(0o711)
    yield _machine(folder)
    shutil.rmtree(folder)


def _machine(folder: Path) -> dict[str, str]:
    inherited = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL", "EMBEDDED_SERVERS_HELD_IN"}
    own = {"VAR_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "digivesteralen.settings", "DEMO": "0"}
    return {key: value for key, value in os.environ.items() if key not in inherited} | own


def _python(machine: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=machine, cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def _processes_of(machine: dict[str, str]) -> dict[int, str]:
    """The command lines of all processes of this machine: by their command, their environment or where they work."""
    found = {}
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda process: int(process.name)):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()
            known_by = command + (process / "environ").read_bytes() + bytes((process / "cwd").readlink())
            if os.fsencode(machine["VAR_DIR"]) in known_by:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


def _gone_within(seconds: float, machine: dict[str, str]) -> bool:
    end = time.monotonic() + seconds
    while _processes_of(machine):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


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


def test_jobs_are_kept_on_disk_and_never_pushed_out(machine: dict[str, str]) -> None:
    done = _python(
        machine,
        "import redis\n"
        "from digivesteralen.servers.holding import servers\n"
        "from digivesteralen.servers import addresses\n"
        "with servers():\n"
        "    client = redis.Redis.from_url(addresses.redis_url(0))\n"
        "    names = 'appendonly', 'maxmemory-policy', 'port'\n"
        "    print(*(client.config_get(name)[name] for name in names))\n",
    )
    assert done.stdout.split() == ["yes", "noeviction", "0"], done.stderr
    assert _gone_within(1, machine)


KEEP = """
import os, signal, psycopg, redis
from digivesteralen.servers.holding import servers
from digivesteralen.servers import addresses
with servers() as started:
    place = addresses.database("owner")
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        broker = redis.Redis.from_url(addresses.redis_url(0))
        broker.rpush("queue", "job")
        print(connection.execute("SELECT count(*) FROM kept").fetchone()[0], broker.llen("queue"), flush=True)
    if {kill}:
        import time; time.sleep(1.2)
        for server in started:
            server.child.process.kill()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_is_lost_when_everything_is_killed(machine: dict[str, str]) -> None:
    """F06, F10: what was acknowledged before the kill is there after it."""
    assert _python(machine, KEEP.format(kill=True)).stdout.split() == ["1", "1"]
    assert _gone_within(5, machine)

    done = _python(machine, KEEP.format(kill=False))

    assert done.stdout.split() == ["2", "2"], done.stderr
    assert _gone_within(1, machine)


def test_a_killed_command_leaves_no_server_behind(machine: dict[str, str]) -> None:
    code = (
        "from digivesteralen.servers.holding import servers\nimport time\n"
        "with servers():\n print('up', flush=True)\n time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], env=machine, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"up\n"
        process.kill()

    assert _gone_within(5, machine)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a database of another user")
def test_root_in_a_closed_folder_keeps_the_data_where_the_database_may_go(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    machine = _machine(tmp_path / "closed")
    outside = Path()
    try:
        done = _python(machine, KEEP.format(kill=False))
        outside = Path(machine["VAR_DIR"], "postgres").readlink()
        assert done.stdout.split() == ["1", "1"], done.stderr
        assert addresses.reachable(outside.parent)
        assert outside.stat().st_mode & 0o077 == 0
    finally:
        if outside.name == "postgres":
            shutil.rmtree(outside.parent)
    assert _gone_within(1, machine)


def test_two_commands_take_turns(machine: dict[str, str]) -> None:
    code = (
        "from digivesteralen.servers.holding import servers\nimport time\n"
        "with servers():\n print(time.time(), flush=True)\n time.sleep(1)\n print(time.time(), flush=True)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=machine, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60) for process in both]
    (first_in, first_out), (second_in, second_out) = sorted(tuple(map(float, out.split())) for out, _ in told)

    assert first_in < first_out <= second_in < second_out
    assert sum(b"waiting" in err for _, err in told) == 1


def test_servers_of_ones_own_are_neither_started_nor_stopped(machine: dict[str, str]) -> None:
    machine |= {"DATABASE_URL": "postgresql://app@db.example.no/portal", "REDIS_URL": "redis://valkey.example.no"}
    done = _python(machine, "from digivesteralen.servers.holding import servers\nwith servers() as s: print(s)")

    assert done.stdout.strip() == "[]"
    assert not Path(machine["VAR_DIR"]).exists()


# --- make run ---


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def prepared_machine() -> Iterator[dict[str, str]]:
    """The environment of a machine that keeps its data from one start to the next."""
    yield from _new_machine()


@pytest.fixture
def portal(prepared_machine: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`make run` up to its welcome."""
    machine = prepared_machine
    machine["PORT"] = str(_free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "digivesteralen.run"],
        env=machine,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C stops everything" in line:
            break
    else:
        process.communicate()
        pytest.fail(told)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        process.stdout.close()


def _status(machine: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{machine['PORT']}/healthz", timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.slow
@pytest.mark.xdist_group("portal")
def test_the_portal_runs_lets_commands_join_and_stops_clean(
    portal: subprocess.Popen[str], prepared_machine: dict[str, str]
) -> None:
    machine = prepared_machine
    assert _status(machine) in {200, 404}
    joined = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        env=machine,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (joined.returncode, "waiting" in joined.stderr) == (0, False), joined.stderr
    second = subprocess.run(
        [sys.executable, "-m", "digivesteralen.run"],
        env=machine | {"PORT": str(_free_port())},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1 and "running already" in second.stderr

    os.kill(_pids(machine, "celery --app digivesteralen --quiet worker")[0], signal.SIGKILL)
    assert "worker ended unexpectedly and is started again" in _next_line(portal)
    os.kill(_pids(machine, "valkey-server")[0], signal.SIGKILL)
    assert "valkey ended unexpectedly and is started again" in _next_line(portal)
    os.kill(_pids(machine, "bin/postgres -D")[0], signal.SIGKILL)
    assert "postgres ended unexpectedly and is started again" in _next_line(portal)

    portal.send_signal(signal.SIGINT)

    assert portal.wait(60) == 0
    assert _gone_within(1, machine)


def _next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if line.strip())


def _pids(machine: dict[str, str], words: str) -> list[int]:
    """Process numbers, the oldest first: a parent before its children."""
    return [number for number, command in _processes_of(machine).items() if words in command]


@pytest.mark.slow
@pytest.mark.xdist_group("portal")
def test_the_killed_portal_leaves_no_process(portal: subprocess.Popen[str], prepared_machine: dict[str, str]) -> None:
    portal.kill()

    assert portal.wait(10) == -signal.SIGKILL
    assert _gone_within(15, prepared_machine)


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
    volumes = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
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
    assert '"gunicorn", "digivesteralen.wsgi"' in lines and (Path(sys.executable).parent / "gunicorn").exists()
    assert "make install" in lines and re.search(r"^install:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert (ROOT / "digivesteralen" / "wsgi.py").exists()
