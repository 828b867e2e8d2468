"""Backup and restore: what is refused before anything is touched; the whole round stands in tests/faults."""

import hashlib
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

from digivesteralen.audit import contact
from digivesteralen.operations.backup import figures, programs, restoring
from digivesteralen.operations.backup.manifest import DUMP, FILES, Manifest


@pytest.fixture
def backup(tmp_path: Path, db: None) -> Path:
    """A folder that looks like a backup, with one file in it."""
    folder = tmp_path / "backup"
    (folder / FILES / "documents").mkdir(parents=True)
    parts = {folder / DUMP: b"not read by these tests", folder / FILES / "documents" / "sakspapir": b"Sakspapir"}
    for path, content in parts.items():
        path.write_bytes(content)
    dump, file = ({"size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for c in parts.values())
    Manifest("18.6", ["auth.0001_initial"], {"rows": {}}, dump, {"documents/sakspapir": file}).write(folder)
    return folder


def refusal(command: str, folder: Path) -> str:
    with pytest.raises(CommandError) as told:
        call_command(command, str(folder))
    return str(told.value)


def test_nothing_is_ever_restored_over_what_is_there(backup: Path) -> None:
    told = refusal("restore", backup)

    assert "is not empty" in told and "nothing is ever written over" in told
    assert not default_storage.exists("documents/sakspapir")


@pytest.mark.parametrize("part", [DUMP, f"{FILES}/documents/sakspapir"])
@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_damaged_backup_is_named_before_anything_is_touched(backup: Path, part: str, harm: str) -> None:
    path = backup / part
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes(content[:-1] + (b"x" if harm == "changed" else b""))

    told = refusal("restore", backup)

    assert str(path) in told and "damaged or missing" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "it is no backup, or one that was cut off"),
        ("{", "cannot be read"),
        ("[]", "another form"),
        ('{"format": 2}', "another form"),
        ('{"format": 1, "server": "18.6"}', "is not whole"),
    ],
)
def test_a_backup_that_was_cut_off_is_none(backup: Path, text: str | None, told: str) -> None:
    (backup / "manifest.json").unlink()
    if text is not None:
        (backup / "manifest.json").write_text(text)

    assert told in refusal("restore", backup)


def test_a_file_outside_the_backup_is_not_fetched(backup: Path) -> None:
    manifest = Manifest.read(backup)
    (backup.parent / "outside").write_bytes(b"Sakspapir")
    manifest.files = {"../../outside": manifest.files["documents/sakspapir"]}
    manifest.write(backup)

    assert "damaged or missing" in refusal("restore", backup)


def test_the_backup_of_a_newer_portal_needs_that_portal(backup: Path) -> None:
    manifest = Manifest.read(backup)
    manifest.migrations, manifest.portal = ["governance.9999_later"], "9.9.9"
    manifest.write(backup)

    told = refusal("restore", backup)

    assert "version 9.9.9" in told and "governance.9999_later" in told


def test_each_backup_has_a_folder_of_its_own(backup: Path) -> None:
    assert "is not empty" in refusal("backup", backup)


def test_a_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(programs.NotDone, match="postgresql-client-99") as told:
        programs.find("pg_dump", major=99)
    assert "POSTGRES_PROGRAMS" in str(told.value)


def test_a_program_that_is_older_than_the_server_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.3 (Debian)'\n")
    old.chmod(0o755)
    monkeypatch.setenv(programs.FOLDER, str(tmp_path))

    assert programs.find("pg_dump", major=12) == old
    assert programs.find("pg_dump", major=18) != old


def test_no_password_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1/x")
    monkeypatch.setenv("DATABASE_READER_URL", "postgresql://lars:hemmelig%20ord@127.0.0.1:5432/x?sslmode=prefer")
    shown = tmp_path / "program"
    shown.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/line\nprintf %s "$PGPASSWORD" > {tmp_path}/secret\n')
    shown.chmod(0o755)

    programs.run(shown, "--format=custom", role="reader")

    line = (tmp_path / "line").read_text()
    assert "hemmelig" not in line and "user=lars" in line and "sslmode=prefer" in line
    assert (tmp_path / "secret").read_text() == "hemmelig ord"


