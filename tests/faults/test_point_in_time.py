"""Back to a moment by PostgreSQL's own tools, step by step as docs/drift.md tells an administrator."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from digivesteralen.servers import addresses
from digivesteralen.servers.embedded import SUPERUSER, Postgres, postgres_programs
from digivesteralen.servers.place import private_folder


class Recovering(Postgres):
    """A server with more settings, which is there when it can be written to."""

    def __init__(self, **settings: str) -> None:
        super().__init__()
        self.more = settings

    def _settings(self) -> list[str]:
        return [
            *super()._settings(),
            *(word for name, value in self.more.items() for word in ("-c", f"{name}={value}")),
        ]

    def _prepare(self) -> None:
        if self.ask("SELECT pg_is_in_recovery()"):
            raise psycopg.OperationalError("still recovering")

    def ask(self, statement: str) -> Any:
        with psycopg.connect(host=str(self.sockets), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return (cursor.fetchone() or [None])[0] if cursor.description else None


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(dir=addresses.var_dir()))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def test_back_to_the_moment_before_somebody_deleted_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(folder / "before"))
    server = Recovering(archive_mode="on", archive_command=f"test ! -f {folder}/wal/%f && cp %p {folder}/wal/%f")
    private_folder(folder / "wal", owner=server.user)
    server.start()
    try:
        server.ask("CREATE TABLE decided AS SELECT 'before the copy' AS word")
        copy = folder / "after" / "postgres"
        copy.parent.mkdir()
        copy.parent.chmod(0o711)
        command = [postgres_programs() / "pg_basebackup", "-D", copy, "-h", server.sockets, "-U", SUPERUSER]
        subprocess.run([*command, "--checkpoint=fast"], check=True, capture_output=True)
        server.ask("INSERT INTO decided VALUES ('after the copy')")
        moment = server.ask("SELECT clock_timestamp()::text FROM pg_sleep(0.1)")
        server.ask("SELECT pg_sleep(0.1)")
        server.ask("DELETE FROM decided")
        server.ask("SELECT pg_switch_wal()")
    finally:
        server.stop()

    monkeypatch.setenv("VAR_DIR", str(folder / "after"))
    (copy / "recovery.signal").touch()
    if server.user:
        subprocess.run(["chown", "-R", f"{server.user}:{server.user}", copy], check=True)
    restored = Recovering(
        restore_command=f"cp {folder}/wal/%f %p", recovery_target_time=moment, recovery_target_action="promote"
    )
    restored.start()
    try:
        assert restored.ask("SELECT string_agg(word, ', ' ORDER BY word) FROM decided") == (
            "after the copy, before the copy"
        )
        restored.ask("INSERT INTO decided VALUES ('people work on')")
    finally:
        restored.stop()
