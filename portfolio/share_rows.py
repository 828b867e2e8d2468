"""How kept shares are written: many rows in one statement, and only those that are different."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

# Amounts come in øre and hours in tenths, as they were divided.
STORE_SHARES = """
    INSERT INTO portfolio_share AS kept (participation_id, project_id, organisation_id, status, pays, if_all, so_far,
        hours_if_all, hours_so_far, covered, excess, last_ore)
    SELECT participation, project, organisation, status, pays, if_all / 100.0, so_far / 100.0,
        hours_if_all / 10.0, hours_so_far / 10.0, covered / 100.0, excess / 100.0, last_ore
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bool[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
        AS new (participation, project, organisation, status, pays, if_all, so_far, hours_if_all, hours_so_far, covered,
            excess, last_ore)
    ON CONFLICT (participation_id) DO UPDATE SET status = excluded.status, pays = excluded.pays,
        if_all = excluded.if_all, so_far = excluded.so_far, hours_if_all = excluded.hours_if_all,
        hours_so_far = excluded.hours_so_far, covered = excluded.covered, excess = excluded.excess,
        last_ore = excluded.last_ore
    WHERE (kept.status, kept.pays, kept.if_all, kept.so_far, kept.hours_if_all, kept.hours_so_far, kept.covered,
            kept.excess, kept.last_ore)
        IS DISTINCT FROM (excluded.status, excluded.pays, excluded.if_all, excluded.so_far, excluded.hours_if_all,
            excluded.hours_so_far, excluded.covered, excluded.excess, excluded.last_ore)
"""
STORE_YEARS = """
    INSERT INTO portfolio_yearshare (participation_id, project_id, organisation_id, year, if_all, so_far)
    SELECT participation, project, organisation, year, if_all / 100.0, so_far / 100.0
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[])
        AS new (participation, project, organisation, year, if_all, so_far)
"""
STORE_SUMS = """
    INSERT INTO portfolio_projectsums AS kept (project_id, invited, paying, not_settled, reopened, covered, unfunded,
        problem)
    SELECT project, invited, paying, not_settled, reopened, covered / 100.0, unfunded / 100.0, problem
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::text[])
        AS new (project, invited, paying, not_settled, reopened, covered, unfunded, problem)
    ON CONFLICT (project_id) DO UPDATE SET invited = excluded.invited, paying = excluded.paying,
        not_settled = excluded.not_settled, reopened = excluded.reopened, covered = excluded.covered,
        unfunded = excluded.unfunded, problem = excluded.problem
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

    def __len__(self) -> int:
        return len(self.columns[0])


def store(statement: str, rows: Rows) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, list(rows.columns))


def forget_years(projects: Collection[int]) -> None:
    """Years are written anew as a whole: some may no longer be laid out, or have nobody in them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portfolio_yearshare WHERE project_id = ANY(%s)", [list(projects)])
