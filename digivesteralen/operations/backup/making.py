"""Making a backup: the database at one moment, and every file that it points to at that moment."""

import hashlib
import os
from pathlib import Path
from typing import Any

import psycopg
from django.core.files.storage import default_storage

from digivesteralen.operations.backup import figures
from digivesteralen.operations.backup.manifest import DUMP, FILES, Manifest, proof
from digivesteralen.operations.backup.programs import NotDone, find, place, run

PIECE = 1024 * 1024
STORED = "SELECT file, sha256 FROM documents_document WHERE erased_at IS NULL ORDER BY file"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
ERASED = "SELECT erased_at IS NOT NULL FROM documents_document WHERE file = %s"


def make(folder: Path) -> Manifest:
    """Copy all into an empty folder. People go on working: what they save meanwhile comes in the next backup."""
    _empty(folder)
    with psycopg.connect(**place("reader")) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        server = connection.info.server_version
        numberings = figures.numberings(connection)
        run(
            find("pg_dump", major=server // 10000),
            *("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000"),
            *(f"--snapshot={snapshot}", f"--file={folder / DUMP}"),
            role="reader",
        )
        (folder / DUMP).chmod(0o600)
        manifest = Manifest(
            server=f"{server // 10000}.{server % 10000}",
            migrations=[name for (name,) in connection.execute(MIGRATIONS).fetchall()],
            figures={**figures.of(connection), "sequences": numberings},
            dump=proof(folder / DUMP),
            files={},
        )
        stored = connection.execute(STORED).fetchall()
    for name, sha256 in stored:
        _copy(name, sha256, folder, manifest)
    manifest.write(folder)
    return manifest


def _empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise NotDone(f"{folder} is not empty: give each backup a folder of its own.")
        folder.chmod(0o700)  # it holds all that people have written
    except OSError as error:
        raise NotDone(f"{folder}: {error.strerror}.") from error


def _copy(name: str, sha256: str, folder: Path, manifest: Manifest) -> None:
    """A file that is gone or changed is told about, and the backup goes on: the rest is worth as much."""
    target = folder / FILES / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as source, target.open("xb") as copy:
            while piece := source.read(PIECE):
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
    except FileNotFoundError:
        if _erased_meanwhile(name):
            raise NotDone("A file's time ended while the backup was made. Make the backup once more.") from None
        manifest.damaged[name] = "is missing"
        return
    manifest.files[name] = {"size": target.stat().st_size, "sha256": digest.hexdigest()}
    if digest.hexdigest() != sha256:
        manifest.damaged[name] = "is not what was stored"


def _erased_meanwhile(name: str) -> bool:
    with psycopg.connect(**place("reader")) as connection:
        return bool(_one(connection, ERASED, name))


def _one(connection: psycopg.Connection[Any], question: str, *values: str) -> Any:
    found = connection.execute(question, values).fetchone()
    return found[0] if found else None
