"""A cluster with all migrations done, kept between test runs: migrating takes ten seconds, copying a fifth of one."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import django
from django.db import connection

from digivesteralen.servers import addresses
from digivesteralen.servers.holding import servers
from digivesteralen.servers.roles import acting_as

FOLDER = addresses.BASE_DIR / "var" / "test"
READ = (
    "*/migrations/*.py",
    "digivesteralen/*/migrations/*.py",
    "digivesteralen/audit/*.py",
    "digivesteralen/servers/*.py",
    "requirements.lock",
)


def prepare() -> None:
    """Put a migrated cluster into this run's folder, from an earlier run where nothing has changed since."""
    kept = FOLDER / f"ready-{_key()}"
    target = addresses.var_dir() / "postgres"
    if kept.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(kept, target)
        return
    with servers(keep_safe=False):
        # A process of its own: pytest-django lets nobody use the database outside a test.
        subprocess.run([sys.executable, "-m", "tests.prepared"], check=True, cwd=addresses.BASE_DIR)
    _keep(target.resolve(), kept)


def _migrate() -> None:
    django.setup()
    with acting_as("owner"):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()


def _key() -> str:
    digest = hashlib.sha256()
    for pattern in READ:
        for path in sorted(addresses.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _keep(cluster: Path, kept: Path) -> None:
    unfinished = kept.with_name(f"{kept.name}.{addresses.var_dir().name}")
    _copy(cluster, unfinished)
    with contextlib.suppress(OSError):  # another run was faster
        unfinished.rename(kept)
    shutil.rmtree(unfinished, ignore_errors=True)
    for old in FOLDER.glob("ready-*"):
        if old != kept and time.time() - old.stat().st_mtime > 3600:
            shutil.rmtree(old, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    # Not shutil: the files keep their owner, who is not root.
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    subprocess.run(["touch", str(target)], check=True)


def remove_what_killed_runs_left() -> None:
    if FOLDER.exists():
        for left in FOLDER.iterdir():
            number = left.name.rpartition(".")[2]
            if number.isdigit() and not (Path("/proc") / number).exists():
                shutil.rmtree(left, ignore_errors=True)


if __name__ == "__main__":
    _migrate()
