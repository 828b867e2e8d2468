"""The chain over the history says whether somebody has been there, also one who owns the database (T43)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from digivesteralen.accounts.models import User
from digivesteralen.audit import tasks
from digivesteralen.audit.chain import living, sealing, verifying
from digivesteralen.audit.chain.sealing import seal
from digivesteralen.audit.log import record
from digivesteralen.audit.models import Link, Seal
from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.servers.roles import acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def told(settings: Any, tmp_path: Path) -> Path:
    """The file outside the database."""
    settings.CHAIN_FILE = tmp_path / "chain" / "chain.jsonl"
    return settings.CHAIN_FILE


def _person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.no", "a long password", name=name)


def _found() -> list[str]:
    return [str(one) for one in verifying.breaks()]


def test_each_night_seals_what_is_new_and_only_that(told: Path) -> None:
    ada = _person("Ada")
    record("signed_in", by=ada)
    tasks.seal_the_day()
    User.objects.filter(pk=ada.pk).update(name="Ada Alm")
    tasks.seal_the_day()
    tasks.seal_the_day()

    first, second, third = Link.objects.order_by("number")
    assert [[(part["table"], part["rows"]) for part in link.parts] for link in (first, second, third)] == [
        [("accounts_userevent", 1), ("audit_act", 1)],
        [("accounts_userevent", 1)],
        [],
    ]
    assert (first.previous, second.previous, third.previous) == ("", first.digest, second.digest)
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    assert [(line["number"], line["rows"], line["digest"]) for line in lines] == [
        (1, 2, first.digest),
        (2, 1, second.digest),
        (3, 0, third.digest),
    ]
    assert _found() == []


def test_each_link_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="digivesteralen.audit.chain"):
        link = seal()

    assert link.digest in caplog.text


def test_what_a_slow_transaction_shows_afterwards_is_in_the_next_link(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as clock:
        clock.setattr(sealing.timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=3))
        seal()
    _person("Ada")

    assert [part["rows"] for part in seal().parts] == [1]


def test_links_that_the_disk_had_no_room_for_are_told_the_next_night(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(line: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")

    seal()
    with monkeypatch.context() as disk, pytest.raises(OSError, match="No space"):
        disk.setattr("digivesteralen.audit.chain.outside._write", full)
        seal()
    assert Link.objects.count() == 2
    seal()

    assert len(told.read_text().splitlines()) == 3
    assert _found() == []


def test_a_row_and_what_counts_of_it_do_not_depend_on_who_asks() -> None:
    """The time zone of the session is not part of the digest."""
    _person("Ada")
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'")

    assert _found() == []


# What somebody who owns the database does, and what the command says of it. {row} is an event of Ada's.
CHANGED = "Link 1: row {row} of accounts_userevent was changed after it was sealed."
ATTACKS = [
    ("UPDATE accounts_userevent SET name = 'Eva' WHERE pgh_id = {row}", CHANGED),
    ("UPDATE accounts_userevent SET pgh_context = '{{\"user\": 999}}' WHERE pgh_id = {row}", CHANGED),
    (
        "DELETE FROM accounts_userevent WHERE pgh_id = {row}",
        "Link 1: row {row} of accounts_userevent was taken away after it was sealed.",
    ),
    ("UPDATE audit_act SET verb = 'printed'", "Link 1: row {act} of audit_act was changed after it was sealed."),
    (
        "INSERT INTO audit_act (at, verb, object_type, object_id, detail) VALUES ('2020-01-01', 'x', '', '', '{{}}')"
        " RETURNING id",
        "Link 2: row {new} of audit_act is older than the link, and was added later.",
    ),
    (
        "UPDATE audit_seal SET digest = 'x' WHERE \"table\" = 'audit_act'",
        "Link 1: its seals of audit_act have been changed.",
    ),
    ("DELETE FROM audit_seal WHERE link_id = 1", "Link 1: its seals of accounts_userevent have been changed."),
    (
        "UPDATE audit_link SET made_at = made_at + interval '1 s' WHERE number = 1",
        "Link 1: does not say what it said when it was made.",
    ),
    (
        "DELETE FROM audit_link WHERE number = 2",
        "Link 2: stands in the file outside the database, and not in the database.",
    ),
    (
        "ALTER TABLE accounts_userevent DROP name",
        "Link 1: accounts_userevent has lost name, and its rows cannot be proven.",
    ),
]
# What may be done: how to reach a person is no part of the proof.
ERASED = [
    "UPDATE accounts_userevent SET email = ''",
    "UPDATE audit_act SET detail = detail - 'email'",
]


@pytest.fixture
def sealed(transactional_db: None) -> Iterator[dict[str, Any]]:
    """Two links, and from here on the connection is the owner's, who has switched all triggers off."""
    ada = _person("Ada")
    act = record("sign_in_refused", detail={"email": "ada@example.no", "tries": 3})
    seal()
    seal()
    row = Seal.objects.get(table="accounts_userevent").row
    with acting_as("owner"):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_userevent DISABLE TRIGGER USER")
        yield {"row": row, "act": act.pk, "ada": ada.pk}
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_userevent ENABLE TRIGGER USER")


