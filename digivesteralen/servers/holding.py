"""Who runs the embedded servers: one process at a time; others join a running `make run`, or wait for their turn."""

import contextlib
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from digivesteralen.servers import addresses, embedded
from digivesteralen.servers.place import CannotStart

# Tells our own children (a reloader, a command started by a test) that the servers are there already.
HELD = "EMBEDDED_SERVERS_HELD_IN"


@contextlib.contextmanager
def servers(*, may_be_joined: bool = False, keep_safe: bool = True) -> Iterator[list[embedded.Server]]:
    """The servers run for the length of the block. Yields those that we started ourselves, first to last."""
    if not addresses.embedded() or os.environ.get(HELD) == str(addresses.var_dir()):
        yield []
        return
    lock = _lock_or_join()
    if lock is None:
        yield []
        return
    started: list[embedded.Server] = []
    try:
        for server in embedded.missing(keep_safe=keep_safe):
            server.start()
            started.append(server)
        os.environ[HELD] = str(addresses.var_dir())
        _note(may_be_joined)
        yield started
    finally:
        os.environ.pop(HELD, None)
        _note(False)
        for server in reversed(started):
            server.stop()
        lock.close()


def _lock_or_join() -> IO[str] | None:
    """The lock, once it is free; nothing where a running `make run` may be joined."""
    told = False
    lock = _open(_var() / "servers.lock")
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _may_join():
                lock.close()
                return None
            if not told:
                print("Another command uses the database; waiting for it to end …", file=sys.stderr)
                told = True
            time.sleep(0.2)
        else:
            return lock


def _var() -> Path:
    var = addresses.var_dir()
    try:
        var.mkdir(parents=True)
        # Root's database runs as another user, who passes through but cannot look around.
        var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except FileExistsError:
        pass
    except PermissionError as error:
        raise CannotStart(f"{var} cannot be made: {error.strerror}. Start as its owner, or set VAR_DIR.") from error
    return var


def _open(path: Path) -> IO[str]:
    try:
        return path.open("a")
    except PermissionError as error:
        owner = path.stat().st_uid
        raise CannotStart(
            f"{path.parent} was made by another user (number {owner}): start as that user, or set VAR_DIR."
        ) from error


def _note(may_be_joined: bool) -> None:
    (_var() / "servers.json").write_text(json.dumps({"pid": os.getpid(), "may_be_joined": may_be_joined}))


def _may_join() -> bool:
    try:
        return bool(json.loads((_var() / "servers.json").read_text())["may_be_joined"])
    except (FileNotFoundError, ValueError):
        return False
