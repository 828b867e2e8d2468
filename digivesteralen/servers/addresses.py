"""Where the database and the broker are. Computes addresses and starts nothing."""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Role = Literal["app", "owner", "reader"]

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATABASE = "digivesteralen"
USERS: dict[Role, str] = {role: f"{DATABASE}_{role}" for role in ("owner", "app", "reader")}
VARIABLES: dict[Role, str] = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "reader": "DATABASE_READER_URL",
}
# A socket's path must fit into 108 bytes, its name included.
LONGEST_FOLDER = 85


class WrongAddress(Exception):
    """A DATABASE_… or REDIS_URL that cannot be used; the text says what to write instead."""


def var_dir() -> Path:
    """The folder of everything that this machine keeps: data of the servers, files, logs."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").absolute()


def reachable(path: Path) -> bool:
    """May any user of the machine come as far as this file or folder? What does not exist yet, will be open."""
    path = path.resolve()
    if path.is_file() and not path.stat().st_mode & stat.S_IROTH:
        return False
    folders = [path, *path.parents] if not path.is_file() else path.parents
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders if folder.exists())


def socket_dir(server: str) -> Path:
    """The folder of one server's socket: under var/, or under /tmp where var/ lies too deep or is closed.

    A socket's path is short by law of the system; and as root, the database runs as a user who may not pass everywhere.
    """
    var = var_dir()
    folder = var / "run" / server
    if len(os.fsencode(folder)) <= LONGEST_FOLDER and (os.geteuid() != 0 or reachable(var)):
        return folder
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path("/tmp") / f"{DATABASE}-{os.getuid()}-{name}" / server  # noqa: S108 -- short, and closed by servers.place


def embedded() -> list[str]:
    """The servers that nobody has given an address for, and that this machine therefore runs itself."""
    given = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return [server for server, variable in given.items() if not os.environ.get(variable)]


def database(role: Role = "app") -> dict[str, Any]:
    """The entry of Django's DATABASES for one of the three roles.

    Where only DATABASE_URL is given, all three are the same role; the check of digivesteralen.audit warns about it.
    """
    if "postgres" in embedded():
        place = {"NAME": DATABASE, "USER": USERS[role], "PASSWORD": "", "HOST": str(socket_dir("postgres")), "PORT": ""}
        options: dict[str, str] = {}
    else:
        variable = VARIABLES[role] if os.environ.get(VARIABLES[role]) else "DATABASE_URL"
        place, options = _from_url(variable)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"{DATABASE} {role}", "connect_timeout": "5", **options},
        **place,
    }


def _from_url(variable: str) -> tuple[dict[str, str], dict[str, str]]:
    example = f"{variable}=postgresql://user:password@host:5432/{DATABASE}"
    url = _split(variable, {"postgresql", "postgres"}, example)
    options = dict(parse_qsl(url.query))
    place = {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": options.pop("port", str(url.port or "")),
    }
    if not place["NAME"]:
        raise WrongAddress(f"{variable} names no database. Write it like {example}.")
    return place, options


def redis_url(db: int) -> str:
    """The address of one of Valkey's numbered databases, as Django's cache and the redis client write it."""
    if "valkey" in embedded():
        return f"unix://{socket_dir('valkey') / 'valkey.sock'}?db={db}"
    url = _split("REDIS_URL", {"redis", "rediss", "unix"}, "REDIS_URL=redis://host:6379")
    if url.scheme == "unix":
        return f"unix://{url.path}?db={db}"
    return url._replace(path=f"/{db}").geturl()


def broker_url(db: int = 0) -> str:
    """Where Celery's messages lie. Celery has its own way of writing a socket."""
    url = urlsplit(redis_url(db))
    return f"redis+socket://{url.path}?virtual_host={db}" if url.scheme == "unix" else url.geturl()


def cache_url(db: int = 1) -> str:
    """Where cached pages and sessions lie: CACHE_URL, so that a full cache pushes out no job, else beside the jobs."""
    if os.environ.get("CACHE_URL"):
        return _split("CACHE_URL", {"redis", "rediss", "unix"}, "CACHE_URL=redis://host:6379/0").geturl()
    return redis_url(db)


def _split(variable: str, schemes: set[str], example: str) -> SplitResult:
    try:
        url = urlsplit(os.environ[variable])
        port = url.port
    except ValueError as error:
        raise WrongAddress(f"{variable}: {error}. Write it like {example}.") from None
    if url.scheme not in schemes or port == 0:
        raise WrongAddress(f"{variable} begins with “{url.scheme}:”. Write it like {example}.")
    return url