def test_whoever_owns_the_database_changes_nothing_unseen(sealed: dict[str, Any]) -> None:
    for statement, said in ATTACKS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(**sealed))
            new = cursor.fetchone()[0] if "RETURNING" in statement else None
            assert _found()[:1] == [said.format(**sealed, new=new)], statement
            transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in ERASED:
            cursor.execute(statement)
        assert _found() == []
        transaction.set_rollback(True)
    _a_whole_new_chain_that_holds_is_still_another_one(sealed)
    _what_stands_is_as_its_history_tells(sealed)


def _a_whole_new_chain_that_holds_is_still_another_one(sealed: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_userevent SET name = 'Eva'")
        cursor.execute("DELETE FROM audit_seal")
        cursor.execute("DELETE FROM audit_link")
        sealing._make_link()
        sealing._make_link()
        assert _found()[0] == "Link 1: is another one than the file outside the database tells of."
        transaction.set_rollback(True)


def _what_stands_is_as_its_history_tells(sealed: dict[str, Any]) -> None:
    assert list(living.differences()) == []
    for statement, said in [
        ("UPDATE accounts_user SET name = 'Eva'", "is not as its history tells."),
        ("DELETE FROM accounts_user", "is gone, and its history does not tell of it."),
        ("UPDATE accounts_user SET id = id + 1000", "is gone, and its history does not tell of it."),
    ]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user DISABLE TRIGGER USER")
            cursor.execute(statement)
            assert f"row {sealed['ada']} of accounts_user {said}" in list(living.differences())
            transaction.set_rollback(True)


def _file(name: str) -> Document:
    return files.keep(name.encode(), kind="k", subject="1", title=name, file_name=name, mime="text/plain", by=None)


def test_the_command_says_that_all_links_hold_and_how_much_it_tried() -> None:
    _person("Ada")
    sentence, tried = call_command("verify").splitlines()
    assert sentence.startswith("Nothing is sealed yet")
    assert tried == "Tried: 0 sealed rows, 1 rows that stand, 0 stored files."
    record("signed_in", by=_person("Bo"))
    assert call_command("seal").startswith("Link 1 over 3 rows: ")
    _file("minutes.txt")
    link = seal()

    sentence, tried = call_command("verify").splitlines()
    assert sentence.startswith("The chain holds, 2 long") and sentence.endswith(link.digest)
    assert tried == "Tried: 4 sealed rows, 3 rows that stand, 1 stored files."


def test_the_command_names_the_first_broken_link_by_a_copy_from_another_machine(told: Path, tmp_path: Path) -> None:
    seal()
    seal()
    copy = tmp_path / "copy.jsonl"
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    copy.write_text("\n".join(json.dumps({**line, "digest": "0" * 64}) for line in lines))

    with pytest.raises(CommandError, match="The first break:\nLink 1: is another one than the file"):
        call_command("verify", "--file", str(copy))
    with pytest.raises(CommandError, match="there is no such file"):
        call_command("verify", "--file", str(tmp_path / "nothing"))


def test_a_copy_of_some_days_ago_still_proves_what_it_tells_of(told: Path, tmp_path: Path) -> None:
    seal()
    copy = tmp_path / "copy.jsonl"
    copy.write_text(told.read_text())
    for _night in range(3):
        seal()

    assert call_command("verify", "--file", str(copy)).startswith("The chain holds, 4 long")

    copy.write_text("".join(told.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(CommandError, match="Link 1: does not stand in the file outside the database"):
        call_command("verify", "--file", str(copy))
    copy.write_text("")
    with pytest.raises(CommandError, match="The chain: the copy tells of no link"):
        call_command("verify", "--file", str(copy))


def test_the_command_says_that_the_file_of_the_chain_is_gone(told: Path, caplog: pytest.LogCaptureFixture) -> None:
    seal()
    seal()
    told.unlink()

    with pytest.raises(CommandError, match="Link 1: does not stand in the file outside the database"):
        call_command("verify")
    seal()
    assert "is gone, and is written anew" in caplog.text
    with pytest.raises(CommandError, match="The chain: the file outside the database was gone"):
        call_command("verify")
    call_command("seal", "--restored")
    assert call_command("verify").startswith("The chain holds, 4 long")


def test_half_a_line_from_a_full_disk_is_named_and_then_written_again(told: Path) -> None:
    seal()
    seal()
    whole = told.read_text()
    told.write_text(whole[:-40])
    assert _found()[0] == "The chain: line 2 of the file outside the database cannot be read."
    seal()

    assert told.read_text().startswith(whole)
    assert _found() == []


def test_a_line_that_somebody_has_spoilt_hides_none_of_the_others(told: Path) -> None:
    seal()
    seal()
    first, second = told.read_text().splitlines()
    told.write_text(f"x{first}\n{second}\n")

    assert _found() == [
        "The chain: line 1 of the file outside the database cannot be read.",
        "Link 1: does not stand in the file outside the database.",
    ]


def test_a_database_brought_back_has_another_chain_until_an_operator_has_said_so(
    told: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal()
    backup = transaction.savepoint()
    record("signed_in", by=_person("Ada"))
    seal()
    transaction.savepoint_rollback(backup)
    seal()
    assert _found() == ["Link 2: is another one than the file outside the database tells of."]
    call_command("seal", "--restored")

    assert call_command("verify").startswith("The chain holds, 3 long")
    assert "brought back to link 1; 1 links told before it do not count." in capsys.readouterr().out


def test_what_stands_is_compared_also_where_it_takes_longer_than_a_page_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(living, "_question", lambda *_models: "SELECT pg_sleep(0.05)::text, true, false")
    monkeypatch.setattr(living, "tracked_models", lambda: [(User, User)])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")

    assert len(living.differences()) == 1


def test_the_command_reads_every_file_that_went_out() -> None:
    document = _file("minutes.txt")
    _file("report.txt")
    seal()
    assert call_command("verify").startswith("The chain holds, 1 long")
    Path(default_storage.path(document.stored_name)).write_bytes(b"other words")

    with pytest.raises(CommandError) as broken:
        call_command("verify")
    assert str(broken.value).splitlines()[1:] == [
        f"Now: the file of document {document.pk} (minutes.txt) is not what was stored.",
        "Tried: 2 sealed rows, 2 rows that stand, 2 stored files.",
    ]
    Path(default_storage.path(document.stored_name)).unlink()
    with pytest.raises(CommandError, match=r"\(minutes.txt\) is missing"):
        call_command("verify")
    assert call_command("verify", "--without-files").endswith("rows that stand, 0 stored files.")
