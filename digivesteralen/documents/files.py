"""Keeping files: each version under a name nobody can guess, with its SHA-256, never overwritten."""

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max
from django.http import FileResponse
from django.utils import timezone

from digivesteralen.documents import registry
from digivesteralen.documents.models import Document

# What a browser may show in its own window; everything else is saved.
SHOWN_IN_BROWSER = {"application/pdf", "image/png", "image/jpeg"}
# Nothing but the file itself; there are browsers to which a PDF is an object in a page of their own.
PREVIEW_POLICY = (
    "default-src 'none'; object-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Damaged(Exception):
    """The stored file is not what was stored."""


@dataclass(frozen=True)
class Stored:
    """A file that stands whole in the storage and has no row yet."""

    id: uuid.UUID
    name: str
    size: int
    sha256: str

    def discard(self) -> None:
        default_storage.delete(self.name)


def keep(
    content: Any,
    *,
    kind: str,
    subject: Any,
    title: str,
    file_name: str,
    mime: str,
    by: Any,
    made_from: dict[str, Any] | None = None,
    reason: str = "",
) -> Document:
    """Store bytes or an upload as the next version of its kind and subject."""
    return enter(
        store(_bytes(content)),
        kind=kind,
        subject=subject,
        title=title,
        file_name=file_name,
        mime=mime,
        by=by,
        made_from=made_from,
        reason=reason,
    )


def store(content: bytes) -> Stored:
    """Write the file and read it back before anything points to it."""
    identity = uuid.uuid4()
    proof = hashlib.sha256(content).hexdigest()
    name = default_storage.save(f"documents/{identity.hex[:2]}/{identity.hex}", ContentFile(content))
    stored = Stored(identity, name, len(content), proof)
    if sha256_of(name) != proof:
        stored.discard()
        raise Damaged(name)
    return stored


@transaction.atomic
def enter(
    stored: Stored,
    *,
    kind: str,
    subject: Any,
    title: str,
    file_name: str,
    mime: str,
    by: Any,
    made_from: dict[str, Any] | None = None,
    reason: str = "",
) -> Document:
    """Write the row of a stored file, with the next version number."""
    _lock(kind, str(subject))
    last = Document.objects.of(kind, subject).aggregate(last=Max("version"))["last"] or 0
    document = Document.objects.create(
        id=stored.id,
        kind=kind,
        subject=str(subject),
        version=last + 1,
        title=title,
        file=stored.name,
        file_name=clean_name(file_name),
        mime=mime,
        size=stored.size,
        sha256=stored.sha256,
        made_from=made_from or {},
        reason=reason,
        created_by=by,
    )
    document.refresh_from_db(fields=["created_at"])
    return document


def content(document: Document) -> bytes:
    """The bytes, proven to be those that were stored."""
    with default_storage.open(document.stored_name) as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise Damaged(document.stored_name)
    return data


def intact(document: Document) -> bool:
    """Whether what was stored still stands there (an erased upload is as it should be when it is gone)."""
    if document.erased_at:
        return not default_storage.exists(document.stored_name)
    return default_storage.exists(document.stored_name) and sha256_of(document.stored_name) == document.sha256


@transaction.atomic
def erase(document: Document) -> Document:
    """Take away the content of an upload whose time is over; that it was there, and its SHA-256, stays."""
    if not registry.kind(document.kind).erasable:
        raise ValueError(f"A document of the kind {document.kind} is never deleted.")
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.erased_at is None:
        document.erased_at = timezone.now()
        document.save(update_fields=["erased_at"])
        transaction.on_commit(lambda: default_storage.delete(document.stored_name), robust=True)
    return document


def remove_orphans(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Files whose row never came, because the transaction around them was rolled back or the process died.

    And those whose time was over, where the storage could not be reached then.
    """
    removed = 0
    for folder in _folders():
        names = [f"documents/{folder}/{name}" for name in default_storage.listdir(f"documents/{folder}")[1]]
        known = set(Document.objects.filter(file__in=names, erased_at=None).values_list("file", flat=True))
        for name in set(names) - known:
            if timezone.now() - default_storage.get_modified_time(name) > older_than:
                default_storage.delete(name)
                removed += 1
    return removed


def _folders() -> list[str]:
    try:
        folders: list[str] = default_storage.listdir("documents")[0]
    except FileNotFoundError:  # nothing was ever stored; a bucket has no folders, and answers with none
        return []
    return folders


def response(document: Document, *, inline: bool = False) -> FileResponse:
    """The file as an answer; whoever calls has asked for the right."""
    shown = inline and document.mime in SHOWN_IN_BROWSER
    answer = FileResponse(
        default_storage.open(document.stored_name),
        as_attachment=not shown,
        filename=document.file_name,
        content_type=document.mime,
    )
    if shown:
        answer.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return answer


def clean_name(name: str) -> str:
    """A file name that is safe in a header and on any disk: no folders, nothing invisible, at most 120 letters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    name = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    name = re.sub(r'[<>:"|?*]', "-", name)
    name = re.sub(r" +", " ", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        return name[:120] or "document"
    return f"{stem[: 119 - len(ending)].strip(' .') or 'document'}.{ending}"


def _bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    content.seek(0)
    data: bytes = content.read()
    return data


def sha256_of(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lock(kind: str, subject: str) -> None:
    """Two who store the same thing at once get two version numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"document {kind} {subject}"])
