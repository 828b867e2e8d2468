"""What a file must be before it is opened: its kind by content, and never larger unpacked than we can bear."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

MIB = 1024 * 1024
LARGEST_FILE = 10 * MIB
LARGEST_UNPACKED = 60 * MIB
LARGEST_PART = 40 * MIB
MOST_PARTS = 1000
LARGEST_RATIO = 200

CURE = _("Open it in Excel or LibreOffice, choose «Save as» and «Excel workbook (.xlsx)», and upload that file.")

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


class Sentence:
    """Words and values that meet in the reader's language: the file is read in a process that has no translations."""

    def __init__(self, words: Any, **values: Any) -> None:
        self.words, self.values = words, values

    def __str__(self) -> str:
        return str(self.words) % self.values if self.values else str(self.words)


class Refused(Exception):
    """The file can't be read; the sentence tells the user why and what to do."""

    def __init__(self, words: Any, **values: Any) -> None:
        super().__init__(words, values)
        self._said = Sentence(words, **values)

    def __reduce__(self) -> tuple[Any, ...]:
        return _refused, (self._said,)

    def __str__(self) -> str:
        return str(self._said)

    @property
    def sentence(self) -> str:
        return str(self._said)


def _refused(said: Sentence) -> Refused:
    return Refused(said.words, **said.values)


def check(content: bytes, filename: str) -> str:
    """Whether the file may be opened at all, and as what; quick, so that it is asked before the file is kept."""
    found = kind(content, filename)
    if found == "xlsx":
        check_workbook(content, filename)
    return found


def kind(content: bytes, filename: str) -> str:
    """«xlsx» or «csv»; everything else is refused with how to save it."""
    if not content:
        raise Refused(_("«%(file)s» is empty. Choose the file once more."), file=filename)
    if len(content) > LARGEST_FILE:
        raise Refused(
            _("«%(file)s» is %(size)s MB. The largest file we read is %(limit)s MB; split it or remove sheets."),
            file=filename,
            size=len(content) // MIB,
            limit=LARGEST_FILE // MIB,
        )
    ending = filename.rpartition(".")[2].lower()
    if content.startswith(OLE):
        _refuse_ole(content, filename)
    if content.startswith(ZIP):
        return _zipped(content, filename, ending)
    if ending == "csv" and not _is_other(content):
        return "csv"
    if ending == "xlsx":
        raise Refused(
            _("«%(file)s» has the name of an Excel workbook but is something else. %(cure)s"), file=filename, cure=CURE
        )
    raise Refused(_("«%(file)s» is not a spreadsheet that we read. %(cure)s"), file=filename, cure=CURE)


def check_workbook(content: bytes, filename: str) -> None:
    """Sizes as declared and as they are, no DTD, no macros; before a single cell is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Refused(_("«%(file)s» has far too many parts for a workbook."), file=filename)
            if any(part.filename.endswith("vbaProject.bin") for part in parts):
                raise Refused(_("«%(file)s» holds macros. %(cure)s"), file=filename, cure=CURE)
            unpacked = sum(part.file_size for part in parts)
            if unpacked > LARGEST_UNPACKED or any(part.file_size > LARGEST_PART for part in parts):
                raise _too_large(filename)
            if unpacked > MIB and unpacked > LARGEST_RATIO * len(content):
                raise _too_large(filename)
            for part in parts:
                _check_part(archive, part, filename)
    except Refused:
        raise
    except Exception as damaged:  # noqa: BLE001 -- a damaged archive makes its reader raise whatever it likes
        raise Refused(
            _("«%(file)s» is damaged or protected and can't be opened. Open it in Excel and save it anew."),
            file=filename,
        ) from damaged


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str) -> None:
    """Read the part no further than we bear, whatever it declares, and look for a document type."""
    read = 0
    with archive.open(part) as stream:
        first = stream.read(4096)
        read += len(first)
        if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in first.upper():
            raise Refused(
                _("«%(file)s» holds definitions (DTD) that we don't read. Save it anew in Excel."), file=filename
            )
        while chunk := stream.read(MIB):
            read += len(chunk)
            if read > LARGEST_PART:
                raise _too_large(filename)


def _too_large(filename: str) -> Refused:
    return Refused(
        _("«%(file)s» is too large when unpacked. Remove empty rows and sheets, and save it anew."), file=filename
    )


def _zipped(content: bytes, filename: str, ending: str) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except Exception as damaged:  # noqa: BLE001 -- as above
        raise Refused(_("«%(file)s» is damaged. Open it in Excel and save it anew."), file=filename) from damaged
    if ending in {"xlsm", "xltm"} or any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(_("«%(file)s» holds macros. %(cure)s"), file=filename, cure=CURE)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Refused(_("«%(file)s» is a binary workbook (.xlsb). %(cure)s"), file=filename, cure=CURE)
    if "mimetype" in names or ending == "ods":
        raise Refused(_("«%(file)s» is an OpenDocument file. %(cure)s"), file=filename, cure=CURE)
    if ending == "numbers" or any(name.startswith("Index/") for name in names):
        raise Refused(
            _("«%(file)s» is a Numbers file. Choose «Export to» and «Excel» in Numbers, and upload that file."),
            file=filename,
        )
    raise Refused(_("«%(file)s» is not a spreadsheet that we read. %(cure)s"), file=filename, cure=CURE)


def _refuse_ole(content: bytes, filename: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(_("«%(file)s» is protected by a password. Remove the password and save it anew."), file=filename)
    raise Refused(_("«%(file)s» is an old Excel file (.xls). %(cure)s"), file=filename, cure=CURE)


def _is_other(content: bytes) -> bool:
    """Binary, or a web page that was given the name of a list."""
    start = content[:2048].lstrip().lower()
    tests: list[Callable[[], bool]] = [
        lambda: content.startswith(PDF),
        lambda: b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")),
        lambda: start.startswith((b"<!doctype", b"<html", b"<?xml")),
    ]
    return any(test() for test in tests)
