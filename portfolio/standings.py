"""What each invitation to a project has come to on a day, read for many projects at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from portfolio.dividing import ALWAYS, Party
from portfolio.models import Status
from portfolio.models.participation import OUT, YES, status_from
from portfolio.models.participation import leaving as leaving_decision

# One row for each project, with its invitations as columns in the order the municipalities are listed: a row for each
# invitation would take three times as long to bring over.
READ = """
    SELECT part.project_id,
        array_agg(part.id {order}), array_agg(part.organisation_id {order}), array_agg(part.use {order}),
        array_agg(part.amount {order}), array_agg((adoption.amount * 100)::bigint {order}),
        array_agg(kept.status {order}), array_agg(kept.pays {order}), array_agg((kept.covered * 100)::bigint {order}),
        array_agg(adoption.state {order}), array_agg(adoption.objected_at IS NULL {order}),
        array_agg(adoption.decided_on {order}),
        array_agg(withdrawal.state {order}), array_agg(withdrawal.objected_at IS NULL {order}),
        array_agg(withdrawal.decided_on {order}), array_agg(part.leaves_by_no {order}),
        array_agg(part.joins_on {order}), array_agg(part.leaves_on {order}),
        array_agg(part.interest {order}), array_agg(part.interest_on {order})
    FROM portfolio_participation part
    JOIN governance_organisation organisation ON organisation.id = part.organisation_id
    JOIN governance_adoption adoption ON adoption.id = part.adoption_id
    LEFT JOIN governance_adoption withdrawal ON withdrawal.id = part.withdrawal_id
    LEFT JOIN portfolio_share kept ON kept.participation_id = part.id
    WHERE part.project_id = ANY(%s)
    GROUP BY part.project_id
""".format(order="ORDER BY organisation.sort_key, part.id")


class Answer(NamedTuple):
    """What the standing of one invitation follows from."""

    state: str
    stands: bool
    decided_on: date | None
    leaving: str | None
    leaving_stands: bool
    leaving_decided_on: date | None
    leaves_by_no: bool
    joins_on: date | None
    leaves_on: date | None
    interest: str
    interest_on: date | None


class Standing(NamedTuple):
    """What an invitation has come to, as far as the shares need it."""

    status: str
    bound: bool
    pays: bool
    joins: bool
    left: bool
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Invited:
    """The invitations to one project, by column; covered amounts in øre, and what is kept of each share already."""

    keys: Sequence[int] = ()
    organisations: Sequence[int] = ()
    uses: Sequence[Decimal | None] = ()
    amounts: Sequence[Decimal | None] = ()
    covered: Sequence[int | None] = ()
    kept_status: Sequence[str | None] = ()
    kept_pays: Sequence[bool | None] = ()
    kept_covered: Sequence[int | None] = ()
    standings: Sequence[Standing] = ()

    def parties(self) -> list[Party]:
        if not self.standings:
            return []
        _status, _bound, _pays, _joins, left, first, last = zip(*self.standings, strict=True)
        columns = zip(self.keys, self.organisations, left, first, last, self.uses, self.amounts, strict=True)
        return list(map(Party._make, columns))


def invitations(projects: Collection[int], day: date) -> Iterator[tuple[int, Invited]]:
    """Each project's invitations as they stand on the day; one without any is left out."""
    known: dict[tuple[Any, ...], Standing] = {}
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(projects)])
        for project, *columns in cursor.fetchall():
            plain, answers = columns[:8], zip(*columns[8:], strict=True)
            yield project, Invited(*plain, [_standing(answer, day, known) for answer in answers])  # type: ignore[call-arg]


def _standing(answer: tuple[Any, ...], day: date, known: dict[tuple[Any, ...], Standing]) -> Standing:
    """Of thousands of invitations few have answered differently: what was worked out once is remembered."""
    found = known.get(answer)
    if found is None:
        found = known[answer] = _work_out(Answer(*answer), day)
    return found


def _work_out(answer: Answer, day: date) -> Standing:
    decision = answer.state if answer.stands and _by(answer.decided_on, day) else ""
    told = answer.leaving or "" if answer.leaving_stands and _by(answer.leaving_decided_on, day) else ""
    withdrawal = leaving_decision(told, by_no=answer.leaves_by_no)
    signal = answer.interest if _by(answer.interest_on, day) else ""
    status = status_from(decision, withdrawal, answer.joins_on, answer.leaves_on, signal, day)
    bound = decision in YES
    leaving = status in {Status.NOTICE, Status.LEFT} and answer.leaves_on
    return Standing(
        status=str(status),
        bound=bound,
        pays=bound and status != Status.LEFT,
        joins=status not in OUT,
        left=status == Status.LEFT,
        first_year=answer.joins_on.year if answer.joins_on else ALWAYS[0],
        last_year=leaving.year if leaving else ALWAYS[1],
    )


def _by(moment: date | None, day: date) -> bool:
    return moment is not None and moment <= day
