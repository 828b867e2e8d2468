"""Uploads are known by what they hold."""

import io
import zipfile
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from docx import Document as Word

from digivesteralen.documents import uploads
from tests.spreadsheets import hostile

PDF = b"%PDF-1.7\n%..."
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def docx() -> bytes:
    out = io.BytesIO()
    Word().save(out)
    return out.getvalue()


def archive(*names: str, size: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("vedtak.pdf", PDF, "application/pdf"),
        ("VEDTAK.PDF", PDF, "application/pdf"),
        ("sak.docx", docx(), uploads.WORD),
        ("tall.xlsx", hostile.workbook(), uploads.EXCEL),
        ("kart.png", PNG, "image/png"),
        ("bilde.jpeg", JPEG, "image/jpeg"),
    ],
)
def test_accepted(name: str, content: bytes, mime: str) -> None:
    accepted = uploads.accept(SimpleUploadedFile(name, content))
    assert (accepted.file_name, accepted.mime, accepted.content) == (name, mime, content)


def test_a_wrong_ending_is_put_right() -> None:
    assert uploads.accept(SimpleUploadedFile("vedtak.exe", PDF)).file_name == "vedtak.pdf"
    assert uploads.accept(SimpleUploadedFile("vedtak", PDF)).file_name == "vedtak.pdf"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("tom.pdf", b"", "empty"),
        ("stor.pdf", PDF + b"0" * uploads.LARGEST, "10 MB"),
        ("program.pdf", b"MZ\x90\x00", "does not take"),
        ("side.pdf", b"<html><script>alert(1)</script>", "does not take"),
        ("tegning.svg", b"<svg onload='alert(1)'/>", "does not take"),
        ("gammel.doc", hostile.OLE, "old Office file"),
        ("arkiv.docx", archive("a.txt"), "does not take"),
        ("makro.docx", archive("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("halv.docx", docx()[:500], "damaged"),
        ("bombe.docx", archive("word/document.xml", size=101 * 1024 * 1024), "larger inside"),
    ],
)
def test_refused_by_name_with_what_was_found(name: str, content: bytes, found: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        uploads.accept(SimpleUploadedFile(name, content))
    with translation.override("en"):
        sentence = " ".join(str(message) for message in refused.value.messages)
    assert sentence.startswith(f"«{name}»")
    assert found in sentence


def test_as_a_field_of_a_form() -> None:
    class Form(forms.Form):
        extract = uploads.UploadField(label="Særutskrift")

    def bound(content: bytes) -> Any:
        return Form({}, MultiValueDict({"extract": [SimpleUploadedFile("vedtak.pdf", content)]}))

    form = bound(PDF)
    assert form.is_valid()
    assert form.cleaned_data["extract"].mime == "application/pdf"
    assert not bound(b"MZ").is_valid()
    assert not bound(b"").is_valid()
    assert ".docx" in str(form["extract"])
