"""What is kept stands whole, unchanged and out of reach of those who may not see it."""

import resource
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.documents.storage import WholeFileStorage
from tests.documents import kinds

pytestmark = pytest.mark.django_db


def keep(subject: Any = 1, content: bytes = b"%PDF-1.7", **values: Any) -> Document:
    given = {"kind": kinds.RAW, "title": "Vedtak", "file_name": "vedtak.pdf", "mime": "application/pdf", "by": None}
    return files.keep(content, subject=subject, **{**given, **values})


def test_versions_count_per_kind_and_subject() -> None:
    made = [keep(1), keep(1, content=b"other"), keep(2), keep(1, kind=kinds.LETTER)]
    assert [document.version for document in made] == [1, 2, 1, 1]
    assert Document.objects.of(kinds.RAW, 1).latest_version() == made[1]


def test_the_proof_is_that_of_the_content() -> None:
    document = keep(content=b"abc")
    assert document.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (document.size, files.content(document), files.intact(document)) == (3, b"abc", True)


def test_the_stored_name_tells_nothing() -> None:
    document = keep(file_name="../../hemmelig sak.pdf")
    assert document.file_name == "hemmelig sak.pdf"
    assert "hemmelig" not in document.stored_name
    assert document.stored_name.endswith(document.pk.hex)


@pytest.mark.parametrize(
    "field", ["title", "sha256", "file", "file_name", "made_from", "version", "created_by", "reason"]
)
def test_no_column_is_changed(field: str, secretary: Any) -> None:
    document = keep(by=secretary)
    value = {"made_from": {"a": 1}, "version": 7, "created_by": None, "sha256": "0" * 64}.get(field, "another")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**{field: value})


def test_no_document_is_deleted_not_even_by_sql() -> None:
    document = keep()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_document WHERE id = %s", [document.pk])


def test_a_file_that_was_changed_on_the_disk_is_found_out() -> None:
    document = keep(content=b"abc")
    Path(default_storage.path(document.stored_name)).write_bytes(b"abd")
    assert not files.intact(document)
    with pytest.raises(files.Damaged):
        files.content(document)


def test_an_upload_whose_time_is_over(django_capture_on_commit_callbacks: Any) -> None:
    document = keep(content=b"ola@example.no")
    with django_capture_on_commit_callbacks(execute=True):
        document = files.erase(document)
    assert document.erased_at is not None
    assert not default_storage.exists(document.stored_name)
    assert files.intact(document)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(erased_at=None)


def test_an_upload_that_the_storage_kept_when_its_time_was_over_goes_with_the_next_clean_up(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path  # the files of the tests beside are nobody's here
    document = keep(content=b"ola@example.no")
    with monkeypatch.context() as away, django_capture_on_commit_callbacks(execute=True):
        away.setattr(default_storage, "delete", Mock(side_effect=OSError("the storage is away")))
        document = files.erase(document)
    assert document.erased_at and default_storage.exists(document.stored_name)

    files.remove_orphans(older_than=timedelta(0))

    assert not default_storage.exists(document.stored_name)


def test_what_has_gone_out_is_never_erased() -> None:
    with pytest.raises(ValueError, match="never deleted"):
        files.erase(keep(kind=kinds.LETTER))


def test_files_without_a_row_go_after_a_day_and_others_stay(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    document, orphan = keep(), files.store(b"nobody's")
    assert files.remove_orphans() == 0
    assert files.remove_orphans(older_than=timedelta(0)) == 1
    assert files.intact(document)
    assert not default_storage.exists(orphan.name)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[WholeFileStorage]:
    """A disk on which no file grows beyond 100 kB."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield WholeFileStorage(location=tmp_path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_no_half_file(small_disk: WholeFileStorage, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"):
        small_disk.save("documents/ab/report", ContentFile(b"x" * 200_000))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_stored_file_is_overwritten(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)
    first, second = (storage.save("a/b", ContentFile(content)) for content in (b"1", b"2"))
    assert first != second
    assert (tmp_path / first).read_bytes() == b"1"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("vedtak.pdf", "vedtak.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Kari\\Årsmelding 2025.docx", "Årsmelding 2025.docx"),
        ('a"b\r\nX-Evil: y.pdf', "a-b X-Evil- y.pdf"),
        ("sak\u202efdp.exe", "sak fdp.exe"),
        ("protokoll\x00.pdf", "protokoll.pdf"),
        ("A\u030arsmelding.pdf", "Årsmelding.pdf"),
        ("...", "document"),
        ("", "document"),
    ],
)
def test_file_names(given: str, kept: str) -> None:
    assert files.clean_name(given) == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    name = files.clean_name("x" * 300 + ".pdf")
    assert len(name) == 120
    assert name.endswith("x.pdf")


@pytest.mark.django_db(transaction=True)
def test_ten_who_keep_at_once_get_ten_versions() -> None:
    def one(number: int) -> None:
        try:
            keep(content=bytes([number]))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Document.objects.values_list("version", flat=True)) == list(range(1, 11))


def test_when_it_was_made_is_known_at_once() -> None:
    assert timezone.now() - keep().created_at < timedelta(minutes=1)
