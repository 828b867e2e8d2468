"""Starts the servers, prepares the data, starts web, worker and beat, and keeps them running until told to stop."""

import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from digivesteralen.run import port, stamp
from digivesteralen.run.welcome import welcome
from digivesteralen.servers import addresses
from digivesteralen.servers.embedded import Server
from digivesteralen.servers.holding import servers
from digivesteralen.servers.place import CannotStart
from digivesteralen.servers.processes import Child

QUEUES = "documents,imports,mail,celery"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A process that falls over more often than this is not started again.
FALLS, WITHIN = 4, 60.0
FINISH = 45.0
# Reports and imports: whoever reads a page goes first.
GIVE_WAY = {"worker"}


class Stopped(Exception):
    """We were asked to stop while something was still starting."""


class Supervisor:
    def __init__(self, *, port: str) -> None:
        self.port = port
        self.stopping = False
        self.children: dict[str, Child] = {}
        self.falls: dict[str, deque[float]] = {}

    def run(self) -> int:
        for number in STOPS:
            signal.signal(number, self._stop)
        port.check_free(self.port)
        started_at = time.monotonic()
        with servers(may_be_joined=True) as started:
            if not started and addresses.embedded():
                raise CannotStart("The portal is running already: end it first (Ctrl-C where it was started).")
            with contextlib.suppress(Stopped), self._everything_stops():
                self._prepare()
                for name in self._commands():
                    self._start(name)
                self._wait_for_the_page()
                print(welcome(self.port, time.monotonic() - started_at), flush=True)
                return self._keep_running(started)
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            print("\nStopping …", flush=True)

    def _commands(self) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app", "digivesteralen", "--quiet"]
        return {
            "web": [
                *(*python, "gunicorn", "--config", "python:digivesteralen.operations.web", "digivesteralen.wsgi"),
                *("--bind", f"127.0.0.1:{self.port}"),
                *("--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket", "--preload"),
            ],
            "worker": [
                *(*celery, "worker", "--queues", QUEUES, "--concurrency", "2", "--loglevel", "info"),
                *("--without-gossip", "--without-mingle"),
            ],
            "beat": [*celery, "beat", "--schedule", str(addresses.var_dir() / "beat"), "--pidfile", ""],
        }

    def _start(self, name: str) -> Child:
        command, way = self._commands()[name], name in GIVE_WAY
        child = Child(name, command, log=_log(name), env=_environment(), cwd=addresses.BASE_DIR, gives_way=way)
        self.children[name] = child
        return child

    def _prepare(self) -> None:
        """Migrate, fill an empty database, collect the static files: in one process, and only when something is new."""
        if not stamp.anything_new():
            return
        print("Preparing the database and the files …", flush=True)
        command = [sys.executable, "manage.py", "prepare"]
        child = Child("prepare", command, log=_log("prepare"), env=_environment(), cwd=addresses.BASE_DIR)
        self.children["prepare"] = child
        while child.running():
            self._pause(0.1)
        del self.children["prepare"]
        if child.process.returncode:
            raise CannotStart(f"The preparation failed; see {child.log}:\n{child.last_words()}")
        stamp.remember()

    def _pause(self, seconds: float) -> None:
        if self.stopping:
            raise Stopped
        time.sleep(seconds)

    def _wait_for_the_page(self) -> None:
        while not _answers(self.port):
            self._pause(0.1)
            if not self.children["web"].running():
                raise CannotStart(f"The web server did not start:\n{self.children['web'].last_words()}")

    def _keep_running(self, started: list[Server]) -> int:
        while not self.stopping:
            for server in started:
                if not server.child.running():
                    self._fell(server.name)
                    server.start()
            for name, child in list(self.children.items()):
                if not child.running():
                    self._fell(name)
                    self._start(name)
            time.sleep(0.3)
        return 0

    def _fell(self, name: str) -> None:
        falls = self.falls.setdefault(name, deque(maxlen=FALLS))
        falls.append(time.monotonic())
        if len(falls) == FALLS and falls[-1] - falls[0] < WITHIN:
            raise CannotStart(f"{name} keeps falling over; see {_log(name)}:\n{_tail(_log(name))}")
        print(f"{name} ended unexpectedly and is started again; see {_log(name)}", flush=True)

    @contextlib.contextmanager
    def _everything_stops(self) -> Iterator[None]:
        """All are asked at once; what a worker has begun it may finish. The servers end after them."""
        try:
            yield
        finally:
            self.stopping = True
            for child in self.children.values():
                child.ask_to_stop()
            end = time.monotonic() + FINISH
            for child in self.children.values():
                child.stop(max(0.1, end - time.monotonic()))


def _environment() -> dict[str, str]:
    # The demo's worker may run as root on a machine that has no other user.
    return {**os.environ, "C_FORCE_ROOT": "1"} if os.geteuid() == 0 else dict(os.environ)


def _log(name: str) -> Path:
    return addresses.var_dir() / "log" / f"{name}.log"


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


def _answers(port: str) -> bool:
    """Any answer counts, also a refusal: the web server is there."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()  # noqa: S310 -- our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
