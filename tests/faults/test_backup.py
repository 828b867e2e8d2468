"""F21: a backup brought back on an empty server is the same, row by row and file by file."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from digivesteralen.audit.models import Act
from digivesteralen.documents import files, jobs
from digivesteralen.operations.backup import making, programs
from digivesteralen.operations.backup.manifest import DUMP, FILES, Manifest, portal_version, proof
from digivesteralen.servers import addresses
from governance.models import Collaboration
from tests.documents import kinds

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = addresses.BASE_DIR
TRIED = """
import json, psycopg
from digivesteralen.operations.backup.programs import place
refused = []
for statement in (
    "UPDATE governance_collaborationevent SET name = 'Forfalsket'",
    "DELETE FROM audit_act",
    "DELETE FROM documents_document",
    "ALTER TABLE documents_document DISABLE TRIGGER ALL",
):
    with psycopg.connect(**place("app")) as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            refused.append(type(error).__name__)
print(json.dumps(refused))
"""


@pytest.fixture
def filled(digi: Collaboration, secretary: Any) -> Collaboration:
    """Rows with their history, papers in several versions, a job, and an upload whose time is over."""
    digi.purpose = "Innhold med æøå, «anførsel» og\nlinjeskift"
    digi.save()
    for text in ("Første", "Andre"):
        jobs.run(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"text": text}).pk)
    about = {"kind": kinds.RAW, "subject": digi.pk, "title": "Vedlegg", "file_name": "a.bin", "mime": "text/plain"}
    files.keep(os.urandom(3_000_000), by=secretary, **about)
    files.erase(files.keep(b"Navn og svar", by=secretary, **about))
    return digi


@pytest.fixture
def empty_server() -> Iterator[dict[str, str]]:
    """The environment of a machine on which nothing has run yet."""
    folder = Path(tempfile.mkdtemp(dir=addresses.var_dir()))
    folder.chmod(0o711)  # root's database runs as another user
    other = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL", "EMBEDDED_SERVERS_HELD_IN"}
    kept = {key: value for key, value in os.environ.items() if key not in other}
    own = {"VAR_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "digivesteralen.settings", "DEMO": "0"}
    yield kept | own
    shutil.rmtree(folder)


def on(machine: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], env=machine, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_a_backup_on_an_empty_server_is_the_same_portal(
    filled: Collaboration, empty_server: dict[str, str], tmp_path: Path
) -> None:
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now() + timedelta(hours=1))
    call_command("backup", str(tmp_path / "one"))

    restored = on(empty_server, "manage.py", "restore", str(tmp_path / "one"))
    assert restored.returncode == 0, restored.stderr
    again = on(empty_server, "manage.py", "backup", str(tmp_path / "two"))
    assert again.returncode == 0, again.stderr

    one, two = Manifest.read(tmp_path / "one"), Manifest.read(tmp_path / "two")
    assert two.files == one.files and len(one.files) == 3
    rows = {table for table, held in one.figures["rows"].items() if held[0]}
    assert {"governance_collaborationevent", "documents_document", "documents_job", "accounts_user"} <= rows
    assert (one.figures["rows"].pop("django_session")[0], two.figures["rows"].pop("django_session")[0]) == (1, 0)
    # That it was brought back, and that there are backups, is told in the database; nothing else differs.
    assert two.figures["rows"].pop("operations_regularwork") != one.figures["rows"].pop("operations_regularwork")
    assert two.figures["rows"].pop("audit_act") != one.figures["rows"].pop("audit_act")
    assert two.figures["sequences"].pop("audit_act_id_seq") != one.figures["sequences"].pop("audit_act_id_seq")
    assert two.figures == one.figures
    assert len(one.figures["triggers"]) > 100 and len(one.figures["sequences"]) > 50

    tried = on(
        empty_server,
        "-c",
        "import django, os; django.setup()\n"
        "from digivesteralen.servers.holding import servers\n"
        "with servers():\n" + "".join(f"    {line}\n" for line in TRIED.strip().splitlines()),
    )
    assert tried.stdout.strip() == (
        '["InsufficientPrivilege", "InsufficientPrivilege", "RaiseException", "InsufficientPrivilege"]'
    ), tried.stderr


def test_a_restore_that_is_killed_leaves_an_empty_database_and_is_done_again(
    filled: Collaboration, empty_server: dict[str, str], tmp_path: Path
) -> None:
    making.make(tmp_path / "copy")
    real = programs.find("pg_restore", major=18)
    killed = tmp_path / "programs" / "pg_restore"
    killed.parent.mkdir()
    killed.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec {real} --version\nexec timeout --signal=KILL 0.4 {real} "$@"\n'
    )
    killed.chmod(0o755)

    first = on({**empty_server, programs.FOLDER: str(killed.parent)}, "manage.py", "restore", str(tmp_path / "copy"))
    second = on(empty_server, "manage.py", "restore", str(tmp_path / "copy"))

    assert first.returncode == 1 and "pg_restore stopped" in first.stderr
    assert second.returncode == 0, second.stderr
    assert "Every row and file is as in the backup" in second.stdout


def test_what_is_saved_while_the_backup_is_made_comes_whole_or_not_at_all(
    filled: Collaboration, empty_server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves a paper between the dump and the counting: the figures are still those of the dump."""
    usual = making.run

    def dump_and_then_somebody_saves(*arguments: Any, **options: Any) -> None:
        usual(*arguments, **options)
        with psycopg.connect(**programs.place("app")) as connection:
            connection.execute("UPDATE governance_collaboration SET name = name || ' 2'")

    before = Collaboration.objects.get(pk=filled.pk).name
    monkeypatch.setattr(making, "run", dump_and_then_somebody_saves)
    manifest = making.make(tmp_path / "copy")
    monkeypatch.undo()

    later = making.make(tmp_path / "later")
    assert Collaboration.objects.get(pk=filled.pk).name == f"{before} 2"
    assert later.figures["rows"]["governance_collaboration"] != manifest.figures["rows"]["governance_collaboration"]
    assert later.figures["rows"]["governance_collaborationevent"][0] == (
        manifest.figures["rows"]["governance_collaborationevent"][0] + 1
    )
    assert (tmp_path / "copy" / FILES).exists() and default_storage.exists("documents")
    restored = on(empty_server, "manage.py", "restore", str(tmp_path / "copy"))
    assert restored.returncode == 0, restored.stderr


def test_a_file_that_is_no_longer_what_was_stored_is_named_and_the_rest_is_kept(
    filled: Collaboration, secretary: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = {"kind": kinds.RAW, "subject": filled.pk, "title": "Vedlegg", "file_name": "a.txt", "mime": "text/plain"}
    whole, changed, gone = (files.keep(text, by=secretary, **about) for text in (b"Hel", b"Endret", b"Borte"))
    Path(default_storage.path(changed.stored_name)).write_bytes(b"Noe annet")
    default_storage.delete(gone.stored_name)

    with pytest.raises(CommandError, match="files of the portal are damaged"):
        call_command("backup", str(tmp_path / "copy"))

    said = capsys.readouterr()
    assert f"{changed.stored_name} is not what was stored" in said.err
    assert f"{gone.stored_name} is missing" in said.err
    assert "files=5 damaged=2" in said.out
    assert (tmp_path / "copy" / FILES / whole.stored_name).read_bytes() == b"Hel"
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    assert Act.objects.get(verb="backup_made").detail["damaged"] == 2
    manifest = Manifest.read(tmp_path / "copy")
    assert manifest.portal == portal_version()
    assert proof(tmp_path / "copy" / DUMP) == manifest.dump