def test_what_a_program_says_reaches_the_one_who_runs_it(db: None) -> None:
    with pytest.raises(programs.NotDone, match=r"pg_restore stopped:\n.*/nowhere"):
        programs.run(programs.find("pg_restore", major=17), "/nowhere", role="owner")


# --- the figures that two databases are compared by ---


@pytest.fixture
def table() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**programs.place("owner")) as connection:
        connection.execute("CREATE TABLE compared (number int, word text)")
        connection.execute("INSERT INTO compared VALUES (1, 'Bø'), (2, 'Sortland'), (2, 'Sortland')")
        yield connection
        connection.rollback()


CHANGES = [
    "UPDATE compared SET word = 'Bo' WHERE number = 1",
    "UPDATE compared SET number = 3 - number",
    "UPDATE compared SET word = NULL WHERE number = 1",
    "DELETE FROM compared WHERE ctid = (SELECT max(ctid) FROM compared)",
    "INSERT INTO compared VALUES (3, '')",
    "CREATE INDEX compared_by_word ON compared (word)",
    "ALTER TABLE compared ADD CONSTRAINT named CHECK (number > 0)",
    "GRANT DELETE ON compared TO digivesteralen_reader",
    "ALTER TABLE documents_document DISABLE TRIGGER USER",
    "CREATE SEQUENCE counted START 7",
]


def test_every_change_is_seen_and_the_order_of_rows_is_none(db: None, table: psycopg.Connection[Any]) -> None:
    before = figures.of(table)
    table.execute("UPDATE compared SET word = word WHERE number = 1")
    assert figures.differences(before, figures.of(table)) == []

    for change in CHANGES:
        with table.transaction(force_rollback=True):
            table.execute(change)
            assert figures.differences(before, figures.of(table)), change


def test_a_newer_portal_that_knows_more_contact_data_brings_an_older_backup_back(
    db: None, table: psycopg.Connection[Any], settings: Any
) -> None:
    before = figures.of(table)
    settings.CONTACT_DATA = {**settings.CONTACT_DATA, "governance.Person": ("email", "title")}
    table.execute(contact.definition())

    assert figures.differences(before, figures.of(table)) == []
    table.execute(f"ALTER FUNCTION {contact.NAME} SECURITY INVOKER")
    assert "functions, erase_contact_data" in figures.differences(before, figures.of(table))[0]


def test_a_numbering_may_stand_further_on_and_never_further_back() -> None:
    before: figures.Figures = {"sequences": {"counted": 7}}

    assert figures.differences(before, {"sequences": {"counted": 9}}) == []
    assert figures.differences(before, {"sequences": {"counted": 6}}) == ["sequences, counted: 7 in the backup, 6 here"]


@pytest.mark.django_db(transaction=True)
def test_everybody_is_signed_out_also_where_something_is_not_as_in_the_backup(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now() + timedelta(hours=1))
    monkeypatch.setattr(restoring, "restore", lambda folder: (Manifest.read(folder), ["rows, accounts_user: …"]))

    assert "1 things are not as in the backup" in refusal("restore", backup)
    assert not Session.objects.exists()


def test_a_difference_is_told_in_words() -> None:
    before: figures.Figures = {"rows": {"accounts_user": [3, "1-2"]}, "sequences": {"counted": 7}}
    now: figures.Figures = {"rows": {"accounts_user": [2, "1-1"]}, "sequences": {}}

    assert figures.differences(before, now) == [
        "rows, accounts_user: 3 rows (1-2) in the backup, 2 rows (1-1) here",
        "sequences, counted: 7 in the backup, missing here",
    ]
