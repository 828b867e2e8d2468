"""What each invitation to a project has come to on a day, read for many projects at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast

from portfolio.dividing import ALWAYS, Party
from portfolio.models import Participation, Status
from portfolio.models.participation import OUT, YES, status_from

CHUNK = 20_000


class Asked(NamedTuple):
    """One invitation and its decisions, as they stand in the database; amounts that are compared come in øre."""

    pk: int
    project: int
    organisation: int
    use: Decimal | None
    amount: Decimal | None
    covered: int | None
    kept_status: str | None
    kept_pays: bool | None
    kept_covered: int | None
    state: str
    objected_at: Any
    decided_on: date | None
    leaving: str | None
    leaving_objected_at: Any
    leaving_decided_on: date | None
    joins_on: date | None
    leaves_on: date | None
    interest: str
    interest_on: date | None


# Where what the answer follows from begins: few of the many invitations differ in it.
ANSWER = Asked._fields.index("state")
COLUMNS = [
    "pk", "project", "organisation", "use", "amount", "covered", "kept_status", "kept_pays", "kept_covered",
    "adoption__state", "adoption__objected_at", "adoption__decided_on", "withdrawal__state", "withdrawal__objected_at",
    "withdrawal__decided_on", "joins_on", "leaves_on", "interest", "interest_on",
]  # fmt: skip


class Standing(NamedTuple):
    """What an invitation has come to, as far as the shares need it."""

    status: str
    bound: bool
    pays: bool
    joins: bool
    left: bool
    first_year: int
    last_year: int


class Standings:
    """Of one day; what was worked out once is remembered for the next that answered the same."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._known: dict[tuple[Any, ...], Standing] = {}

    def of(self, asked: Asked) -> Standing:
        answer = asked[ANSWER:]
        found = self._known.get(answer)
        if found is None:
            found = self._known[answer] = self._work_out(asked)
        return found

    def _work_out(self, asked: Asked) -> Standing:
        decision = self._made(asked.state, asked.objected_at, asked.decided_on)
        withdrawal = self._made(asked.leaving or "", asked.leaving_objected_at, asked.leaving_decided_on)
        signal = asked.interest if asked.interest_on and asked.interest_on <= self._day else ""
        status = status_from(decision, withdrawal, asked.joins_on, asked.leaves_on, signal, self._day)
        bound = decision in YES
        leaving = status in {Status.NOTICE, Status.LEFT} and asked.leaves_on
        return Standing(
            status=str(status),
            bound=bound,
            pays=bound and status != Status.LEFT,
            joins=status not in OUT,
            left=status == Status.LEFT,
            first_year=asked.joins_on.year if asked.joins_on else ALWAYS[0],
            last_year=leaving.year if leaving else ALWAYS[1],
        )

    def _made(self, state: str, objected_at: Any, decided_on: date | None) -> str:
        return state if objected_at is None and decided_on is not None and decided_on <= self._day else ""


def party(asked: Asked, standing: Standing) -> Party:
    return Party(
        asked.pk, asked.organisation, standing.left, standing.first_year, standing.last_year, asked.use, asked.amount
    )


def invitations(projects: Collection[int]) -> Iterator[tuple[int, list[Asked]]]:
    """Each project's invitations, in the order the municipalities are listed, with what is kept of each already."""
    rows = (
        Participation.objects.filter(project__in=projects)
        .order_by("project", "organisation__sort_key", "pk")
        .annotate(
            covered=Cast(F("adoption__amount") * 100, BigIntegerField()),
            kept_status=F("share__status"),
            kept_pays=F("share__pays"),
            kept_covered=Cast(F("share__covered") * 100, BigIntegerField()),
        )
        .values_list(*COLUMNS)
    )
    read = (Asked(*row) for row in rows.iterator(chunk_size=CHUNK))
    for pk, asked in groupby(read, key=attrgetter("project")):
        yield pk, list(asked)
