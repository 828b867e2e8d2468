"""What can be imported: each kind of spreadsheet says how it is read, checked, written and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets.reading import Workbook
from surveys.models import ImportJob, ImportRow


@dataclass(frozen=True)
class Column:
    """Something a column of a file can be connected to."""

    name: str
    label: Any
    synonyms: Sequence[str] = ()
    required: bool = False
    repeatable: bool = False


@dataclass
class SheetRead:
    """What a file holds: ``columns`` as {"letter", "header", "field"}, rows as (number, part, cells by address)."""

    sheet: str
    columns: list[dict[str, str]]
    rows: Iterable[tuple[int, str, dict[str, Any]]]
    layout: str = ImportJob.Layout.LONG
    notes: list[str] = field(default_factory=list)


def not_read(sheet: str, tables: Iterable[str]) -> list[str]:
    """Of several sheets with a table one is read, and a person is told which were not."""
    others = ", ".join(f"«{name}»" for name in [one for one in tables if one != sheet][:5])
    if not others:
        return []
    told = _("Read from the sheet «%(sheet)s». Not read: %(others)s. Gather the rows in one sheet to have them all.")
    return [told % {"sheet": sheet, "others": others}]


@dataclass(frozen=True)
class ImportKind:
    """``read`` finds sheet, header and columns; ``check`` sets verdict, messages, values, target and before of each
    row and answers with the basis; ``still_stands`` says, in the applying transaction, whether that basis holds;
    ``apply`` and ``undo`` write; ``apply`` reports how far it has come, and is stopped there when somebody cancels.
    ``require`` stops who may not; ``done`` is where the receipt leads, ``again`` where one chooses another file;
    ``files`` says as which kinds of document the file of a municipality, and of no single one, is kept; ``names`` that
    a person may have to say what the names in the file mean."""

    name: str
    title: Any
    read: Callable[[ImportJob, Workbook], SheetRead]
    columns: Callable[[ImportJob], Sequence[Column]]
    check: Callable[[ImportJob, list[ImportRow], Report], dict[str, Any]]
    still_stands: Callable[[ImportJob], bool]
    apply: Callable[[ImportJob, Sequence[ImportRow], Any, Report], None]
    undo: Callable[[ImportJob, Sequence[ImportRow], Any], None]
    require: Callable[[Any, ImportJob], None]
    done: Callable[[ImportJob], str]
    again: Callable[[ImportJob], str]
    files: tuple[str, str] = ("surveys.municipality_file", "surveys.collaboration_file")
    names: bool = False


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Called in ``AppConfig.ready``."""
    if kind.name in _kinds:
        raise ValueError(f"The import kind {kind.name} is registered twice.")
    _kinds[kind.name] = kind


def kind_of(job: ImportJob) -> ImportKind:
    return _kinds[job.kind]


def propose(header: str, columns: Sequence[Column], taken: set[str]) -> str:
    """The field that a header most likely stands for, or "" when none fits."""
    wanted = plain(header)
    for column in columns:
        if column.name not in taken and wanted in {
            plain(word) for word in (column.name, str(column.label), *column.synonyms)
        }:
            return column.name
    return ""


def plain(header: str) -> str:
    """A header without what people vary: case, blanks, line breaks, punctuation."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def letter_of(address: str) -> str:
    """The column of a cell: «AB12» → «AB»."""
    return address.rstrip("0123456789")
