"""`make load`: the whole portal in a folder of its own, and two hundred directors in one minute.

Bounded and alone: it listens on 127.0.0.1, asks so many pages and no more, and takes everything away when it ends.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from digivesteralen.servers import addresses
from digivesteralen.servers.processes import Child

STARTS_WITHIN = 600  # seconds
# An installation that the environment points at is nobody's to put a load on.
OTHERS = [*addresses.VARIABLES.values(), "REDIS_URL", "CACHE_URL", "PRODUCTION"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--directors", type=int, default=200, choices=range(2, 401), metavar="2–400")
    parser.add_argument("--seconds", type=int, default=60, choices=range(5, 301), metavar="5–300")
    asked = parser.parse_args()
    with _folder() as folder, _portal(folder) as port:
        import django  # noqa: PLC0415 -- the folder of the portal is known first

        django.setup()
        from digivesteralen.load import running  # noqa: PLC0415 -- needs the apps

        return running.run(port, directors=asked.directors, seconds=asked.seconds)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = addresses.var_dir() / f"load-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _portal(folder: Path) -> Iterator[int]:
    """`make run` as people know it: web, worker, beat and both servers."""
    port = _free_port()
    for name in OTHERS:
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(folder), "PORT": str(port), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "digivesteralen.settings",
    }  # fmt: skip
    child = Child("portal", [sys.executable, "-m", "digivesteralen.run"], log=folder / "portal.log")
    print("Starting the portal with its demo data …", flush=True)
    try:
        _wait(child, port)
        yield port
    finally:
        child.stop(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(child: Child, port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if not child.running():
            break
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()  # noqa: S310 -- our own
            return
        time.sleep(0.3)
    sys.exit(f"The portal did not start:\n{child.last_words()}")


if __name__ == "__main__":
    sys.exit(main())
