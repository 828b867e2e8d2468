"""Is there anything to prepare? Told by the files that the preparation reads and by the birth of the database."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from digivesteralen.servers.addresses import BASE_DIR, embedded, var_dir

READ = (
    "*/migrations/*.py",
    "digivesteralen/*/migrations/*.py",
    "digivesteralen/audit/**/*.py",
    "digivesteralen/servers/roles.py",
    "digivesteralen/settings.py",
    "requirements.lock",
    "static/**/*",
)


def anything_new() -> bool:
    """Always, where the database is not ours: then nobody knows what happened to it."""
    return "postgres" not in embedded() or not _file().exists() or _file().read_text() != _now()


def remember() -> None:
    _file().write_text(_now())


def _file() -> Path:
    return var_dir() / "prepared"


def _now() -> str:
    digest = hashlib.sha256()
    for path in (*_read(), var_dir() / "postgres" / "PG_VERSION", var_dir() / "static"):
        try:
            found = path.stat()
        except FileNotFoundError:
            digest.update(f"{path} missing\n".encode())
            continue
        # A folder's time changes with use; its number tells whether it was removed and made again.
        told = found.st_ino if path.is_dir() else (found.st_mtime_ns, found.st_size)
        digest.update(f"{os.fsencode(path)!r} {told}\n".encode())
    return digest.hexdigest()


def _read() -> Iterator[Path]:
    for pattern in READ:
        yield from sorted(path for path in BASE_DIR.glob(pattern) if path.is_file())
