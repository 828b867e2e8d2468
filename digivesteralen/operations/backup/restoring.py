"""Bringing a backup back: into an empty database alone, all of it or nothing, and then compared row by row."""

from pathlib import Path
from typing import Any

import psycopg
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from digivesteralen.audit.protection import protect
from digivesteralen.documents.files import sha256_of
from digivesteralen.operations.backup import figures
from digivesteralen.operations.backup.manifest import DUMP, FILES, Manifest, proof
from digivesteralen.operations.backup.programs import NotDone, find, place, run
from digivesteralen.servers.roles import acting_as

HELD = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')"


def restore(folder: Path) -> tuple[Manifest, list[str]]:
    """What was brought back, and what is not as in the backup: none where all went well."""
    manifest = Manifest.read(folder)
    _whole(folder, manifest)
    _known(manifest)
    with psycopg.connect(**place("owner")) as connection:
        _refuse_a_filled_one(connection)
        major = connection.info.server_version // 10000
    _bring_files(folder, manifest)
    run(
        find("pg_restore", major=max(major, int(manifest.server.partition(".")[0]))),
        *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", folder / DUMP),
        role="owner",
    )
    with acting_as("owner"):
        protect(connections["default"])
    cache.clear()  # what was kept there is about another database
    return manifest, compare(manifest)


def sign_everybody_out() -> None:
    """Somebody may have been signed out, or closed, since the backup was made."""
    with psycopg.connect(**place("owner")) as connection:
        connection.execute("DELETE FROM usersessions_usersession")
        connection.execute("DELETE FROM django_session")


def compare(manifest: Manifest) -> list[str]:
    """Every row of every table, and every file, against the backup."""
    with psycopg.connect(**place("reader")) as connection:
        told = figures.differences(manifest.figures, figures.of(connection))
    for name, held in manifest.files.items():
        if not _stands(name, held):
            told.append(f"files, {name}: not as in the backup")
    return told


def _whole(folder: Path, manifest: Manifest) -> None:
    """Before anything is touched: each part of the backup is what it was when it was made."""
    parts = {folder / DUMP: manifest.dump}
    parts |= {folder / FILES / name: held for name, held in manifest.files.items()}
    for path, held in parts.items():
        if not path.is_relative_to(folder) or ".." in path.parts or not path.is_file() or proof(path) != held:
            raise NotDone(f"{path} is damaged or missing: nothing is brought back. Use another backup.")


def _known(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise NotDone(
            f"The backup was made by another portal, version {manifest.portal}, with changes of the tables that this"
            f" one does not know ({', '.join(unknown[:3])}). Install that version, or a newer one, first."
        )


def _refuse_a_filled_one(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute(HELD).fetchone()
    if found and found[0]:
        raise NotDone(
            f"The database {connection.info.dbname} is not empty ({found[0]} tables and numberings). Make an empty one"
            " and point DATABASE_URL and the other two at it, or use a new VAR_DIR: nothing is ever written over."
        )


def _bring_files(folder: Path, manifest: Manifest) -> None:
    """Before the rows that point to them. What stands there already, as after a restore that was cut off, is kept."""
    for name, held in manifest.files.items():
        if _stands(name, held):
            continue
        if default_storage.exists(name):
            raise NotDone(f"Another file stands where {name} belongs: use an empty storage.")
        with (folder / FILES / name).open("rb") as file:
            default_storage.save(name, File(file))


def _stands(name: str, held: dict[str, Any]) -> bool:
    return default_storage.exists(name) and sha256_of(name) == held["sha256"]
