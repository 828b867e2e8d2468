"""A child process that never outlives us: own session, so that Ctrl-C reaches us alone; asked to stop if we die."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
GIVES_WAY = 10  # of 19
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Child:
    """One running process with its log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        farewell: signal.Signals = signal.SIGTERM,
        env: dict[str, str] | None = None,
        user: str | None = None,
        cwd: Path | None = None,
        gives_way: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        self.farewell = farewell
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.process = _start(
                command, output=output, farewell=farewell, env=env, user=user, cwd=cwd, gives_way=gives_way
            )

    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.running():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.farewell)

    def stop(self, patience: float) -> None:
        """Ask, wait, and only then end the whole session of the child."""
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def _start(
    command: Sequence[str | Path],
    *,
    output: IO[bytes],
    farewell: signal.Signals,
    env: dict[str, str] | None,
    user: str | None,
    cwd: Path | None,
    gives_way: bool,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_before_it_begins(farewell, gives_way=gives_way),
        **switch(user),
    )


def switch(user: str | None) -> dict[str, Any]:
    """Arguments for subprocess that run a command as another user of the machine."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def die_with_parent() -> None:
    """Be asked to stop when the one who started us is killed; else we and all our children would stay behind."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def _before_it_begins(farewell: signal.Signals, *, gives_way: bool) -> Callable[[], None] | None:
    """Run in the child after it has changed its user, because a change of user forgets the wish to die with us."""
    if _libc is None:
        return None
    parent = os.getpid()

    def wish() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:
            os._exit(1)
        if gives_way:
            _give_way()

    return wish


def _give_way() -> None:
    """What one does not sit and wait for takes the time that is left over, as long as somebody reads a page."""
    os.nice(GIVES_WAY)
    # Linux may share the time between sessions first, and the child has one of its own; a kernel without that is fine.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(GIVES_WAY))
