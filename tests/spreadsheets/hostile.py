"""Spreadsheets that nobody should meet, made in memory."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def workbook(fill: Callable[[Any], None] = lambda sheet: sheet.append(["Kommune", "System"])) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: str | bytes, *, of: bytes | None = None) -> bytes:
    """The workbook with one part put in the place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(of or workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def sheet_of(rows: str, *, dimension: str = "") -> bytes:
    """A workbook whose only sheet holds these rows as XML."""
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    return with_part(SHEET, f"{HEAD}{said}<sheetData>{rows}</sheetData></worksheet>")


def text_cell(address: str, text: str = "x") -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def bomb(mebibytes: int) -> bytes:
    return with_part(SHEET, HEAD.encode() + b" " * (mebibytes * 1024 * 1024) + b"<sheetData/></worksheet>")


def lying_bomb(mebibytes: int) -> bytes:
    """The same bomb, whose directory says that the part unpacks to a thousand bytes."""
    content = bytearray(bomb(mebibytes))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    small = (1000).to_bytes(4, "little")
    return bytes(content).replace(size, small)


def with_dtd(entity: str) -> bytes:
    return with_part(
        SHEET,
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{entity}]>'
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>',
    )
