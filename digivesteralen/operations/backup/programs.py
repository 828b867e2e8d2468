"""PostgreSQL's own programs for copying a database: pg_dump refuses a server that is newer than itself."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg.conninfo import make_conninfo

from digivesteralen.servers import addresses, embedded
from digivesteralen.servers.place import CannotStart

FOLDER = "POSTGRES_PROGRAMS"  # a folder with other programs than those that are found


class NotDone(Exception):
    """A backup or a restore that stops; the text says why, and what to do instead."""


def find(name: str, *, major: int) -> Path:
    """The program for a server of this version: the machine's own if new enough, else that of the wheel."""
    found = []
    for program in _candidates(name):
        version = _major(program)
        if version >= major:
            return program
        found.append(f"{program} is of version {version}")
    raise NotDone(
        f"{name} for PostgreSQL {major} is missing ({'; '.join(found) or 'there is none'}). Install the package"
        f" postgresql-client-{major}, or name a folder that holds it in {FOLDER}."
    )


def _candidates(name: str) -> Iterator[Path]:
    named = os.environ.get(FOLDER)
    folders = [Path(named)] if named else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    on_path = shutil.which(name)
    programs = [folder / name for folder in folders] + ([Path(on_path)] if on_path else [])
    with contextlib.suppress(CannotStart):  # an installation without the wheel
        programs.append(embedded.postgres_programs() / name)
    return (program for program in programs if program.exists())


def _major(program: Path) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\) (\d+)", told.stdout)
    return int(number.group(1)) if number else 0


def place(role: addresses.Role) -> dict[str, Any]:
    """How libpq is told where the portal's database is. The name is that of Django's own connection."""
    entry = addresses.database(role)
    return {
        "host": entry["HOST"],
        "port": entry["PORT"],
        "user": entry["USER"],
        "password": entry["PASSWORD"],
        "dbname": connections["default"].settings_dict["NAME"],
        **{key: value for key, value in entry["OPTIONS"].items() if key != "application_name"},
    }


def run(program: Path, *arguments: str | Path, role: addresses.Role) -> None:
    """Run it as one of the three roles. The password is told in the environment: everybody sees a command line."""
    where = {key: value for key, value in place(role).items() if value}
    password = where.pop("password", "")
    command = [str(word) for word in (program, *arguments)] + ["--dbname", make_conninfo("", **where)]
    environment = {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotDone(f"{program.name} stopped:\n{done.stderr.strip()}")
