"""Files that people send in: known by what they hold, not by what they are called."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.files import clean_name

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    "application/pdf": (".pdf",),
    WORD: (".docx",),
    EXCEL: (".xlsx",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}
CURE = _("Save it as PDF, Word (.docx), Excel (.xlsx), PNG or JPEG and choose it again.")


@dataclass(frozen=True)
class Upload:
    """A file that was looked into and accepted."""

    content: bytes
    file_name: str
    mime: str


def accept(upload: UploadedFile) -> Upload:
    """The file, or a ValidationError that names it, says what was found, and what to do."""
    name = clean_name(upload.name or "")
    if not upload.size:
        _refuse(name, _("is empty"), _("Choose a file with content."))
    if (upload.size or 0) > LARGEST:
        _refuse(name, _("is larger than 10 MB"), _("Make it smaller, or split it."))
    upload.seek(0)
    content = upload.read()
    mime = _type_of(name, content)
    if not name.lower().endswith(ENDINGS[mime]):
        name = f"{name.rpartition('.')[0] or name}{ENDINGS[mime][0]}"
    return Upload(content, clean_name(name), mime)


def _type_of(name: str, content: bytes) -> str:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse(name, _("is an old Office file, or protected by a password"), CURE)
    return _refuse(name, _("is of a type that the portal does not take"), CURE)


def _office_type(name: str, content: bytes) -> str:
    try:
        parts = {part.filename: part.file_size for part in zipfile.ZipFile(BytesIO(content)).infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _refuse(name, _("is damaged"), CURE)
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        _refuse(name, _("holds macros"), CURE)
    if sum(parts.values()) > LARGEST_UNPACKED:
        _refuse(name, _("is far larger inside than outside"), CURE)
    if "word/document.xml" in parts:
        return WORD
    if "xl/workbook.xml" in parts:
        return EXCEL
    return _refuse(name, _("is of a type that the portal does not take"), CURE)


def _refuse(name: str, found: Any, cure: Any) -> Any:
    raise ValidationError(
        _("«%(name)s» %(found)s. %(cure)s"), code="upload", params={"name": name, "found": found, "cure": cure}
    )


class UploadField(forms.FileField):
    """Choose a file; the cleaned value is an ``Upload``."""

    default_error_messages = {  # noqa: RUF012 -- the way of Django's fields
        "empty": _("The file is empty. Choose a file with content."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ",".join(ending for group in ENDINGS.values() for ending in group))

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        return accept(upload) if isinstance(upload, UploadedFile) else upload
