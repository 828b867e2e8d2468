"""Rows of shares, written many at a time: columns of numbers go to the database, which turns øre into kroner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

# What there is of a share already is updated in place (the table keeps room for it on each page); one that nothing
# has changed in is not written. Amounts come in øre and hours in tenths, as they were divided.
WHAT_FOLLOWS = """
    if_all = new.if_all / 100.0, so_far = new.so_far / 100.0, hours_if_all = new.hours_if_all / 10.0,
    hours_so_far = new.hours_so_far / 10.0, excess = new.excess / 100.0, last_ore = new.last_ore
"""
DIFFERS = """
    (kept.if_all, kept.so_far, kept.hours_if_all, kept.hours_so_far, kept.excess, kept.last_ore) IS DISTINCT FROM
    (new.if_all / 100.0, new.so_far / 100.0, new.hours_if_all / 10.0, new.hours_so_far / 10.0, new.excess / 100.0,
        new.last_ore)
"""
DIVIDED_ANEW = f"""
    UPDATE portfolio_share kept SET {WHAT_FOLLOWS}
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS new (participation, if_all, so_far, hours_if_all, hours_so_far, excess, last_ore)
    WHERE kept.participation_id = new.participation AND {DIFFERS}
"""
SETTLED_ANEW = f"""
    UPDATE portfolio_share kept SET status = new.status, pays = new.pays, covered = new.covered / 100.0, {WHAT_FOLLOWS}
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[],
        %s::text[], %s::bool[], %s::bigint[])
        AS new (participation, if_all, so_far, hours_if_all, hours_so_far, excess, last_ore, status, pays, covered)
    WHERE kept.participation_id = new.participation
    AND ((kept.status, kept.pays, kept.covered) IS DISTINCT FROM (new.status, new.pays, new.covered / 100.0)
        OR {DIFFERS})
"""
NEW = """
    INSERT INTO portfolio_share (participation_id, if_all, so_far, hours_if_all, hours_so_far, excess, last_ore, status,
        pays, covered, project_id, organisation_id)
    SELECT participation, if_all / 100.0, so_far / 100.0, hours_if_all / 10.0, hours_so_far / 10.0, excess / 100.0,
        last_ore, status, pays, covered / 100.0, project, organisation
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[],
        %s::text[], %s::bool[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS new (participation, if_all, so_far, hours_if_all, hours_so_far, excess, last_ore, status, pays, covered,
            project, organisation)
"""
YEARS = """
    INSERT INTO portfolio_yearshare AS kept (participation_id, project_id, organisation_id, year, if_all, so_far)
    SELECT participation, project, organisation, year, if_all / 100.0, so_far / 100.0
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[])
        AS new (participation, project, organisation, year, if_all, so_far)
    ON CONFLICT (participation_id, year) DO UPDATE SET if_all = excluded.if_all, so_far = excluded.so_far
    WHERE (kept.if_all, kept.so_far) IS DISTINCT FROM (excluded.if_all, excluded.so_far)
"""
GONE_YEARS = """
    DELETE FROM portfolio_yearshare kept WHERE project_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM unnest(%s::bigint[], %s::int[]) AS new (participation, year)
        WHERE new.participation = kept.participation_id AND new.year = kept.year
    )
"""
SUMS = """
    INSERT INTO portfolio_projectsums AS kept (project_id, invited, paying, not_settled, reopened, covered, unfunded,
        problem)
    SELECT project, invited, paying, not_settled, reopened, covered / 100.0, unfunded / 100.0, problem
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::text[])
        AS new (project, invited, paying, not_settled, reopened, covered, unfunded, problem)
    ON CONFLICT (project_id) DO UPDATE SET invited = excluded.invited, paying = excluded.paying,
        not_settled = excluded.not_settled, reopened = excluded.reopened, covered = excluded.covered,
        unfunded = excluded.unfunded, problem = excluded.problem
    WHERE (kept.invited, kept.paying, kept.not_settled, kept.reopened, kept.covered, kept.unfunded, kept.problem)
        IS DISTINCT FROM (excluded.invited, excluded.paying, excluded.not_settled, excluded.reopened, excluded.covered,
            excluded.unfunded, excluded.problem)
"""


@dataclass
class Rows:
    """Columns of rows to be written, each a list as long as the others."""

    columns: tuple[list[Any], ...]

    @classmethod
    def of(cls, width: int) -> Rows:
        return cls(tuple([] for _column in range(width)))

    def add(self, *values: Any) -> None:
        for column, value in zip(self.columns, values, strict=True):
            column.append(value)

    def extend(self, *columns: Sequence[Any]) -> None:
        for column, values in zip(self.columns, columns, strict=True):
            column.extend(values)

    def __len__(self) -> int:
        return len(self.columns[0])


def store(statement: str, rows: Rows, width: int | None = None) -> None:
    """The first so many columns of the rows; a statement about less is given less."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [_array(column) for column in rows.columns[:width]])


def forget_other_years(projects: Collection[int], rows: Rows) -> None:
    """Years that are no longer laid out, or that a municipality is no longer in."""
    participations, years = rows.columns[0], rows.columns[3]
    with connection.cursor() as cursor:
        cursor.execute(GONE_YEARS, [list(projects), _array(participations), _array(years)])


def _array(column: Sequence[Any]) -> Any:
    """Numbers and codes as PostgreSQL writes an array: made in a fifth of the time that converting each takes."""
    if column and isinstance(column[0], str):
        return list(column)
    return "{" + ",".join(map(str, column)).replace("None", "NULL") + "}"
