"""Making a link: what has been written since the last one gets its digests, and the link its own over them all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from digivesteralen.audit.chain import outside
from digivesteralen.audit.chain.sources import Source, sources
from digivesteralen.audit.models import Link, Seal

# A transaction that was open while a link was made shows its rows afterwards: the next link looks this far back.
LATECOMERS = timedelta(days=1)
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
SEALS = sql.Identifier(Seal._meta.db_table)


def seal() -> Link:
    """Make the next link, and tell it outside the database. A day without changes has its link too."""
    link = _make_link()
    outside.tell()
    return link


@transaction.atomic
def _make_link() -> Link:
    with speaking_plainly() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('audit chain', 0))")
        last = Link.objects.order_by("number").last()
        link = Link(
            number=last.number + 1 if last else 1,
            made_at=timezone.now(),
            previous=last.digest if last else "",
        )
        since = last.made_at - LATECOMERS if last else LONG_AGO
        parts = [_seal_rows(cursor, source, link.number, since) for source in sources()]
    link.parts = [part for part in parts if part["rows"]]
    link.digest = digest_of(link)
    # The seals point to the link before it is there; the database looks when the transaction ends.
    link.save(force_insert=True)
    return link


def _seal_rows(cursor: Any, source: Source, number: int, since: datetime) -> dict[str, Any]:
    cursor.execute(
        sql.SQL(
            'INSERT INTO {seals} (link_id, "table", "row", digest) SELECT %s, %s, found.row, found.digest'
            " FROM ({rows} WHERE source.{moment} > %s AND NOT EXISTS (SELECT FROM {seals} sealed"
            ' WHERE sealed."table" = %s AND sealed."row" = source.{key}::text)) found'
        ).format(seals=SEALS, rows=source.rows(), moment=sql.Identifier(source.moment), key=sql.Identifier(source.key)),
        [number, source.table, since, source.table],
    )
    rows = cursor.rowcount
    return {
        "table": source.table,
        "key": source.key,
        "columns": list(source.columns),
        "without": list(source.without),
        "rows": rows,
        "digest": digest_of_seals(cursor, number, source.table) if rows else "",
    }


def digest_of_seals(cursor: Any, number: int, table: str) -> str:
    """One digest over the seals of one table in one link, in the order of their rows."""
    cursor.execute(
        sql.SQL(
            "SELECT encode(sha256(convert_to(coalesce(string_agg("
            "\"row\" || ' ' || encode(digest, 'hex'), E'\\n' ORDER BY \"row\" COLLATE \"C\"), ''), 'UTF8')), 'hex')"
            ' FROM {} WHERE link_id = %s AND "table" = %s'
        ).format(SEALS),
        [number, table],
    )
    (digest,) = cursor.fetchone()
    return str(digest)


def digest_of(link: Link) -> str:
    """The digest of a link: its number, moment and parts, and the digest of the link before it."""
    told = [link.number, link.made_at.astimezone(UTC).isoformat(), link.previous, link.parts]
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@contextmanager
def speaking_plainly() -> Iterator[Any]:
    """Inside a transaction: moments are written in UTC whoever asks, and the work may take its time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield cursor
