"""Proving the chain: from the links to the seals, from the seals to the rows, and from the history to what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from psycopg import sql

from digivesteralen.audit.chain import outside
from digivesteralen.audit.chain.sealing import LATECOMERS, SEALS, digest_of, digest_of_seals, speaking_plainly
from digivesteralen.audit.chain.sources import Source, sources
from digivesteralen.audit.models import Link


@dataclass(frozen=True)
class Break:
    """Something that is not as it was: the number of its link (0: of the chain as a whole), and what it is."""

    link: int
    what: str

    def __str__(self) -> str:
        return f"Link {self.link}: {self.what}" if self.link else f"The chain: {self.what}"


@transaction.atomic
def breaks(file: Path | None = None) -> list[Break]:
    """All that does not hold, the first broken link first."""
    with speaking_plainly() as cursor:
        links = list(Link.objects.order_by("number"))
        found = [
            *_told_otherwise(links, file),
            *_links(links),
            *_seals(cursor, links),
            *_rows(cursor, links),
            *_slipped_in(cursor, links),
        ]
    return sorted(found, key=lambda one: one.link)


def _told_otherwise(links: list[Link], file: Path | None) -> Iterator[Break]:
    telling = outside.read(file)
    for position in telling.unreadable:
        yield Break(0, f"line {position} of the file outside the database cannot be read.")
    if telling.is_new:
        yield Break(0, "the file outside the database was gone, and is begun anew; compare it with the copy.")
    told = telling.digests
    digests = {link.number: link.digest for link in links}
    for number, digest in told.items():
        if number not in digests:
            yield Break(number, "stands in the file outside the database, and not in the database.")
        elif digests[number] != digest:
            yield Break(number, "is another one than the file outside the database tells of.")
    if file is not None and not told:
        yield Break(0, "the copy tells of no link.")
    # The newest may be made and not told yet; a copy tells nothing of what came after it was taken.
    until = telling.newest if file is not None else links[-1].number - 1 if links else 0
    untold = [number for number in sorted(digests) if number not in told and number <= until]
    if untold:
        yield Break(untold[0], "does not stand in the file outside the database.")


def _links(links: list[Link]) -> Iterator[Break]:
    previous = ""
    for position, link in enumerate(links, start=1):
        if link.number != position or link.previous != previous:
            yield Break(link.number, "does not follow the link before it.")
            return
        if link.digest != digest_of(link):
            yield Break(link.number, "does not say what it said when it was made.")
        previous = link.digest


def _seals(cursor: Any, links: list[Link]) -> Iterator[Break]:
    cursor.execute(sql.SQL('SELECT link_id, "table" FROM {} GROUP BY 1, 2').format(SEALS))
    sealed = set(cursor.fetchall())
    for link in links:
        parts = {part["table"]: part["digest"] for part in link.parts}
        for table in sorted(parts.keys() | {table for number, table in sealed if number == link.number}):
            if digest_of_seals(cursor, link.number, table) != parts.get(table):
                yield Break(link.number, f"its seals of {table} have been changed.")


def _rows(cursor: Any, links: list[Link]) -> Iterator[Break]:
    """Each sealed row against its seal, one question for each set of columns that a table has had."""
    for source, numbers in _as_sealed(links).items():
        gone = _gone(cursor, source)
        if gone:
            yield Break(min(numbers), f"{source.table} has lost {', '.join(gone)}, and its rows cannot be proven.")
            continue
        cursor.execute(
            sql.SQL(
                'SELECT sealed.link_id, sealed."row", found.row IS NULL FROM {seals} sealed'
                ' LEFT JOIN ({rows}) found ON found.row = sealed."row"'
                ' WHERE sealed."table" = %s AND sealed.link_id = ANY(%s) AND found.digest IS DISTINCT FROM'
                ' sealed.digest ORDER BY sealed.link_id, length(sealed."row"), sealed."row"'
            ).format(seals=SEALS, rows=source.rows()),
            [source.table, numbers],
        )
        for number, row, is_gone in cursor.fetchall():
            what = "was taken away" if is_gone else "was changed"
            yield Break(number, f"row {row} of {source.table} {what} after it was sealed.")


def _as_sealed(links: Iterable[Link]) -> dict[Source, list[int]]:
    moments = {source.table: source.moment for source in sources()}
    found: dict[Source, list[int]] = defaultdict(list)
    for link in links:
        for part in link.parts:
            table, columns, without = part["table"], tuple(part["columns"]), tuple(part["without"])
            found[Source(table, part["key"], moments.get(table, part["key"]), columns, without)].append(link.number)
    return found


def _gone(cursor: Any, source: Source) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [f'"{source.table}"'],
    )
    present = {name for (name,) in cursor.fetchall()}
    return [name for name in source.columns if name not in present]


def _slipped_in(cursor: Any, links: list[Link]) -> Iterator[Break]:
    """A row that says it is older than the last link and that no link has sealed was written by somebody else."""
    if not links:
        return
    for source in sources():
        cursor.execute(
            sql.SQL(
                "SELECT source.{key}::text FROM {table} source WHERE source.{moment} < %s AND NOT EXISTS"
                ' (SELECT FROM {seals} WHERE "table" = %s AND "row" = source.{key}::text) ORDER BY source.{key}'
            ).format(
                key=sql.Identifier(source.key),
                table=sql.Identifier(source.table),
                moment=sql.Identifier(source.moment),
                seals=SEALS,
            ),
            [links[-1].made_at - LATECOMERS, source.table],
        )
        for (row,) in cursor.fetchall():
            yield Break(links[-1].number, f"row {row} of {source.table} is older than the link, and was added later.")
