"""Machines of the tests' own: an environment on which nothing runs yet, and what runs there."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digivesteralen.servers import addresses

ROOT = addresses.BASE_DIR


@pytest.fixture
def machine() -> Iterator[dict[str, str]]:
    """The environment of a machine on which nothing runs yet."""
    yield from new_machine()


def new_machine() -> Iterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(dir=addresses.var_dir()))
    folder.chmod(0o711)
    yield machine_in(folder)
    shutil.rmtree(folder)


def machine_in(folder: Path) -> dict[str, str]:
    inherited = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL", "EMBEDDED_SERVERS_HELD_IN"}
    own = {"VAR_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "digivesteralen.settings", "DEMO": "0"}
    return {key: value for key, value in os.environ.items() if key not in inherited} | own


def python(machine: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=machine, cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def processes_of(machine: dict[str, str]) -> dict[int, str]:
    """The command lines of all processes of this machine: by their command, their environment or where they work."""
    found = {}
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda process: int(process.name)):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes()
            known_by = command + (process / "environ").read_bytes() + bytes((process / "cwd").readlink())
            if os.fsencode(machine["VAR_DIR"]) in known_by:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


def gone_within(seconds: float, machine: dict[str, str]) -> bool:
    end = time.monotonic() + seconds
    while processes_of(machine):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
