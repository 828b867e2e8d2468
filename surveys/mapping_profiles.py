"""Knowing a spreadsheet again: which remembered columns fit a file, and what they say of it (surveys.md 6)."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.import_kinds import Column, kind_of, plain
from surveys.models import ImportJob, MappingProfile

# So much of what was connected must be in the file: a column may be gone or new, but not most of them.
ALIKE = 0.7
FEWEST = 2

Columns = Sequence[dict[str, str]]


def headers(columns: Columns) -> dict[str, str]:
    """Each header without what people vary, by its letter; a second one of the same is told apart by its turn."""
    seen: dict[str, int] = {}
    found = {}
    for column in columns:
        header = plain(column["header"])
        seen[header] = seen.get(header, 0) + 1
        found[column["letter"]] = header if seen[header] == 1 else f"{header} {seen[header]}"
    return found


def closest(job: ImportJob, columns: Columns) -> MappingProfile | None:
    """The remembered columns that are most like those of the file, the newest of equals; None when none is near."""
    there = set(headers(columns).values())
    found = [(_likeness(one, there), one.saved_at, one) for one in profiles(job)]
    near = [one for one in found if one[0] >= ALIKE]
    return max(near, key=lambda one: one[:2])[2] if near else None


def profiles(job: ImportJob) -> list[MappingProfile]:
    """What there is to choose among: of each name the version that counts."""
    return list(MappingProfile.objects.for_import(job).newest())


def _likeness(profile: MappingProfile, there: set[str]) -> float:
    used = {header for header, field in profile.columns.items() if field}
    both = used & there
    return len(both) / len(used) if len(both) >= min(FEWEST, len(used)) and used else 0.0


def connected(profile: MappingProfile | None, job: ImportJob, columns: Columns) -> dict[str, str]:
    """The field of each column: as remembered, else as the header itself proposes, each field once."""
    known = {column.name: column for column in kind_of(job).columns(job)}
    remembered = profile.columns if profile else {}
    found = {
        letter: remembered[header]
        for letter, header in headers(columns).items()
        if header in remembered and remembered[header] in {"", *known}
    }
    for column in columns:
        if column["letter"] not in found:
            found[column["letter"]] = _free(column["field"], set(found.values()), known)
    return {column["letter"]: found[column["letter"]] for column in columns}


def _free(field: str, taken: set[str], known: dict[str, Column]) -> str:
    repeatable = field in known and known[field].repeatable
    return field if repeatable or field not in taken else ""
